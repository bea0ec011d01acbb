#include "tests/unit/engine/log/hand.h"

#include <catch2/catch.hpp>

namespace vereda::tests {

using namespace engine;

Hand::Hand(Desk& desk) : desk_(desk) {
    desk->close_blocks();
    const LogOrdinal own = desk->writer().own_log(desk->roster(), desk.north);
    log_ = desk->store().info(own).log;
    const auto& head = desk->store().head(own);
    if (!head) return;
    block_no_ = head->block_no + 1;
    next_ = head->last_seq.next();
    previous_ = head->hash;
}

void Hand::write(
    const std::vector<protocol::Entry>& entries, std::vector<protocol::TableRow> table) {
    const Roster& roster = desk_->roster();
    const protocol::TurfId& turf = desk_->store().turf(desk_.north);
    std::ranges::sort(table);
    const protocol::Millis base = protocol::base_of(desk_->environment().clock.now());
    protocol::BlockDraft draft{
        .workspace = roster.workspace(),
        .turf = turf,
        .incarnation = desk_->identity().incarnation,
        .block_no = block_no_,
        .first_seq = next_,
        .previous = previous_,
        .epoch = {1},
        .roster_position = roster.last_position(),
        .roster_hash = roster.last_hash(),
        .preamble = protocol::encode_preamble({.base = base, .table = std::move(table)})};
    for (const protocol::Entry& entry : entries)
        draft.entries.push_back(protocol::encode_entry(entry));
    protocol::ClosedBlock closed = protocol::close_block(
        draft, *desk_->keyring().find(turf, {1}), desk_->identity().keys.signing,
        desk_->environment().entropy.bytes<16>());
    ++block_no_;
    next_.value += entries.size();
    previous_ = closed.hash;
    blocks_.push_back(std::move(closed.wire));
}

void Hand::write_voids(std::size_t count) {
    const Bytes body = protocol::encode_void();
    const protocol::Entry nothing{
        .type = static_cast<std::uint64_t>(protocol::EventType::void_entry), .body = body};
    for (std::size_t left = count; left > 0;) {
        const std::size_t some = std::min<std::size_t>(left, 511);
        write(std::vector<protocol::Entry>(some, nothing));
        left -= some;
    }
}

void Hand::give(Desk& to) const {
    std::vector<BlockOpener::Job> jobs;
    for (const Bytes& block : blocks_) jobs.push_back({block, std::nullopt, false});
    DirectOpener opener;
    static_cast<void>(to->receive(std::move(jobs), opener));
}

std::unique_ptr<LastBlock> last_block(Desk& desk, TurfNumber turf) {
    const LogOrdinal own = desk->writer().own_log(desk->roster(), turf);
    const auto& head = desk->store().head(own);
    REQUIRE(head);
    auto last = std::make_unique<LastBlock>();
    last->wire = desk->store().block(own, head->block_no)->bytes;
    auto parsed = protocol::parse_block(desk->roster().workspace(), last->wire);
    REQUIRE(parsed);
    last->parsed = *parsed;
    auto payload = protocol::open_payload(
        last->parsed, *desk->keyring().find(desk->store().turf(turf), {1}),
        desk->roster().workspace());
    REQUIRE(payload);
    last->payload = std::move(*payload);
    return last;
}

}  // namespace vereda::tests
