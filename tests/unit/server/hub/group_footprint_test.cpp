#include "server/hub/group_footprint.h"

#include <catch2/catch.hpp>

#include "tests/unit/server/hub_world.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::MessageName;

namespace {

/// What one request is about, at a hub that remembers nothing.
Footprint footprint_of_one(HubWorld& world, const Laptop& by, MessageName name, Bytes body) {
    const PreparedPtr prepared =
        world.hub->prepare({name, world.workspace, by.keys.http.public_key(), std::move(body)});
    PreparedRequest* const group[] = {prepared.get()};
    return footprint_of(group, KnownWorkspaces(*world.store));
}

protocol::PullRequest pull_of(const protocol::TurfId& turf) {
    protocol::PullCursor cursor;
    cursor.turf = turf;
    return {{cursor}};
}

}  // namespace

TEST_CASE("a push names its blocks' turfs and devices, and what it pulls", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    BlockLog log(world, organiser, world.east);
    const protocol::PushRequest push{
        .blocks = {log.next()}, .pull = pull_of(world.west), .version = protocol::push_version};
    const auto footprint = footprint_of_one(world, world.founder, MessageName::push, encode(push));
    CHECK(footprint.writes);
    REQUIRE(footprint.workspaces.size() == 1);
    const Footprint::Part& part = footprint.workspaces.at(world.workspace);
    CHECK_FALSE(part.appends);
    CHECK(part.turfs == std::set{world.east, world.west});
    CHECK(part.devices == std::set{organiser.keys.device()});
}

TEST_CASE("who only pulls names turfs, and writes nothing", "[hub]") {
    HubWorld world;
    const auto footprint =
        footprint_of_one(world, world.founder, MessageName::pull, encode(pull_of(world.east)));
    CHECK_FALSE(footprint.writes);
    const Footprint::Part& part = footprint.workspaces.at(world.workspace);
    CHECK(part.turfs == std::set{world.east});
    CHECK(part.devices.empty());
}

TEST_CASE("a roster is named as growing by whoever may add to it or confirm it", "[hub]") {
    HubWorld world;
    const Laptop newcomer(world.entropy);
    const auto invited = world.invite(protocol::Role::organiser, {world.east});
    const auto appends = [&](MessageName name, Bytes body) {
        const auto footprint = footprint_of_one(world, newcomer, name, std::move(body));
        CHECK(footprint.writes);
        return footprint.workspaces.at(world.workspace).appends;
    };
    const protocol::RosterAppendRequest append{world.founding.entries[0], {}, {}};
    CHECK(appends(MessageName::found, encode(world.founding)));
    CHECK(appends(MessageName::enrol, world.enrolment(invited, newcomer)));
    CHECK(appends(MessageName::roster_append, encode(append)));
    CHECK(appends(MessageName::roster_read, encode(protocol::RosterReadRequest{})));
}

TEST_CASE("a request that was refused already names nothing", "[hub]") {
    HubWorld world;
    const auto footprint = footprint_of_one(world, world.founder, MessageName::push, {0x01});
    CHECK(footprint.workspaces.empty());
    CHECK_FALSE(footprint.writes);
}

TEST_CASE("who reads the roster and is known is named", "[hub]") {
    HubWorld world;
    KnownWorkspaces known(*world.store);
    Footprint all;
    all.workspaces[world.workspace];
    CHECK(known.take_up(all, world.store->begin(all)));
    world.store->commit();
    const PreparedPtr read = world.hub->prepare(
        {MessageName::roster_read, world.workspace, world.founder.keys.http.public_key(),
         encode(protocol::RosterReadRequest{})});
    PreparedRequest* const group[] = {read.get()};
    const Footprint footprint = footprint_of(group, known);
    CHECK(
        footprint.workspaces.at(world.workspace).devices == std::set{world.founder.keys.device()});
}
