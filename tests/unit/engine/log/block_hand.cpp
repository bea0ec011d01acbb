#include "tests/unit/engine/log/block_hand.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "protocol/domain.h"

namespace vereda::tests {

using namespace engine;
using protocol::BlockDraft;

BlockHand::BlockHand(Desk& desk, std::uint8_t number) : desk_(desk) {
    incarnation_.bytes.fill(number);
}

protocol::LogId BlockHand::log() const {
    return protocol::log_id(
        desk_->roster().workspace(), desk_->identity().keys.device(),
        desk_->store().turf(desk_.north), incarnation_);
}

MadeBlock BlockHand::first(std::size_t entries, const Change& change) {
    const Roster& roster = desk_->roster();
    return close(
        {.workspace = roster.workspace(),
         .turf = desk_->store().turf(desk_.north),
         .incarnation = incarnation_,
         .roster_position = roster.last_position(),
         .roster_hash = roster.last_hash()},
        entries, change);
}

MadeBlock BlockHand::after(const MadeBlock& before, std::size_t entries, const Change& change) {
    BlockDraft draft = before.draft;
    draft.block_no += 1;
    draft.first_seq.value += before.draft.entries.size();
    draft.previous = before.hash();
    return close(std::move(draft), entries, change);
}

MadeBlock BlockHand::close(BlockDraft draft, std::size_t entries, const Change& change) {
    draft.entries.clear();
    if (change) change(draft);
    draft.preamble = protocol::encode_preamble({});
    for (std::size_t i = 0; i < entries; ++i) {
        const Bytes body = protocol::encode(protocol::ContactCreate{});
        draft.entries.push_back(protocol::encode_entry(
            {.type = static_cast<std::uint64_t>(protocol::EventType::contact_create),
             .record = protocol::Reference{0, {draft.first_seq.value + i}},
             .time_offset_ms = static_cast<std::int64_t>(++blocks_),
             .body = body}));
    }
    const ByteArray<16> seed{static_cast<std::uint8_t>(blocks_)};
    const protocol::EpochKeys* keys = desk_->keyring().find(draft.turf, draft.epoch);
    REQUIRE(keys != nullptr);
    auto closed = protocol::close_block(draft, *keys, desk_->identity().keys.signing, seed);
    return {std::move(draft), std::move(closed)};
}

Bytes BlockHand::without_first_entry(const MadeBlock& block) const {
    protocol::EmptySlots empty;
    empty.set(1);
    return resealed(block, empty, protocol::default_compression_level);
}

Bytes BlockHand::sealed_again(const MadeBlock& block) const {
    for (const int level : {19, 1, -5, -50}) {
        Bytes wire = resealed(block, {}, level);
        if (wire != block.wire()) return wire;
    }
    FAIL("every level packs so few entries alike");
    return {};
}

Bytes BlockHand::with_forged_signature(const MadeBlock& block) const {
    const auto parsed = protocol::parse_block(desk_->roster().workspace(), block.wire());
    crypto::Signature signature = parsed->signature;
    signature[0] ^= 1;
    return protocol::encode_block(parsed->header, signature, parsed->payload);
}

Bytes BlockHand::resealed(
    const MadeBlock& block, const protocol::EmptySlots& empty, int compression_level) const {
    const protocol::WorkspaceId& workspace = desk_->roster().workspace();
    const protocol::EpochKeys* keys = desk_->keyring().find(block.draft.turf, block.draft.epoch);
    const auto parsed = protocol::parse_block(workspace, block.wire());
    const auto opened = protocol::open_payload(*parsed, *keys, workspace);
    REQUIRE(opened);
    return protocol::with_payload(
        *parsed,
        protocol::reseal_payload(*parsed, *opened, empty, *keys, workspace, compression_level));
}

Workspace::Received take(Desk& desk, Bytes wire, std::optional<protocol::Acceptance> acceptance) {
    DirectOpener opener;
    return desk->receive({{std::move(wire), acceptance, false}}, opener);
}

Bytes spoilt(Bytes wire) {
    wire.back() ^= 1;
    return wire;
}

protocol::BlockHashStart start_of(const protocol::BlockHash& hash) {
    protocol::BlockHashStart start;
    std::copy_n(hash.bytes.begin(), start.size(), start.begin());
    return start;
}

Desk& join_quietly(Office& office, const std::string& name) {
    Desk& desk = office.join(name);
    desk->close_blocks();
    return desk;
}

StateDigest digest_of(Desk& desk) {
    return digest_of_turf(desk->projection(), desk->store(), desk.north);
}

}  // namespace vereda::tests
