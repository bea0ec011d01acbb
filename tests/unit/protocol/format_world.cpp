#include "tests/unit/protocol/format_world.h"

#include <stdexcept>

#include "protocol/log/entry.h"
#include "protocol/log/preamble.h"

namespace vereda::test {

using namespace protocol;

FormatWorld format_world() {
    const auto& world = format_vectors().at("world");
    return {
        .workspace = id_at<WorkspaceId>(world, "workspace"),
        .turf = id_at<TurfId>(world, "turf"),
        .incarnation = id_at<Incarnation>(world, "incarnation"),
        .log = id_at<LogId>(world, "log"),
        .device_key = crypto::SigningKey::from_seed(hex_at(world, "device_seed")),
        .keys = EpochKeys::derive(hex_at(world, "K_epoch"))};
}

const nlohmann::json& block_vector(std::string_view name) {
    for (const auto& vector : format_vectors().at("blocks")) {
        if (vector.at("name") == name) return vector;
    }
    throw std::invalid_argument(std::string(name));
}

Bytes block_bytes(const nlohmann::json& vector) {
    if (vector.contains("block")) return hex_at(vector, "block");
    const Bytes author = hex_at(block_vector(vector.at("of").get<std::string>()), "block");
    const auto parsed = parse_block(format_world().workspace, author);
    return with_payload(parsed.value(), hex_at(vector, "payload"));
}

EmptySlots empty_slots(const nlohmann::json& vector) {
    EmptySlots empty;
    if (!vector.contains("erased")) return empty;
    for (const auto& slot : vector.at("erased")) empty.set(slot.get<std::size_t>());
    return empty;
}

std::vector<Salt> salts_from(const nlohmann::json& nodes) {
    std::vector<Salt> salts;
    for (const auto& node : nodes) {
        salts.push_back(Salt::parse(from_hex(node.get<std::string>())).value());
    }
    return salts;
}

BlockDraft small_draft(const FormatWorld& world, std::size_t count) {
    BlockDraft draft{.workspace = world.workspace, .turf = world.turf};
    draft.incarnation = world.incarnation;
    draft.roster_position = {5};
    draft.preamble = encode_preamble({.base = {1'800'000'000'000}});
    for (std::size_t i = 0; i < count; ++i) {
        const Bytes body{0x81, 0x00};
        draft.entries.push_back(encode_entry(
            {.type = 2,
             .record = Reference{0, {i + 1}},
             .time_offset_ms = static_cast<std::int64_t>(1000 * i),
             .body = body}));
    }
    return draft;
}

}  // namespace vereda::test
