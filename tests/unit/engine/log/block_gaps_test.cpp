#include "engine/log/block_gaps.h"

#include <catch2/catch.hpp>

#include "engine/audit/audit.h"
#include "engine/queries/workspace_status.h"
#include "tests/unit/engine/log/block_hand.h"

/// Blocks that are gone from the middle of a log.
namespace vereda::tests {
namespace {

using namespace engine;

constexpr protocol::Acceptance accepted{7, {1000}};

/// Ana writes four blocks, which Bo has, the last one from the hub; then his disk loses one of
/// them.
struct Gap {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    BlockHand hand{ana};
    std::vector<MadeBlock> blocks{hand.first()};

    Gap() {
        for (int i = 0; i < 3; ++i) blocks.push_back(hand.after(blocks.back()));
        for (const MadeBlock& block : blocks) take(bo, block.wire());
        bo->store().set_acceptance(log(), 3, accepted);
    }

    [[nodiscard]] LogOrdinal log() { return *bo->store().find_log(hand.log()); }
    [[nodiscard]] LogOrdinal other_log() { return {log().value == 1 ? 2U : 1U}; }
    void lose(std::uint64_t block_no) {
        Statement(bo->store().database(), "DELETE FROM blocks WHERE hash = ?1")
            .run(blocks[block_no].hash());
    }
    std::set<LogOrdinal> close() {
        auto cut = bo->block_gaps().close(true);
        office.reopen(bo);
        return cut;
    }
    /// No trigger speaks of what a disk does. Then the vault is opened again.
    void move_last(LogOrdinal to_log, std::uint64_t to) {
        Database& database = bo->store().database();
        database.exec("DROP TRIGGER copy_acceptance_again; DROP TRIGGER drop_acceptance");
        Statement(database, "UPDATE blocks SET id = ?2 WHERE hash = ?1")
            .run(blocks[3].hash(), LocalDot::of(to_log, {to}));
        office.reopen(bo);
    }
    /// By the row alone, as a disk does it.
    void insert_acceptance(std::uint64_t block_no, std::uint64_t stream_seq) {
        Statement(bo->store().database(), "INSERT INTO acceptances VALUES (?1, ?2, ?3)")
            .run(LocalDot::of(log(), {block_no}), stream_seq, accepted.accepted.value);
    }
    [[nodiscard]] std::size_t contacts() { return Queries(*bo).contacts({}).size(); }
    [[nodiscard]] std::int64_t set_aside() {
        return *Statement(bo->store().database(), "SELECT count(*) FROM rotten").query_integer();
    }
};

}  // namespace

TEST_CASE("what follows a lost block waits for it, and shows once it has come", "[log][rot]") {
    Gap gap;
    gap.lose(1);
    CHECK(gap.close() == std::set{gap.log()});
    CHECK(gap.contacts() == 1);
    CHECK(gap.bo->store().waiting_count() == 2);
    CHECK(gap.set_aside() == 0);
    take(gap.bo, gap.blocks[1].wire());
    CHECK(gap.contacts() == 4);
}

TEST_CASE("a gap is open until its block is there, whatever else comes", "[log][rot]") {
    Gap gap;
    gap.lose(1);
    gap.close();
    CHECK(gap.bo->block_gaps().has_open());
    take(gap.bo, BlockHand(gap.ana, 1).first().wire());
    CHECK(gap.bo->block_gaps().has_open());
    take(gap.bo, gap.blocks[1].wire());
    CHECK_FALSE(gap.bo->block_gaps().has_open());
}

TEST_CASE("missing blocks are damage until the last of them is here", "[log][rot]") {
    Gap gap;
    const bool second_too = GENERATE(true, false);
    gap.lose(1);
    if (second_too) gap.lose(2);
    gap.close();
    CHECK(status_of(*gap.bo).damaged == (second_too ? 2 : 1));
    CHECK(status_of(*gap.bo).has_damage);
    take(gap.bo, gap.blocks[1].wire());
    CHECK(status_of(*gap.bo).damaged == (second_too ? 2 : 0));
    if (second_too) take(gap.bo, gap.blocks[2].wire());
    CHECK(status_of(*gap.bo).damaged == 0);
    CHECK_FALSE(status_of(*gap.bo).has_damage);
}

TEST_CASE("blocks that are missing at a log's end are damage, too", "[log][rot]") {
    Gap gap;
    gap.lose(2);
    gap.lose(3);
    // The hub's word on them is still there.
    for (const std::uint64_t block_no : {2U, 3U}) gap.insert_acceptance(block_no, block_no);
    gap.close();
    CHECK(status_of(*gap.bo).damaged == 1);  // how many, nobody knows
    take(gap.bo, gap.blocks[2].wire());
    CHECK(gap.bo->block_gaps().has_open());
    take(gap.bo, gap.blocks[3].wire());
    CHECK_FALSE(gap.bo->block_gaps().has_open());
}

TEST_CASE("an acceptance that rot moved invents no blocks and comes back", "[log][rot]") {
    Gap gap;
    Database& database = gap.bo->store().database();
    const LogOrdinal to_log = GENERATE(true, false) ? gap.log() : gap.other_log();
    const std::uint64_t to = GENERATE(4, 5, 1U << 15U);
    Statement(database, "UPDATE acceptances SET id = ?2 WHERE id = ?1")
        .run(LocalDot::of(gap.log(), {3}), LocalDot::of(to_log, {to}));
    CHECK(gap.close().empty());
    CHECK_FALSE(status_of(*gap.bo).has_damage);
    CHECK(
        Statement(gap.bo->store().database(), "SELECT id FROM acceptances").query_integer() ==
        LocalDot::of(gap.log(), {3}).value);
}

TEST_CASE("a last block that rot moved elsewhere is put back", "[log][rot]") {
    Gap gap;
    const LogOrdinal elsewhere = GENERATE(true, false) ? gap.log() : gap.other_log();
    gap.move_last(elsewhere, 1U << 15U);
    CHECK(gap.contacts() == 4);
    CHECK_FALSE(gap.bo->block_gaps().has_open());
    CHECK(verify_vault(*gap.bo).sound());
}

TEST_CASE("a moved block is put back with whatever payload it carries", "[log][rot]") {
    Gap gap;
    gap.bo->store().replace_block(gap.log(), 3, spoilt(gap.blocks[3].wire()), BlockState::pending);
    gap.move_last(gap.log(), 1U << 10U);
    const auto block = gap.bo->store().block(gap.log(), 3);
    REQUIRE(block);
    CHECK(block->state == BlockState::pending);
    CHECK_FALSE(gap.bo->block_gaps().has_open());
    take(gap.bo, gap.blocks[3].wire());
    CHECK(gap.contacts() == 4);
}

TEST_CASE("a moved block that says its place no more makes no gap up to itself", "[log][rot]") {
    Gap gap;
    gap.bo->store().replace_block(gap.log(), 3, Bytes(70, 1), BlockState::open);
    gap.move_last(GENERATE(true, false) ? gap.log() : gap.other_log(), 1U << 10U);
    CHECK(gap.bo->block_gaps().has_open());
    CHECK(gap.bo->mishaps().has_damage());
    take(gap.bo, gap.blocks[3].wire(), accepted);
    CHECK(gap.contacts() == 4);
    CHECK_FALSE(gap.bo->block_gaps().has_open());
    gap.bo->note_streams_read();
    CHECK(verify_vault(*gap.bo).sound());
}

TEST_CASE("unsent work behind a gap waits as its copy where it is rotten", "[log][rot]") {
    Gap gap;
    LogStore& store = gap.ana->store();
    for (const MadeBlock& block : gap.blocks) take(gap.ana, block.wire());
    const LogOrdinal log = *store.find_log(gap.hand.log());
    store.set_pushed(log, 2);
    store.database().exec("DELETE FROM copies");
    store.keep_copy(log, 3, gap.blocks[3].wire());
    store.replace_block(log, 3, spoilt(gap.blocks[3].wire()), BlockState::open);
    Statement(store.database(), "DELETE FROM blocks WHERE hash = ?1").run(gap.blocks[1].hash());
    CHECK(gap.ana->block_gaps().close(true).size() == 1);
    CHECK(store.waiting_count() == 2);
    CHECK(lost_work(*gap.ana).empty());
}

TEST_CASE("an own block that the hub has not served either is lost, and told", "[log][rot]") {
    Gap gap;
    LogStore& store = gap.ana->store();
    for (const MadeBlock& block : gap.blocks) take(gap.ana, block.wire());
    const LogOrdinal log = *store.find_log(gap.hand.log());
    store.set_pushed(log, 2);
    store.database().exec("DELETE FROM copies");
    for (const std::uint64_t block_no : {1U, 2U}) {
        Statement(store.database(), "DELETE FROM blocks WHERE hash = ?1")
            .run(gap.blocks[block_no].hash());
    }
    CHECK(gap.ana->block_gaps().close(true).size() == 1);
    CHECK(lost_work(*gap.ana).empty());
    gap.ana->note_streams_read();
    REQUIRE(lost_work(*gap.ana).size() == 1);
    CHECK(lost_work(*gap.ana).front().entries == 2);
    CHECK_FALSE(gap.ana->block_gaps().has_open());
}

TEST_CASE("where a block is lost, the hub's streams are read from their beginning", "[log][rot]") {
    Gap gap;
    const auto cursors = [&] {
        return *Statement(gap.bo->store().database(), "SELECT count(*) FROM cursors")
                    .query_integer();
    };
    const auto keep_cursor = [&] {
        gap.bo->store().database().exec(
            "INSERT INTO cursors(turf, hub_epoch, turf_seq, turf_chain, head, signature) "
            "VALUES (1, 1, 1, zeroblob(32), zeroblob(1), zeroblob(64))");
    };
    keep_cursor();
    CHECK(gap.bo->block_gaps().close(true).empty());
    CHECK(cursors() == 1);
    gap.lose(1);
    CHECK(gap.bo->block_gaps().close(true).size() == 1);
    CHECK(cursors() == 0);
}

TEST_CASE("what follows a lost block and is rotten is kept, unless the hub has it", "[log][rot]") {
    Gap gap;
    LogStore& store = gap.bo->store();
    const bool hub_has_it = GENERATE(true, false);
    if (hub_has_it) store.set_acceptance(gap.log(), 2, accepted);
    store.replace_block(gap.log(), 2, spoilt(gap.blocks[2].wire()), BlockState::open);
    gap.lose(1);
    gap.close();
    CHECK(gap.set_aside() == (hub_has_it ? 0 : 1));
    CHECK(status_of(*gap.bo).lost.size() == (hub_has_it ? 0 : 1));
}

TEST_CASE("a lost block does not come back from a copy that is rotten", "[log][rot]") {
    Gap gap;
    LogStore& store = gap.bo->store();
    Bytes copy = gap.blocks[1].wire();
    const bool rotten = GENERATE(true, false);
    if (rotten) copy[120] ^= 1;
    store.keep_copy(gap.log(), 1, copy);
    gap.lose(1);
    CHECK(gap.bo->block_gaps().close(true).empty() != rotten);
}

}  // namespace vereda::tests
