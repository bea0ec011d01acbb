#include <catch2/catch.hpp>

#include "engine/queries/workspace_status.h"
#include "tests/unit/engine/log/block_hand.h"

/// An own log that ends where its disk has lost what nobody else has.
namespace vereda::tests {
namespace {

using namespace engine;

/// Three visits to somebody else's contact, each in a block of its own; the first one has rotted.
struct Ended {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    LocalDot contact = carried_person();
    LogOrdinal log;

    Ended() {
        for (int i = 0; i < 3; ++i) visit();
        written = times();
        desk->store().database().exec("DELETE FROM copies");
        rot(0, BlockState::damaged);
    }

    void rot(std::uint64_t block_no, BlockState state) {
        LogStore& store = desk->store();
        const auto block = store.block(log, block_no);
        store.replace_block(log, block_no, spoilt(block->bytes), state);
        store.set_block_state(log, block_no, state);
    }
    [[nodiscard]] std::vector<std::int64_t> times() {
        std::vector<std::int64_t> found;
        for (const InteractionLine& line : Queries(*desk).interactions_of(contact))
            found.push_back(line.what.at_ms);
        std::ranges::sort(found);
        return found;
    }
    [[nodiscard]] std::int64_t set_aside() {
        return *Statement(desk->store().database(), "SELECT count(*) FROM rotten").query_integer();
    }

    std::vector<std::int64_t> written;

  private:
    LocalDot carried_person() {
        static_cast<void>(add_person(other, "Ana", "Ruiz"));
        office.carry(other, desk);
        return Queries(*desk).contacts({}).front().id;
    }
    void visit() {
        office.clock.advance_ms(60'000);
        const auto added =
            People(*desk).add_interaction(contact, {.kind = "door", .outcome = "spoke"});
        REQUIRE(added);
        log = LocalDot(*added).log();
        desk->close_blocks();
    }
};

}  // namespace

TEST_CASE("what follows a lost block is written again, of the same contact and time", "[rot]") {
    Ended ended;
    ended.office.clock.advance_ms(3'600'000);
    CHECK(ended.desk->end_log(ended.log, 0) == 1);
    CHECK(ended.times() == std::vector{ended.written[1], ended.written[2]});
    ended.desk->close_blocks();
    ended.office.reopen(ended.desk);
    CHECK(ended.times() == std::vector{ended.written[1], ended.written[2]});
}

TEST_CASE("the bytes of a lost block are kept for a rescuer", "[rot]") {
    Ended ended;
    CHECK(ended.desk->end_log(ended.log, 0) == 1);
    CHECK(ended.set_aside() == 1);
}

TEST_CASE("a log is not ended before a block for which the key is not here", "[rot]") {
    Ended ended;
    ended.rot(1, BlockState::pending);
    CHECK(ended.desk->end_log(ended.log, 0) == 0);
    CHECK(ended.desk->store().block(ended.log, 0));
}

TEST_CASE("who leaves a log that lost its last block begins one log and not two", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot contact = add_person(desk, "Ana", "Ruiz");
    desk->close_blocks();
    static_cast<void>(add_person(desk, "Bo", "Ek"));
    desk->close_blocks();
    desk->store().set_pushed(contact.log(), 2);
    static_cast<void>(add_person(desk, "Cy", "Um"));
    Statement(desk->store().database(), "DELETE FROM blocks WHERE hash = ?1")
        .run(desk->store().head(contact.log())->hash);
    const std::uint32_t logs = desk->store().log_count();
    office.reopen(desk);
    CHECK(desk->opening().new_incarnation);
    CHECK(Queries(*desk).contacts({}).size() == 2);
    CHECK(desk->store().log_count() == logs + 1);
}

}  // namespace vereda::tests
