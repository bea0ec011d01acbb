#include <catch2/catch.hpp>

#include "protocol/sync/leaf.h"
#include "tests/unit/server/folder.h"
#include "tests/unit/server/hub_world.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::MessageName;
using protocol::PushOutcome;
using protocol::Refusal;

namespace {

std::unique_ptr<SqliteStore> shared_store(const Folder& folder) {
    auto opened = SqliteStore::open({.path = folder / "hub.db", .shared = true});
    REQUIRE(opened.has_value());
    return *std::move(opened);
}

/// Two hubs over the same data: over one store, and each over a connection of its own.
class TwoHubs {
  public:
    explicit TwoHubs(HubLimits limits = {})
        : world_(limits, shared_store(folder_)), with_own_connection_(GENERATE(false, true)) {
        if (with_own_connection_) second_store_ = shared_store(folder_);
        other_ = std::make_unique<Hub>(
            with_own_connection_ ? *second_store_ : *world_.store, world_.tokens, world_.clock,
            world_.hub_key.clone(), HubConfig{"https://hub.example", limits});
    }
    TwoHubs(const TwoHubs&) = delete;
    TwoHubs& operator=(const TwoHubs&) = delete;
    ~TwoHubs() {
        world_.hub.reset();  // it may be over the second store, which goes first
    }

    /// From now on the world speaks to the hub that it did not speak to.
    HubWorld& at_the_other() {
        std::swap(world_.hub, other_);
        return world_;
    }
    HubWorld& here() { return world_; }

  private:
    Folder folder_;
    HubWorld world_;
    const bool with_own_connection_;
    std::unique_ptr<SqliteStore> second_store_;
    std::unique_ptr<Hub> other_;
};

protocol::BlockVerdict push_one(HubWorld& world, const Laptop& by, const Bytes& block) {
    return world.push(by, {block}).verdicts.at(0);
}

/// What the hub says of the roster's stream.
protocol::StreamHead roster_head(HubWorld& world) {
    const protocol::RosterReadRequest read{world.roster.next_position(), {}};
    const auto answer = protocol::parse_roster_read_answer(
        world.ask(world.founder, MessageName::roster_read, encode(read)).body);
    REQUIRE(answer);
    return *protocol::parse_stream_head(answer->head.head);
}

crypto::PublicKey key_of(const Laptop& laptop) { return laptop.keys.http.public_key(); }

}  // namespace

TEST_CASE("who enrolled at one hub is known at the other", "[hub][two]") {
    TwoHubs hubs;
    const Laptop newcomer = hubs.here().organiser({hubs.here().east});
    HubWorld& other = hubs.at_the_other();
    CHECK(other.hub->knows(other.workspace, key_of(newcomer)));
    BlockLog log(other, newcomer, other.east);
    CHECK(push_one(other, newcomer, log.next()).outcome == PushOutcome::accepted);
}

TEST_CASE("a newcomer's first push at the other hub needs no gate before it", "[hub][two]") {
    TwoHubs hubs;
    const Laptop newcomer = hubs.here().organiser({hubs.here().east});
    HubWorld& other = hubs.at_the_other();
    BlockLog log(other, newcomer, other.east);
    CHECK(push_one(other, newcomer, log.next()).outcome == PushOutcome::accepted);
    CHECK(other.hub->knows(other.workspace, key_of(newcomer)));
}

TEST_CASE("strangers make a hub look for their key some times a second", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    const Laptop stranger(world.entropy);
    hubs.at_the_other();
    for (int i = 0; i < 10; ++i) CHECK_FALSE(world.hub->knows(world.workspace, key_of(stranger)));
    hubs.at_the_other();
    const Laptop newcomer = world.organiser({world.east});
    hubs.at_the_other();
    CHECK_FALSE(world.hub->knows(world.workspace, key_of(newcomer)));
    world.clock.advance_ms(100);
    CHECK(world.hub->knows(world.workspace, key_of(newcomer)));
}

TEST_CASE("one log is pushed to both hubs by turns", "[hub][two]") {
    TwoHubs hubs;
    BlockLog log(hubs.here(), hubs.here().founder, hubs.here().east);
    std::vector<Bytes> blocks;
    for (std::uint64_t seq = 1; seq <= 6; ++seq) {
        HubWorld& world = hubs.at_the_other();
        blocks.push_back(log.next());
        const auto verdict = push_one(world, world.founder, blocks.back());
        CHECK(verdict.outcome == PushOutcome::accepted);
        CHECK(verdict.leaf.stream_seq == seq);
    }
    CHECK(hubs.here().pull_all(hubs.here().founder, hubs.here().east) == blocks);
    CHECK(hubs.at_the_other().pull_all(hubs.here().founder, hubs.here().east) == blocks);
}

