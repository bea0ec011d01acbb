#include <catch2/catch.hpp>
#include <map>

#include "protocol/domain.h"
#include "protocol/log/commitment.h"
#include "protocol/log/packing.h"
#include "tests/unit/protocol/format_world.h"

/// Every intermediate value of the published blocks, made again by our own steps.
using namespace vereda;
using namespace vereda::protocol;
using test::block_bytes;
using test::block_vector;
using test::empty_slots;
using test::format_vectors;
using test::from_hex;
using test::hex_at;
using test::id_at;
using test::to_hex;

namespace {

bool resealed(const nlohmann::json& vector) { return vector.contains("of"); }

const nlohmann::json& author_of(const nlohmann::json& vector) {
    return resealed(vector) ? block_vector(vector.at("of").get<std::string>()) : vector;
}

/// The salts that a vector's author had.
Salts salts_of(const nlohmann::json& author) {
    Salts salts;
    const Salt seed = id_at<Salt>(author, "seed");
    const auto count = static_cast<std::uint32_t>(author.at("entries").size());
    REQUIRE(expand_cover({&seed, 1}, count, {}, salts));
    return salts;
}

/// Values listed in full for small blocks, by chosen indices for large ones.
std::map<std::size_t, std::string> published_by_index(const nlohmann::json& values) {
    std::map<std::size_t, std::string> all;
    for (const auto& [key, value] : values.items()) all[std::stoul(key)] = value;
    return all;
}

/// What an empty slot keeps of its entry.
Bytes leaf_of(const nlohmann::json& author, std::size_t slot) {
    const Bytes entry = from_hex(author.at("entries")[slot - 1].get<std::string>());
    const Seq seq{author.at("first_seq").get<std::uint64_t>() + slot - 1};
    LeafHasher hasher(id_at<LogId>(author, "log"));
    const crypto::Hash leaf = hasher.entry(salts_of(author)[slot], seq, entry);
    return {leaf.begin(), leaf.end()};
}

/// The slots of a vector, in storage of their own.
struct VectorSlots {
    std::vector<Bytes> bytes;
    std::vector<Slot> slots;
};

VectorSlots slots_of(const nlohmann::json& vector) {
    const auto& author = author_of(vector);
    const EmptySlots empty = empty_slots(vector);
    VectorSlots all;
    for (std::size_t i = 0; i < author.at("entries").size(); ++i) {
        const Bytes entry = from_hex(author.at("entries")[i].get<std::string>());
        all.bytes.push_back(empty[i + 1] ? leaf_of(author, i + 1) : entry);
    }
    for (std::size_t i = 0; i < all.bytes.size(); ++i) {
        all.slots.push_back({all.bytes[i], !empty[i + 1]});
    }
    return all;
}

}  // namespace

TEST_CASE("there are fourteen published blocks", "[vectors]") {
    REQUIRE(format_vectors().at("blocks").size() == 14);
}

TEST_CASE("the published log id, commitment and keys are ours", "[vectors]") {
    const auto& world = format_vectors().at("world");
    const auto ours = test::format_world();
    const DeviceId device = id_at<DeviceId>(world, "device");
    CHECK(ours.device_key.public_key() == device.bytes);
    CHECK(log_id(ours.workspace, device, ours.turf, ours.incarnation) == ours.log);
    CHECK(to_hex(ours.keys.payload()) == world.at("K_pay"));
    CHECK(to_hex(ours.keys.nonce()) == world.at("K_nonce"));
    CHECK(ours.keys.commitment() == id_at<KeyCommitment>(world, "commitment"));
}

TEST_CASE("salts, leaves and root of the published blocks are ours", "[vectors]") {
    const auto world = test::format_world();
    for (const auto& vector : format_vectors().at("blocks")) {
        if (resealed(vector)) continue;
        CAPTURE(vector.at("name"));
        const Salts salts = salts_of(vector);
        const std::uint64_t first = vector.at("first_seq").get<std::uint64_t>();
        LeafHasher hasher(world.log);
        std::vector<crypto::Hash> leaves;
        leaves.push_back(hasher.preamble(salts[0], {first}, hex_at(vector, "preamble")));
        for (const auto& entry : vector.at("entries")) {
            const std::size_t i = leaves.size();
            const Bytes bytes = from_hex(entry.get<std::string>());
            leaves.push_back(hasher.entry(salts[i], {first + i - 1}, bytes));
        }
        for (const auto& [i, leaf] : published_by_index(vector.at("leaves"))) {
            CHECK(to_hex(leaves.at(i)) == leaf);
        }
        for (const auto& [i, salt] : published_by_index(vector.at("salts"))) {
            CHECK(to_hex(salts.at(i).view()) == salt);
        }
        CHECK(to_hex(merkle_root(leaves)) == vector.at("root"));
    }
}

