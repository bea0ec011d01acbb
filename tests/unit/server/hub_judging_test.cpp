#include <catch2/catch.hpp>

#include "hub_world.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::BlockRefusal;
using protocol::BlockVerdict;
using protocol::PushOutcome;
using protocol::PushWait;

namespace {

/// What the hub says of one block.
BlockVerdict verdict_of(
    HubWorld& world, const Laptop& by, const Bytes& block,
    std::uint64_t version = protocol::push_version) {
    return world.push(by, {block}, version).verdicts.at(0);
}

std::size_t blocks_in(HubWorld& world, const protocol::TurfId& turf) {
    return world.pull_all(world.founder, turf).size();
}

}  // namespace

TEST_CASE("a block that names a roster this hub lacks is taken later, and not kept", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    SECTION("a position beyond the end") {
        log.named_position = world.roster.next_position();
        log.named_hash = protocol::RosterHash{world.entropy.bytes<32>()};
    }
    SECTION("another entry at a position that is there") {
        log.named_hash = protocol::RosterHash{world.entropy.bytes<32>()};
    }
    const Bytes early = log.next();
    const BlockVerdict verdict = verdict_of(world, world.founder, early);
    CHECK(verdict.outcome == PushOutcome::not_yet);
    CHECK(verdict.wait == PushWait::roster);
    CHECK(verdict.again_after_ms == 0);
    CHECK(verdict_of(world, world.founder, early) == verdict);
    CHECK(blocks_in(world, world.east) == 0);
}

TEST_CASE("a block waits for the roster entry that it names, and no longer", "[hub]") {
    HubWorld world;
    auto made = world.writer().create_turf();
    REQUIRE(made);
    engine::Roster ahead = world.roster;
    REQUIRE(ahead.append(made->entries[0].wire));
    BlockLog log(world, world.founder, world.east);
    log.named_position = ahead.last_position();
    log.named_hash = ahead.last_hash();
    const Bytes block = log.next();
    CHECK(verdict_of(world, world.founder, block).outcome == PushOutcome::not_yet);
    world.append(made->entries[0]);
    CHECK(verdict_of(world, world.founder, block).outcome == PushOutcome::accepted);
}

TEST_CASE("a device that this hub has not heard of yet waits, a stranger is refused", "[hub]") {
    HubWorld world;
    const Laptop unknown(world.entropy);
    BlockLog log(world, unknown, world.east);
    CHECK(verdict_of(world, world.founder, log.next()).reason == BlockRefusal::device_unknown);
    BlockLog ahead(world, unknown, world.east);
    ahead.named_position = world.roster.next_position();
    CHECK(verdict_of(world, world.founder, ahead.next()).outcome == PushOutcome::not_yet);
}

TEST_CASE("what is here already is said so, whatever roster it names", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    BlockLog log(world, organiser, world.east);
    const Bytes first = log.next(), second = log.next();
    REQUIRE(verdict_of(world, organiser, first).outcome == PushOutcome::accepted);
    REQUIRE(verdict_of(world, organiser, second).outcome == PushOutcome::accepted);
    CHECK(verdict_of(world, organiser, first).outcome == PushOutcome::already_had);
    CHECK(verdict_of(world, organiser, second).outcome == PushOutcome::already_had);
}

TEST_CASE("a turf that its device never had is refused, whoever carries the block", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    BlockLog junk(world, organiser, world.west);
    const Bytes block = junk.next();
    CHECK(verdict_of(world, organiser, block).reason == BlockRefusal::turf_never_held);
    CHECK(verdict_of(world, world.founder, block).reason == BlockRefusal::turf_never_held);
    CHECK(verdict_of(world, organiser, block, 0).reason == BlockRefusal::turf_unknown);
    CHECK(blocks_in(world, world.west) == 0);
    BlockLog common(world, organiser, world.roster.common());
    CHECK(verdict_of(world, organiser, common.next()).outcome == PushOutcome::accepted);
}

TEST_CASE("a turf that was taken from a device still counts as its own", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    world.write(protocol::Ungranted{organiser.member, world.east, {}});
    BlockLog log(world, organiser, world.east);  // closed late, with the newest roster
    CHECK(verdict_of(world, organiser, log.next()).outcome == PushOutcome::accepted);
}

TEST_CASE("a coordinator has a turf from its creation on, and not before", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.west);
    log.named_position = protocol::RosterPosition{0};
    CHECK(verdict_of(world, world.founder, log.next()).reason == BlockRefusal::turf_never_held);
    BlockLog later(world, world.founder, world.west);
    CHECK(verdict_of(world, world.founder, later.next()).outcome == PushOutcome::accepted);
}

TEST_CASE("a device that was put back, with the roster of that day, loses nothing", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    BlockLog log(world, organiser, world.east);
    const auto then = world.roster.last_position();
    REQUIRE(verdict_of(world, organiser, log.next()).outcome == PushOutcome::accepted);
    world.write(protocol::Ungranted{organiser.member, world.east, {}});
    REQUIRE(verdict_of(world, organiser, log.next()).outcome == PushOutcome::accepted);
    log.go_back_to(1);
    log.named_position = then;
    CHECK(verdict_of(world, organiser, log.next()).outcome == PushOutcome::evidence);
    CHECK(verdict_of(world, organiser, log.next()).outcome == PushOutcome::evidence);
}

TEST_CASE("entry numbers follow each other, on every branch", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const std::int64_t by = GENERATE(5, -1);
    REQUIRE(verdict_of(world, world.founder, log.next(3)).outcome == PushOutcome::accepted);
    SECTION("behind the newest block") {
        log.shift_seq(by);
        const Bytes wrong = log.next();
        CHECK(verdict_of(world, world.founder, wrong).reason == BlockRefusal::malformed);
    }
    SECTION("on a branch") {
        REQUIRE(verdict_of(world, world.founder, log.next()).outcome == PushOutcome::accepted);
        log.go_back_to(1);
        log.shift_seq(by);
        const Bytes wrong = log.next();
        CHECK(verdict_of(world, world.founder, wrong).reason == BlockRefusal::malformed);
    }
    CHECK(blocks_in(world, world.east) <= 2);
}

TEST_CASE("a laptop of before is told to send later by what it knows", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes first = log.next(2);
    log.named_position = world.roster.next_position();
    const Bytes second = log.next();
    REQUIRE(verdict_of(world, world.founder, first, 0).outcome == PushOutcome::accepted);
    const BlockVerdict later = verdict_of(world, world.founder, second, 0);
    REQUIRE(later.outcome == PushOutcome::predecessor_unknown);
    REQUIRE(later.head.has_value());
    CHECK(later.head->block_no == 0);  // it is asked for what it just sent: "not again today"
    CHECK(later.head->block == protocol::parse_block(world.workspace, first)->hash);
    CHECK(later.head->last_seq.value == 2);

    BlockLog fresh(world, world.founder, world.west);
    fresh.named_position = world.roster.next_position();
    const BlockVerdict none = verdict_of(world, world.founder, fresh.next(), 0);
    CHECK(none.outcome == PushOutcome::predecessor_unknown);
    CHECK_FALSE(none.head.has_value());
}