TEST_CASE("a cursor of one hub goes on at the other", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    BlockLog log(world, world.founder, world.east);
    push_one(world, world.founder, log.next());
    protocol::PullCursor cursor;
    cursor.turf = world.east;
    const protocol::PulledTurf first = world.pull(world.founder, cursor);
    hubs.at_the_other();
    const Bytes second = log.next();
    push_one(world, world.founder, second);
    hubs.at_the_other();
    const protocol::PulledTurf rest = world.pull(world.founder, cursor_at(first));
    REQUIRE(rest.outcome == protocol::PullOutcome::chunk);
    REQUIRE(rest.blocks.size() == 1);
    CHECK(rest.blocks[0].block == second);
    CHECK(cursor_at(rest).turf_seq == 2);
}

TEST_CASE("a block that one hub has, the other had already", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    BlockLog log(world, world.founder, world.east);
    const std::vector blocks{log.next(), log.next()};
    push_one(
        hubs.at_the_other(), world.founder, log.next());  // too early: both remember the device
    push_one(hubs.at_the_other(), world.founder, log.next());
    const auto given = push_one(world, world.founder, blocks[0]);
    hubs.at_the_other();
    const auto again = push_one(world, world.founder, blocks[0]);
    CHECK(again.outcome == PushOutcome::already_had);
    CHECK(again.leaf == given.leaf);
    CHECK(push_one(world, world.founder, blocks[1]).outcome == PushOutcome::accepted);
}

TEST_CASE("another branch is evidence at whichever hub it comes second", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    BlockLog log(world, world.founder, world.east);
    CHECK(push_one(world, world.founder, log.next()).outcome == PushOutcome::accepted);
    log.go_back_to(0);
    hubs.at_the_other();
    CHECK(push_one(world, world.founder, log.next()).outcome == PushOutcome::evidence);
}

TEST_CASE("a roster entry at one hub is seen at the other", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    const Laptop organiser = world.organiser({world.east});
    hubs.at_the_other();
    protocol::PullCursor cursor;
    cursor.turf = world.east;
    CHECK(world.pull(organiser, cursor).outcome == protocol::PullOutcome::chunk);
    hubs.at_the_other();
    world.retire(organiser);
    hubs.at_the_other();
    const Bytes pull = encode(protocol::PullRequest{{cursor}});
    CHECK(refusal_of(world.ask(organiser, MessageName::pull, pull)) == Refusal::not_permitted);
    const protocol::RosterReadRequest read{world.roster.last_position(), {}};
    const auto answer = protocol::parse_roster_read_answer(
        world.ask(world.founder, MessageName::roster_read, encode(read)).body);
    REQUIRE(answer);
    CHECK(answer->entries.size() == 1);
    CHECK(protocol::parse_stream_head(answer->head.head)->turf_seq == world.roster.size());
}

TEST_CASE("each hub says how far it has a log that the other took in", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    const Laptop newcomer = world.organiser({world.east});
    BlockLog log(world, newcomer, world.east);
    for (std::uint64_t block_no = 0; block_no < 4; ++block_no) {
        push_one(world, newcomer, log.next());
        hubs.at_the_other();
        const protocol::RosterReadRequest read{world.roster.next_position(), {log.id()}};
        const auto answer = protocol::parse_roster_read_answer(
            world.ask(newcomer, MessageName::roster_read, encode(read)).body);
        REQUIRE(answer);
        REQUIRE(answer->heads.size() == 1);
        CHECK(answer->heads[0].block_no == block_no);
    }
}

TEST_CASE("rosters grow at both hubs by turns", "[hub][two]") {
    TwoHubs hubs;
    for (int i = 0; i < 3; ++i) hubs.at_the_other().organiser({hubs.here().east});
    HubWorld& world = hubs.at_the_other();
    CHECK(world.roster.size() == world.roster.next_position().value);
    const Laptop last = world.organiser({world.west});
    CHECK(world.roster.find(last.keys.device()) != nullptr);
}

