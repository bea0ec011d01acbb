#include <catch2/catch.hpp>

#include "roster_world.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::engine::test;
using protocol::Role;
using protocol::RosterPosition;

TEST_CASE("a turf was held from its grant on, and what was taken later counts", "[roster]") {
    RosterWorld world;
    const auto east = world.make_turf(), west = world.make_turf();
    const RosterPosition before = world.now();
    const auto organiser = world.join(Role::organiser, {east});
    const RosterPosition joined = world.now();
    REQUIRE(world.say(protocol::Ungranted{organiser.member, east, {}}));

    CHECK(world.roster.ever_held(organiser.id(), east, joined));
    CHECK(world.roster.ever_held(organiser.id(), east, world.now()));
    CHECK_FALSE(world.roster.ever_held(organiser.id(), east, before));
    CHECK_FALSE(world.roster.ever_held(organiser.id(), west, world.now()));
    CHECK(world.roster.ever_held(organiser.id(), world.roster.common(), joined));
    CHECK_FALSE(world.roster.ever_held(organiser.id(), world.roster.common(), before));

    REQUIRE(world.say(protocol::Retired{organiser.id(), {}}));
    CHECK(world.roster.ever_held(organiser.id(), east, world.now()));
}

TEST_CASE(
    "a grant counts from its entry on, and for no device that came after its end", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto organiser = world.join(Role::organiser);
    const RosterPosition before = world.now();
    const auto granted = world.writer().grant(organiser.member, turf, world.keys());
    REQUIRE(granted);
    world.take(*granted);
    CHECK_FALSE(world.roster.ever_held(organiser.id(), turf, before));
    CHECK(world.roster.ever_held(organiser.id(), turf, world.now()));

    REQUIRE(world.say(protocol::Ungranted{organiser.member, turf, {}}));
    const auto further = world.join({.role = Role::organiser, .member = organiser.member});
    CHECK_FALSE(world.roster.ever_held(further.id(), turf, world.now()));
    CHECK(world.roster.ever_held(organiser.id(), turf, world.now()));
}

TEST_CASE("a coordinator held what there was while it was one, and no later turf", "[roster]") {
    RosterWorld world;
    const auto early = world.make_turf();
    const auto second = world.join(Role::coordinator);
    const RosterPosition joined = world.now();
    REQUIRE(world.say(protocol::MemberRole{second.member, Role::organiser, {}}));
    const auto late = world.make_turf();
    CHECK(world.roster.ever_held(second.id(), early, joined));
    CHECK(world.roster.ever_held(second.id(), early, world.now()));
    CHECK_FALSE(world.roster.ever_held(second.id(), late, world.now()));
    REQUIRE(world.say(protocol::MemberRole{second.member, Role::coordinator, {}}));
    CHECK(world.roster.ever_held(second.id(), late, world.now()));
}

TEST_CASE("strangers and turfs that are nowhere were never held", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    CHECK_FALSE(world.roster.ever_held(world.fresh_device().device(), turf, world.now()));
    CHECK_FALSE(
        world.roster.ever_held(world.founder.device(), {world.entropy.bytes<16>()}, world.now()));
}
