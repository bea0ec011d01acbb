#include <catch2/catch.hpp>
#include <ctime>

#include "hub_world.h"
#include "server/hub/allowance.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::BlockVerdict;
using protocol::MessageName;
using protocol::PushOutcome;
using protocol::PushWait;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

BlockVerdict verdict_of(HubWorld& world, const Laptop& by, const Bytes& block) {
    return world.push(by, {block}).verdicts.at(0);
}

PushOutcome outcome_of(HubWorld& world, const Bytes& block) {
    return verdict_of(world, world.founder, block).outcome;
}

HubLimits bytes_a_day(std::uint64_t bytes) {
    HubLimits limits;
    limits.device_bytes_per_day = bytes;
    return limits;
}

}  // namespace

TEST_CASE("a share of a day is there at once and comes back evenly", "[quota]") {
    Allowance allowance;
    CHECK(allowance.wait_ms(100, {0}, 100) == 0);
    allowance.use(100, {0}, 100);
    CHECK(allowance.wait_ms(25, {0}, 100) == 6 * hour_ms);
    CHECK(allowance.wait_ms(25, {6 * hour_ms}, 100) == 0);
    CHECK(allowance.wait_ms(26, {6 * hour_ms}, 100) > 0);
    CHECK(allowance.wait_ms(100, {24 * hour_ms}, 100) == 0);
}

TEST_CASE("what is larger than a whole share waits until all of it is there", "[quota]") {
    Allowance allowance;
    CHECK(allowance.wait_ms(500, {0}, 100) == 0);
    allowance.use(500, {0}, 100);
    CHECK(allowance.wait_ms(500, {0}, 100) == 5 * 24 * hour_ms);
    CHECK(allowance.wait_ms(500, {5 * 24 * hour_ms}, 100) == 0);
}

TEST_CASE("nobody is told to come back within the second", "[quota]") {
    Allowance allowance;
    constexpr std::uint64_t one_a_ms = 24 * hour_ms;
    allowance.use(one_a_ms, {0}, one_a_ms);
    CHECK(allowance.wait_ms(1, {0}, one_a_ms) == 1000);
    CHECK(allowance.wait_ms(2000, {0}, one_a_ms) == 2000);
}

TEST_CASE("a clock that jumped ahead and back gives back from there on", "[quota]") {
    Allowance allowance;
    allowance.use(100, {1000 * hour_ms}, 100);
    CHECK(allowance.wait_ms(100, {0}, 100) == 24 * hour_ms);
    CHECK(allowance.wait_ms(100, {24 * hour_ms}, 100) == 0);
}