TEST_CASE("an entry for a place that the other hub has filled is a conflict", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    const auto late = world.writer().create_turf();
    REQUIRE(late);
    world.organiser({world.east});
    hubs.at_the_other();
    const protocol::RosterAppendRequest request{late->entries[0].wire, late->entries[0].wraps, {}};
    const auto answer = protocol::parse_roster_append_answer(
        world.ask(world.founder, MessageName::roster_append, encode(request)).body);
    REQUIRE(answer);
    CHECK(std::holds_alternative<protocol::RosterConflict>(*answer));
}

TEST_CASE("an invite that was used at one hub is used at the other", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    const engine::Invited invited = world.invite(protocol::Role::organiser, {world.east});
    const Laptop first(world.entropy);
    const Laptop second(world.entropy);
    const auto enrol = [&](const Laptop& laptop) {
        return world.ask(laptop, MessageName::enrol, world.enrolment(invited, laptop));
    };
    const HubAnswer answer = enrol(first);
    CHECK(answer.status == 200);
    hubs.at_the_other();
    CHECK(enrol(first).body == answer.body);
    CHECK(refusal_of(enrol(second)) == Refusal::invite_used);
}

TEST_CASE("a quota is counted over both hubs", "[hub][two]") {
    HubLimits limits;
    limits.device_bytes_per_day = 2000;
    TwoHubs hubs(limits);
    HubWorld& world = hubs.here();
    BlockLog east(world, world.founder, world.east);
    BlockLog west(world, world.founder, world.west);
    CHECK(push_one(world, world.founder, east.next(1, 600)).outcome == PushOutcome::accepted);
    hubs.at_the_other();
    CHECK(push_one(world, world.founder, west.next(1, 600)).outcome == PushOutcome::accepted);
    hubs.at_the_other();
    const Bytes third = east.next(1, 600);
    const auto here = push_one(world, world.founder, third);
    CHECK(here.outcome == PushOutcome::not_yet);
    CHECK(here.wait == protocol::PushWait::quota);
    hubs.at_the_other();
    CHECK(push_one(world, world.founder, third) == here);
}

TEST_CASE("a workspace founded at one hub is found at the other", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    const HubAnswer here = world.ask(world.founder, MessageName::found, encode(world.founding));
    hubs.at_the_other();
    const HubAnswer there = world.ask(world.founder, MessageName::found, encode(world.founding));
    CHECK(there.status == 200);
    CHECK(there.body == here.body);
}

TEST_CASE("an epoch that one hub begins is the other's too", "[hub][two]") {
    TwoHubs hubs;
    HubWorld& world = hubs.here();
    BlockLog log(world, world.founder, world.east);
    protocol::PullCursor cursor;
    cursor.turf = world.east;
    push_one(hubs.at_the_other(), world.founder, log.next());
    const protocol::PulledTurf before = world.pull(world.founder, cursor);
    const protocol::ChainHash old_roster_chain = roster_head(world).turf_chain;
    protocol::SignedHead head = before.head;
    auto shown = *protocol::parse_stream_head(head.head);
    shown.turf_seq = 9;  // as this hub would have signed, had it had more
    head.head = protocol::encode_stream_head(shown);
    head.signature = protocol::sign_stream_head(world.workspace, head.head, world.hub_key);
    hubs.at_the_other();
    const HubAnswer answer =
        world.ask(world.founder, MessageName::went_back, encode(protocol::WentBackRequest{head}));
    CHECK(protocol::parse_went_back_answer(answer.body)->proven);
    CHECK(world.hub->card().hub_epoch == 2);

    hubs.at_the_other();
    const protocol::PulledTurf after = world.pull(world.founder, cursor_at(before));
    CHECK(after.outcome == protocol::PullOutcome::cursor_unknown);
    CHECK(cursor_at(after).hub_epoch == 2);
    CHECK(world.hub->card().hub_epoch == 2);
    const protocol::ChainHash roster_chain = roster_head(world).turf_chain;
    CHECK(roster_chain != old_roster_chain);
    hubs.at_the_other();
    CHECK(roster_head(world).turf_chain == roster_chain);
    hubs.at_the_other();
    const auto again =
        world.ask(world.founder, MessageName::went_back, encode(protocol::WentBackRequest{head}));
    CHECK_FALSE(protocol::parse_went_back_answer(again.body)->proven);
    CHECK(world.hub->card().hub_epoch == 2);
}