TEST_CASE("core, header and block hash of the published blocks are ours", "[vectors]") {
    const auto world = test::format_world();
    for (const auto& vector : format_vectors().at("blocks")) {
        CAPTURE(vector.at("name"));
        const Bytes wire = block_bytes(vector);
        const auto block = parse_block(world.workspace, wire);
        REQUIRE(block);
        CHECK(to_hex(block->header) == vector.at("header"));
        CHECK(to_hex(encode_core(block->core)) == to_hex(block->core_bytes));
        CHECK(to_hex(block->hash.view()) == vector.at("block_hash"));
        CHECK(block->log == world.log);
        CHECK(verify_block(world.workspace, *block));
        CHECK(carries_authors_payload(*block) == !resealed(vector));
        if (resealed(vector)) continue;
        CHECK(to_hex(block->core_bytes) == vector.at("core"));
        CHECK(block->core.block_no == vector.at("block_no"));
        CHECK(block->core.first_seq.value == vector.at("first_seq"));
        CHECK(block->core.previous == id_at<BlockHash>(vector, "prev"));
        CHECK(block->core.root == id_at<RootHash>(vector, "root"));
        CHECK(block->payload_hash == id_at<PayloadHash>(vector, "payload_hash"));
        const auto signature = sign_block(world.workspace, block->header, world.device_key);
        CHECK(to_hex(signature) == vector.at("signature"));
        CHECK(encode_block(block->header, signature, block->payload) == wire);
    }
}

TEST_CASE("plain bytes and cover of the published blocks are ours", "[vectors]") {
    for (const auto& vector : format_vectors().at("blocks")) {
        CAPTURE(vector.at("name"));
        const auto& author = author_of(vector);
        const VectorSlots all = slots_of(vector);
        const auto count = static_cast<std::uint32_t>(all.slots.size());
        const Salt seed = id_at<Salt>(author, "seed");
        const auto cover = puncture({&seed, 1}, count, {}, empty_slots(vector));
        REQUIRE(cover);
        if (resealed(vector)) CHECK(*cover == test::salts_from(vector.at("cover")));
        const Bytes plain = encode_plain(hex_at(author, "preamble"), *cover, all.slots);
        CHECK(to_hex(plain) == vector.at("plain"));
    }
}

TEST_CASE("from its frame on a published payload is ours", "[vectors]") {
    const auto world = test::format_world();
    for (const auto& vector : format_vectors().at("blocks")) {
        CAPTURE(vector.at("name"));
        const Bytes packed = pad_frame(hex_at(vector, "zstd_frame"));
        CHECK(to_hex(packed) == vector.at("packed"));
        const auto plain = unpack(packed);
        REQUIRE(plain);
        CHECK(to_hex(*plain) == vector.at("plain"));
        const Bytes core = hex_at(author_of(vector), "core");
        const Bytes associated = payload_associated(world.workspace, core);
        if (vector.contains("aad")) CHECK(to_hex(associated) == vector.at("aad"));
        CHECK(to_hex(synthetic_nonce(world.keys, associated, packed)) == vector.at("nonce"));
        const Bytes payload = seal_packed(world.keys, associated, packed);
        CHECK(to_hex(payload) == vector.at("payload"));
        CHECK(payload_hash(payload) == id_at<PayloadHash>(vector, "payload_hash"));
    }
}

TEST_CASE("a published block opens to its entries", "[vectors]") {
    const auto world = test::format_world();
    for (const auto& vector : format_vectors().at("blocks")) {
        CAPTURE(vector.at("name"));
        const Bytes wire = block_bytes(vector);
        const auto block = parse_block(world.workspace, wire);
        REQUIRE(block);
        const auto opened = open_payload(*block, world.keys, world.workspace);
        REQUIRE(opened);
        CHECK(to_hex(opened->plain) == vector.at("plain"));
        CHECK(opened->empty == empty_slots(vector));
        CHECK(to_hex(opened->preamble_bytes) == author_of(vector).at("preamble"));
        CHECK(encode_preamble(opened->preamble) == hex_at(author_of(vector), "preamble"));
        const VectorSlots expected = slots_of(vector);
        REQUIRE(opened->slots.size() == expected.slots.size());
        for (std::size_t i = 0; i < expected.slots.size(); ++i) {
            REQUIRE(opened->slots[i].present == expected.slots[i].present);
            REQUIRE(to_hex(opened->slots[i].bytes) == to_hex(expected.slots[i].bytes));
        }
    }
}

TEST_CASE("a published entry is read and written alike", "[vectors]") {
    const auto& vector = block_vector("511 entries, zstd");
    for (const auto& hex : vector.at("entries")) {
        const Bytes wire = from_hex(hex.get<std::string>());
        const auto entry = parse_entry(wire);
        REQUIRE(entry);
        REQUIRE(encode_entry(*entry) == wire);
    }
}

TEST_CASE(
    "opening what was erased from a published block gives what its seal carries", "[vectors]") {
    const auto world = test::format_world();
    for (const auto& vector : format_vectors().at("blocks")) {
        if (!resealed(vector)) continue;
        CAPTURE(vector.at("name"));
        const Bytes author = block_bytes(author_of(vector));
        const auto block = parse_block(world.workspace, author);
        const auto whole = open_payload(*block, world.keys, world.workspace);
        REQUIRE(whole);
        const Bytes payload =
            reseal_payload(*block, *whole, empty_slots(vector), world.keys, world.workspace);
        const Bytes wire = with_payload(*block, payload);
        const auto ours =
            open_payload(*parse_block(world.workspace, wire), world.keys, world.workspace);
        REQUIRE(ours);
        CHECK(to_hex(ours->plain) == vector.at("plain"));
    }
}
