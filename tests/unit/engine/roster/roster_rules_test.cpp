#include <catch2/catch.hpp>

#include "tests/unit/engine/roster/roster_world.h"

namespace vereda::engine {
namespace {

using protocol::Role;
using test::RosterWorld;

template <class Id>
Id named(std::uint8_t name) {
    Id id;
    id.bytes.fill(name);
    return id;
}

/// A body of every kind that a coordinator may sign in this world, each of which would otherwise be
/// taken.
std::vector<protocol::RosterBody> what_coordinators_say(
    RosterWorld& world, const RosterWorld::Joined& organiser, const protocol::TurfId& turf) {
    protocol::HubEntry moved = world.hub;
    moved.url = "https://elsewhere.example";
    const auto key = [&] { return crypto::SigningKey::generate(world.entropy).public_key(); };
    const protocol::Invite invite{
        .id = named<protocol::InviteId>(9),
        .signing_key = key(),
        .box_key = world.fresh_device().box.public_key(),
        .role = Role::organiser,
        .member = {},
        .turfs = {turf},
        .expires = {1},
        .wraps = {}};
    return {
        moved,
        protocol::MemberRole{organiser.member, Role::coordinator, {}},
        invite,
        protocol::TurfCreated{named<protocol::TurfId>(9)},
        protocol::Ungranted{organiser.member, turf, {}},
        protocol::KeyEpoch{turf, {2}, {}, ByteArray<72>{}, {}},
        protocol::Retired{organiser.member, {}},
        protocol::Compromised{organiser.id(), {}}};
}

}  // namespace

TEST_CASE("only a coordinator's device signs, whatever the entry says", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto organiser = world.join(Role::organiser, {turf});
    const auto auditor = world.join(Role::auditor);
    const auto stranger = world.fresh_device();
    for (const auto& body : what_coordinators_say(world, organiser, turf)) {
        INFO("kind " << body.index());
        const crypto::SigningKey* others[] = {
            &organiser.device.signing, &auditor.device.signing, &stranger.signing,
            &world.founder.http, &organiser.device.http};
        for (const auto* key : others) {
            CHECK(world.say(*key, body).error() == RosterError::no_authority);
        }
        Roster copy = world.roster;
        CHECK(copy.append(world.signed_by(world.founder.signing, body)));
    }
}

TEST_CASE("an organiser cannot raise their own role", "[roster]") {
    RosterWorld world;
    const auto organiser = world.join(Role::organiser);
    const protocol::MemberRole raise{organiser.member, Role::coordinator, {}};
    CHECK(world.say(organiser.device.signing, raise).error() == RosterError::no_authority);
    CHECK(world.roster.role_of(organiser.id()) == Role::organiser);
}

TEST_CASE("a signature by another key than the named signer is refused", "[roster]") {
    RosterWorld world;
    auto entry = *protocol::parse_roster_entry(
        world.signed_by(world.founder.http, protocol::TurfCreated{named<protocol::TurfId>(1)}));
    entry.signatures[0].signer = world.founder.signing.public_key();
    CHECK(world.roster.append(encode(entry)).error() == RosterError::bad_signature);
}

TEST_CASE("an entry with two signatures is refused, even by two coordinators", "[roster]") {
    RosterWorld world;
    const auto second = world.join(Role::coordinator);
    auto entry = *protocol::parse_roster_entry(
        world.signed_by(world.founder.signing, protocol::TurfCreated{named<protocol::TurfId>(1)}));
    const Bytes message = message_to_sign(world.roster.workspace(), entry);
    entry.signatures.push_back(
        {second.device.signing.public_key(), second.device.signing.sign(message)});
    CHECK(world.roster.append(encode(entry)).error() == RosterError::no_authority);
}

TEST_CASE("the recovery key appoints and removes coordinators and does nothing else", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto organiser = world.join(Role::organiser, {turf});
    for (const auto& body : what_coordinators_say(world, organiser, turf)) {
        if (std::holds_alternative<protocol::MemberRole>(body)) continue;
        INFO("kind " << body.index());
        CHECK(world.say(world.recovery, body).error() == RosterError::no_authority);
    }
    const auto role = [&](Role to) { return protocol::MemberRole{organiser.member, to, {}}; };
    CHECK(world.say(world.recovery, role(Role::auditor)).error() == RosterError::no_authority);
    CHECK(world.say(world.recovery, role(Role::coordinator)));
    CHECK(
        world.say(world.recovery, protocol::MemberRole{world.founder_member, Role::organiser, {}}));
    CHECK(world.roster.role_of(organiser.id()) == Role::coordinator);
    CHECK(world.roster.role_of(world.founder.device()) == Role::organiser);
}

TEST_CASE("the last coordinator cannot be removed, retired or declared compromised", "[roster]") {
    RosterWorld world;
    const protocol::MemberRole down{world.founder_member, Role::organiser, {}};
    CHECK(world.say(down).error() == RosterError::last_coordinator);
    CHECK(world.say(world.recovery, down).error() == RosterError::last_coordinator);
    CHECK(
        world.say(protocol::Retired{world.founder_member, {}}).error() ==
        RosterError::last_coordinator);
    CHECK(
        world.say(protocol::Retired{world.founder.device(), {}}).error() ==
        RosterError::last_coordinator);
    CHECK(
        world.say(protocol::Compromised{world.founder.device(), {}}).error() ==
        RosterError::last_coordinator);
    const auto second = world.join(Role::coordinator);
    CHECK(world.say(protocol::Retired{world.founder_member, {}}));
    CHECK(
        world.say(second.device.signing, protocol::Retired{second.id(), {}}).error() ==
        RosterError::last_coordinator);
}

TEST_CASE("a retired or demoted coordinator signs nothing more", "[roster]") {
    RosterWorld world;
    const auto second = world.join(Role::coordinator);
    const auto third = world.join(Role::coordinator);
    REQUIRE(world.say(protocol::Retired{second.id(), {}}));
    REQUIRE(world.say(protocol::MemberRole{third.member, Role::auditor, {}}));
    for (const auto* key : {&second.device.signing, &third.device.signing}) {
        CHECK(
            world.say(*key, protocol::TurfCreated{named<protocol::TurfId>(1)}).error() ==
            RosterError::no_authority);
    }
}

TEST_CASE(
    "a member or device ends once, except that a retired one may prove compromised", "[roster]") {
    RosterWorld world;
    const auto one = world.join(Role::organiser);
    REQUIRE(world.say(protocol::Retired{one.id(), {}}));
    const auto ended = world.now();
    CHECK(world.say(protocol::Retired{one.id(), {}}).error() == RosterError::already_exists);
    CHECK(world.say(protocol::Compromised{one.id(), {}}));
    CHECK(world.say(protocol::Compromised{one.id(), {}}).error() == RosterError::already_exists);
    const RosterDevice* device = world.roster.find(one.id());
    REQUIRE(device->ended);
    CHECK(device->ended->at == ended);
    CHECK(device->ended->compromised);
}

TEST_CASE("retiring a member ends all of their devices", "[roster]") {
    RosterWorld world;
    const auto one = world.join(Role::organiser);
    const auto two = world.join({.role = Role::organiser, .turfs = {}, .member = one.member});
    REQUIRE(world.say(protocol::Retired{one.member, {}}));
    CHECK_FALSE(world.roster.is_active(one.id()));
    CHECK_FALSE(world.roster.is_active(two.id()));
    CHECK(
        world.say(protocol::MemberRole{one.member, Role::coordinator, {}}).error() ==
        RosterError::unknown_target);
}

TEST_CASE("entries about what is not there are refused", "[roster]") {
    RosterWorld world;
    const auto nobody = named<protocol::MemberId>(7);
    const auto nowhere = named<protocol::TurfId>(7);
    const auto refused = [&](const protocol::RosterBody& body) { return world.say(body).error(); };
    CHECK(refused(protocol::MemberRole{nobody, Role::auditor, {}}) == RosterError::unknown_target);
    CHECK(
        refused(protocol::Granted{nobody, world.roster.common(), {}}) ==
        RosterError::unknown_target);
    CHECK(
        refused(protocol::Granted{world.founder_member, nowhere, {}}) ==
        RosterError::unknown_target);
    CHECK(
        refused(protocol::Ungranted{world.founder_member, nowhere, {}}) ==
        RosterError::unknown_target);
    CHECK(refused(protocol::KeyEpoch{nowhere, {1}, {}, {}, {}}) == RosterError::unknown_target);
    CHECK(refused(protocol::Retired{nobody, {}}) == RosterError::unknown_target);
    CHECK(
        refused(protocol::Compromised{named<protocol::DeviceId>(7), {}}) ==
        RosterError::unknown_target);
    CHECK(
        refused(protocol::InviteCancelled{named<protocol::InviteId>(7)}) ==
        RosterError::unknown_target);
    CHECK(refused(protocol::CloseLateWork{{1}, {}}) == RosterError::unknown_target);
    CHECK(refused(protocol::Adopt{{1}, {}}) == RosterError::unknown_target);
    CHECK(refused(protocol::Reject{{99}, {}}) == RosterError::unknown_target);
    CHECK(refused(protocol::Approve{{1}, {}}) == RosterError::unknown_target);
}

TEST_CASE("a turf is created once, and its epochs follow each other", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const ByteArray<72> previous{};
    CHECK(world.say(protocol::TurfCreated{turf}).error() == RosterError::already_exists);
    CHECK(
        world.say(protocol::TurfCreated{world.roster.common()}).error() ==
        RosterError::already_exists);
    CHECK(
        world.say(protocol::KeyEpoch{turf, {1}, {}, {}, {}}).error() ==
        RosterError::already_exists);
    CHECK(
        world.say(protocol::KeyEpoch{turf, {3}, {}, previous, {}}).error() ==
        RosterError::contradiction);
    const auto before = world.now();
    CHECK(world.say(protocol::KeyEpoch{turf, {2}, {}, previous, {}}));
    CHECK(world.roster.current_epoch(turf) == protocol::Epoch{2});
    CHECK(world.roster.current_epoch(turf, before) == protocol::Epoch{1});
    CHECK_FALSE(world.roster.key_commitment(turf, {0}));
    CHECK_FALSE(world.roster.key_commitment(turf, {3}));
}

TEST_CASE("what would change nothing is refused", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto organiser = world.join(Role::organiser, {turf});
    CHECK(
        world.say(protocol::Granted{organiser.member, turf, {}}).error() ==
        RosterError::already_exists);
    CHECK(
        world.say(protocol::MemberRole{organiser.member, Role::organiser, {}}).error() ==
        RosterError::already_exists);
    CHECK(world.say(world.hub).error() == RosterError::already_exists);
    CHECK(
        world.say(protocol::Granted{organiser.member, world.roster.common(), {}}).error() ==
        RosterError::contradiction);
}

TEST_CASE("a hub's epoch never falls, and another key needs a new one", "[roster]") {
    RosterWorld world;
    protocol::HubEntry hub = world.hub;
    hub.epoch = 3;
    REQUIRE(world.say(hub));
    hub.epoch = 2;
    CHECK(world.say(hub).error() == RosterError::contradiction);
    hub.epoch = 3;
    hub.signing_key = crypto::SigningKey::generate(world.entropy).public_key();
    CHECK(world.say(hub).error() == RosterError::contradiction);
    hub.epoch = 4;
    CHECK(world.say(hub));
    CHECK(world.roster.hub() == hub);
}

TEST_CASE("a second genesis is refused", "[roster]") {
    RosterWorld world;
    auto entry = world.roster.entry_at({0});
    std::get<protocol::Genesis>(entry.body).founder = named<protocol::MemberId>(3);
    CHECK(world.roster.append(encode(entry)).error() == RosterError::other_workspace);
    entry.position = world.roster.next_position();
    entry.predecessor = world.roster.last_hash();
    CHECK(world.roster.append(encode(entry)).error() == RosterError::malformed);
}

TEST_CASE("a decision is about an entry that took authority away in its own way", "[roster]") {
    RosterWorld world;
    const auto one = world.join(Role::organiser);
    const auto two = world.join(Role::organiser);
    REQUIRE(world.say(protocol::Retired{one.id(), {}}));
    const auto retired = world.now();
    REQUIRE(world.say(protocol::Compromised{two.id(), {}}));
    const auto compromised = world.now();
    CHECK(world.say(protocol::Adopt{retired, {}}).error() == RosterError::contradiction);
    CHECK(
        world.say(protocol::CloseLateWork{compromised, {}}).error() == RosterError::contradiction);
    CHECK(world.say(protocol::CloseLateWork{retired, {}}));
    CHECK(world.say(protocol::Adopt{compromised, {}}));
    CHECK(world.say(protocol::Reject{compromised, {}}));
}

TEST_CASE("a decision about late work finds the turf that was taken", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto organiser = world.join(Role::organiser, {turf});
    REQUIRE(world.say(protocol::Ungranted{organiser.member, turf, {}}));
    CHECK(world.say(protocol::CloseLateWork{world.now(), {}}));
}

TEST_CASE("a decision about late work finds the demotion that it is about", "[roster]") {
    RosterWorld world;
    const auto organiser = world.join(Role::organiser);
    REQUIRE(world.say(protocol::MemberRole{organiser.member, Role::auditor, {}}));
    CHECK(world.say(protocol::CloseLateWork{world.now(), {}}));
    REQUIRE(world.say(protocol::MemberRole{organiser.member, Role::organiser, {}}));
    CHECK(
        world.say(protocol::CloseLateWork{world.now(), {}}).error() == RosterError::unknown_target);
}

}  // namespace vereda::engine
