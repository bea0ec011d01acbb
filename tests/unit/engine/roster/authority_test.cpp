#include "engine/roster/authority.h"

#include <catch2/catch.hpp>
#include <string_view>

#include "protocol/log/event.h"
#include "tests/unit/engine/roster/roster_world.h"

namespace vereda::engine {
namespace {

using protocol::EventType;
using protocol::Profile;
using protocol::Role;
using test::RosterWorld;

constexpr EventType every_type[] = {EventType::contact_create, EventType::interaction_create,
                                    EventType::edit,           EventType::retract,
                                    EventType::restore,        EventType::consent_lift,
                                    EventType::void_entry,     EventType::profile};

std::uint64_t number(Profile::Kind kind) { return static_cast<std::uint64_t>(kind); }

}  // namespace

TEST_CASE("who may write what is exactly the documented table", "[authority]") {
    // Columns as every_type; rows role × place; docs/protocol/roster.md "Authority".
    struct Row {
        Role role;
        WritePlace place;
        std::string_view may;
    };
    const Row table[] = {
        {Role::coordinator, WritePlace::own_turf, "yyyyyyy-"},
        {Role::coordinator, WritePlace::common, "------yy"},
        {Role::coordinator, WritePlace::elsewhere, "--------"},
        {Role::organiser, WritePlace::own_turf, "yyyyyyy-"},
        {Role::organiser, WritePlace::common, "------yy"},
        {Role::organiser, WritePlace::elsewhere, "--------"},
        {Role::auditor, WritePlace::own_turf, "--------"},
        {Role::auditor, WritePlace::common, "------yy"},
        {Role::auditor, WritePlace::elsewhere, "--------"}};
    for (const Row& row : table) {
        for (std::size_t type = 0; type < std::size(every_type); ++type) {
            INFO(
                "role " << static_cast<int>(row.role) << " place " << static_cast<int>(row.place)
                        << " type " << type);
            CHECK(may_write(row.role, every_type[type], row.place) == (row.may[type] == 'y'));
        }
    }
}

TEST_CASE("nobody may write an event of a type that the table does not name", "[authority]") {
    for (const std::uint64_t type : {0, 8, 19, 21, 1000}) {
        for (const Role role : {Role::coordinator, Role::organiser, Role::auditor}) {
            CHECK_FALSE(may_write(role, static_cast<EventType>(type), WritePlace::own_turf));
            CHECK_FALSE(may_write(role, static_cast<EventType>(type), WritePlace::common));
        }
    }
}

TEST_CASE(
    "an organiser writes in granted turfs only, a coordinator in all, from the grant's position on",
    "[authority]") {
    RosterWorld world;
    const auto before = world.now();
    const auto mine = world.make_turf();
    const auto other = world.make_turf();
    const auto organiser = world.join(Role::organiser, {mine});
    const auto may = [&](const protocol::DeviceId& device, const protocol::TurfId& turf, auto at) {
        return world.roster.may_write(device, turf, EventType::edit, at);
    };
    CHECK(may(organiser.id(), mine, world.now()));
    CHECK_FALSE(may(organiser.id(), other, world.now()));
    CHECK_FALSE(may(organiser.id(), world.roster.common(), world.now()));
    CHECK(may(world.founder.device(), other, world.now()));
    CHECK_FALSE(may(world.founder.device(), other, before));

    const auto ungranted_at = world.now();
    const auto granted = world.writer().grant(organiser.member, other, world.keys());
    REQUIRE(granted);
    world.take(*granted);
    CHECK(may(organiser.id(), other, world.now()));
    CHECK_FALSE(may(organiser.id(), other, ungranted_at));
}

TEST_CASE(
    "nobody has authority beyond the end of the roster, before enrolment, or without a device",
    "[authority]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto before = world.now();
    const auto organiser = world.join(Role::organiser, {turf});
    const protocol::RosterPosition beyond{world.roster.size()};
    CHECK_FALSE(world.roster.may_write(organiser.id(), turf, EventType::edit, beyond));
    CHECK_FALSE(world.roster.role_of(organiser.id(), beyond));
    CHECK_FALSE(world.roster.may_write(organiser.id(), turf, EventType::edit, before));
    CHECK_FALSE(
        world.roster.may_write(world.fresh_device().device(), turf, EventType::edit, world.now()));
}

TEST_CASE("what was written before a device was retired keeps its authority", "[authority]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto organiser = world.join(Role::organiser, {turf});
    const auto before = world.now();
    REQUIRE(world.say(protocol::Retired{organiser.id(), {}}));
    CHECK(world.roster.may_write(organiser.id(), turf, EventType::edit, before));
    CHECK_FALSE(world.roster.may_write(organiser.id(), turf, EventType::edit, world.now()));
    CHECK_FALSE(world.roster.is_active(organiser.id()));
    CHECK(world.roster.turfs_of(organiser.id()).empty());
    CHECK(world.roster.member_of(organiser.id()) == organiser.member);
}

TEST_CASE("a turf taken away is writable up to that entry and not from it on", "[authority]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto organiser = world.join(Role::organiser, {turf});
    const auto before = world.now();
    REQUIRE(world.say(protocol::Ungranted{organiser.member, turf, {}}));
    CHECK(world.roster.may_write(organiser.id(), turf, EventType::edit, before));
    CHECK_FALSE(world.roster.may_write(organiser.id(), turf, EventType::edit, world.now()));
    const auto again = world.writer().grant(organiser.member, turf, world.keys());
    REQUIRE(again);
    world.take(*again);
    CHECK(world.roster.may_write(organiser.id(), turf, EventType::edit, world.now()));
    CHECK_FALSE(world.roster.may_write(organiser.id(), turf, EventType::edit, {before.value + 1}));
}

TEST_CASE("everyone names themselves and their devices, coordinators name all", "[authority]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto one = world.join(Role::organiser, {turf});
    const auto two = world.join(Role::auditor);
    const auto before = world.now();
    const auto further =
        world.join({.role = Role::organiser, .turfs = {turf}, .member = one.member});
    const auto names = [&](const auto& who, Profile::Kind kind, ByteView id) {
        return world.roster.may_name(who, number(kind), id, world.now());
    };
    CHECK(names(one.id(), Profile::Kind::member, one.member.view()));
    CHECK(names(one.id(), Profile::Kind::device, one.id().view()));
    CHECK(names(one.id(), Profile::Kind::device, further.id().view()));
    CHECK_FALSE(world.roster.may_name(
        one.id(), number(Profile::Kind::device), further.id().view(), before));
    CHECK_FALSE(names(one.id(), Profile::Kind::member, two.member.view()));
    CHECK_FALSE(names(one.id(), Profile::Kind::device, two.id().view()));
    CHECK_FALSE(names(one.id(), Profile::Kind::turf, turf.view()));
    CHECK_FALSE(names(one.id(), Profile::Kind::workspace, world.roster.workspace().view()));
    CHECK_FALSE(names(one.id(), Profile::Kind::member, one.member.view().first(8)));
    CHECK(names(two.id(), Profile::Kind::member, two.member.view()));
    for (const auto kind : {Profile::Kind::turf, Profile::Kind::workspace, Profile::Kind::member}) {
        CHECK(names(world.founder.device(), kind, two.member.view()));
    }
}

}  // namespace vereda::engine