TEST_CASE("a quota delays: when the time told has passed, the block is taken", "[hub]") {
    const HubLimits limits = bytes_a_day(10'000);
    HubWorld world(limits);
    const Laptop other = world.organiser({world.east});
    BlockLog log(world, world.founder, world.east), theirs(world, other, world.east);
    const Bytes first = log.next(1, 4000), second = log.next(1, 4000), third = log.next(1, 4000);
    REQUIRE(outcome_of(world, first) == PushOutcome::accepted);
    REQUIRE(outcome_of(world, second) == PushOutcome::accepted);
    const BlockVerdict full = verdict_of(world, world.founder, third);
    REQUIRE(full.outcome == PushOutcome::not_yet);
    CHECK(full.wait == PushWait::quota);
    CHECK(full.again_after_ms > 0);
    CHECK(full.again_after_ms < 24 * hour_ms);
    // Others have shares of their own, and whoever carries a block spends its author's.
    CHECK(verdict_of(world, world.founder, theirs.next(1, 4000)).outcome == PushOutcome::accepted);
    CHECK(verdict_of(world, other, third).outcome == PushOutcome::not_yet);
    world.restart(limits);  // a new start is no new day
    CHECK(outcome_of(world, third) == PushOutcome::not_yet);
    world.clock.advance_ms(static_cast<std::int64_t>(full.again_after_ms));
    CHECK(outcome_of(world, third) == PushOutcome::accepted);
    CHECK(world.pull_all(world.founder, world.east).size() == 4);
}

TEST_CASE("what a device has pushed already costs it no share again", "[hub]") {
    HubWorld world(bytes_a_day(5'000));
    BlockLog log(world, world.founder, world.east);
    const Bytes block = log.next(1, 4500);
    REQUIRE(outcome_of(world, block) == PushOutcome::accepted);
    for (int i = 0; i < 5; ++i) CHECK(outcome_of(world, block) == PushOutcome::already_had);
}

TEST_CASE("a sheet of a million rows passes within a day", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    for (int block = 0; block < 200; ++block) {
        REQUIRE(outcome_of(world, log.next(500, 200'000)) == PushOutcome::accepted);
        world.clock.advance_ms(1000);
    }
}

TEST_CASE("when everybody gives again after a restore, there is more room for a while", "[hub]") {
    HubLimits limits = bytes_a_day(10'000);
    limits.restored_times = 10;
    HubWorld world(limits);
    world.store->workspaces().begin_epoch(2);
    world.restart(limits);
    BlockLog log(world, world.founder, world.east);
    for (int i = 0; i < 9; ++i) {
        REQUIRE(outcome_of(world, log.next(1, 9'000)) == PushOutcome::accepted);
    }
    world.clock.advance_ms(31 * 24 * hour_ms);
    world.restart(limits);
    REQUIRE(outcome_of(world, log.next(1, 9'000)) == PushOutcome::accepted);
    CHECK(outcome_of(world, log.next(1, 9'000)) == PushOutcome::not_yet);
}

TEST_CASE("branches are bounded by their number, not by their bytes", "[hub]") {
    HubLimits limits;
    limits.evidence_per_day = 2;
    HubWorld world(limits);
    BlockLog log(world, world.founder, world.east);
    REQUIRE(outcome_of(world, log.next()) == PushOutcome::accepted);
    const auto branch = [&](std::size_t size) {
        log.go_back_to(0);
        return log.next(1, size);
    };
    CHECK(outcome_of(world, branch(100'000)) == PushOutcome::evidence);
    CHECK(outcome_of(world, branch(100'000)) == PushOutcome::evidence);
    const Bytes third = branch(100);
    const BlockVerdict full = verdict_of(world, world.founder, third);
    CHECK(full.outcome == PushOutcome::not_yet);
    CHECK(full.wait == PushWait::quota);
    world.restart(limits);
    CHECK(outcome_of(world, third) == PushOutcome::not_yet);
    world.clock.advance_ms(12 * hour_ms);
    CHECK(outcome_of(world, third) == PushOutcome::evidence);
}

TEST_CASE("any number of copies of one laptop lose nothing", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes first = log.next();
    REQUIRE(outcome_of(world, first) == PushOutcome::accepted);
    for (int i = 1; i < 40; ++i) {
        log.go_back_to(0);
        CHECK(outcome_of(world, log.next()) == PushOutcome::evidence);
    }
    CHECK(outcome_of(world, first) == PushOutcome::already_had);
}

TEST_CASE("a block is held against its siblings without their bytes", "[hub]") {
    HubLimits limits;
    limits.evidence_per_day = 10'000;
    limits.work_burst = 1e6;
    HubWorld world(limits);
    BlockLog log(world, world.founder, world.east);
    for (int i = 0; i < 16; ++i) {
        log.go_back_to(0);
        world.push(world.founder, {log.next(1, 208'000)});
    }
    std::vector<Bytes> small;
    for (std::size_t i = 0; i < protocol::push_blocks_max; ++i) {
        log.go_back_to(0);
        small.push_back(log.next(1, 64));
    }
    const auto prepared = world.hub->prepare(
        {MessageName::push, world.workspace, world.founder.keys.http.public_key(),
         encode(protocol::PushRequest{.blocks = small, .version = 1})});
    PreparedRequest* const group[] = {prepared.get()};
    const std::clock_t begun = std::clock();
    world.hub->run(group);
    const double seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    CHECK(seconds < 0.4);  // 1.0 when each of them read, copied and hashed all sixteen
}

TEST_CASE("a device that asks too often is told to wait", "[rate]") {
    HubLimits limits;
    limits.work_per_s = 1;
    limits.work_burst = 40;
    HubWorld world(limits);
    protocol::PullRequest request;
    request.cursors.emplace_back().turf = world.east;
    const Bytes body = encode(request);
    unsigned status = 200;
    for (int i = 0; i < 50 && status == 200; ++i) {
        status = world.ask(world.founder, MessageName::pull, body).status;
    }
    CHECK(status == 429);
    world.clock.advance_ms(5000);
    CHECK(world.ask(world.founder, MessageName::pull, body).status == 200);
}

TEST_CASE("many blocks in one push, or many gaps in one pull, cost as much as they are", "[rate]") {
    HubLimits limits;
    limits.work_per_s = 10;
    limits.work_burst = 100;
    HubWorld world;
    world.restart(limits);
    Bytes body;
    MessageName name{};
    SECTION("blocks") {
        BlockLog log(world, world.founder, world.east);
        std::vector<Bytes> blocks;
        for (int i = 0; i < 200; ++i) blocks.push_back(log.next(1, 64));
        name = MessageName::push;
        body = encode(protocol::PushRequest{.blocks = blocks, .version = 1});
    }
    SECTION("gaps") {
        protocol::PullRequest request;
        protocol::PullCursor& cursor = request.cursors.emplace_back();
        cursor.turf = world.east;
        for (std::uint64_t i = 1; i <= 800; ++i) cursor.held.push_back({3 * i, 3 * i});
        name = MessageName::pull;
        body = encode(request);
    }
    SECTION("gaps beside a roster") {
        protocol::RosterReadRequest request;
        protocol::PullCursor& cursor = request.pull.emplace().cursors.emplace_back();
        cursor.turf = world.east;
        for (std::uint64_t i = 1; i <= 800; ++i) cursor.held.push_back({3 * i, 3 * i});
        name = MessageName::roster_read;
        body = encode(request);
    }
    SECTION("bytes") {
        name = MessageName::pull;
        body = Bytes(1'000'000, 0x41);
        world.ask(world.founder, name, body);
    }
    world.ask(world.founder, name, body);  // let in: nobody knows before what it costs
    CHECK(world.ask(world.founder, name, body).status == 429);
    world.clock.advance_ms(2'000);
    CHECK(world.ask(world.founder, name, body).status == 429);  // still in debt
    world.clock.advance_ms(30'000);
    CHECK(world.ask(world.founder, name, body).status != 429);
}
