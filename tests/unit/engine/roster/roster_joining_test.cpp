#include <catch2/catch.hpp>

#include "tests/unit/engine/roster/roster_world.h"

namespace vereda::engine {
namespace {

using protocol::MemberId;
using protocol::Role;
using protocol::RosterEntry;
using test::RosterWorld;

MemberId someone(RosterWorld& world) { return {world.entropy.bytes<16>()}; }

std::expected<RosterAppended, RosterError> enrol(RosterWorld& world, const RosterEntry& enrolment) {
    return world.roster.append(encode(placed(enrolment, world.roster)));
}

/// An enrolment of any body, signed by any three keys.
RosterEntry signed_enrolment(
    const protocol::InviteCode& code, const protocol::DeviceEnrolled& body,
    const crypto::SigningKey& invite, const crypto::SigningKey& device,
    const crypto::SigningKey& http) {
    const Bytes message = enrolment_to_sign(code.workspace, code.hash, body);
    RosterEntry entry{.position = {1}, .predecessor = code.hash, .body = body};
    for (const auto* key : {&invite, &device, &http}) {
        entry.signatures.push_back({key->public_key(), key->sign(message)});
    }
    return entry;
}

}  // namespace

TEST_CASE("who joins by invite has its role and turfs and no others", "[roster]") {
    RosterWorld world;
    const auto mine = world.make_turf();
    world.make_turf();
    const auto organiser = world.join(Role::organiser, {mine});
    CHECK(world.roster.role_of(organiser.id()) == Role::organiser);
    CHECK(world.roster.member_of(organiser.id()) == organiser.member);
    CHECK(world.roster.turfs_of(organiser.id()) == std::vector{world.roster.common(), mine});
    const auto coordinator = world.join(Role::coordinator);
    CHECK(world.roster.turfs_of(coordinator.id()).size() == 3);
}

TEST_CASE("an enrolment holds wherever it comes to stand behind its invite", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    const auto device = world.fresh_device();
    const auto enrolment = make_enrolment(invited.code, someone(world), device);
    world.make_turf();
    world.make_turf();
    CHECK(enrol(world, enrolment));
    CHECK(world.roster.is_active(device.device()));
}

TEST_CASE("an invite does not list common, which is everybody's", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    auto invite = world.roster.find_invite(invited.entry.position)->body;
    invite.id.bytes[0] ^= 1;
    invite.signing_key = crypto::SigningKey::generate(world.entropy).public_key();
    invite.box_key = crypto::BoxKey::generate(world.entropy).public_key();
    invite.turfs = {world.roster.common()};
    CHECK(world.say(invite).error() == RosterError::contradiction);
    invite.turfs.clear();
    CHECK(world.say(invite));
}

TEST_CASE("an invite is used once", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    REQUIRE(enrol(world, make_enrolment(invited.code, someone(world), world.fresh_device())));
    CHECK(
        enrol(world, make_enrolment(invited.code, someone(world), world.fresh_device())).error() ==
        RosterError::invite_used);
    const RosterInvite* invite = world.roster.find_invite(invited.entry.position);
    REQUIRE(invite != nullptr);
    CHECK(invite->status == RosterInvite::Status::used);
    CHECK(world.roster.open_invites().empty());
}

TEST_CASE("a cancelled invite opens nothing, and a used one cannot be cancelled", "[roster]") {
    RosterWorld world;
    const Invited first = world.make_invite({});
    const Invited second = world.make_invite({});
    const auto id_of = [&](const Invited& invited) {
        return world.roster.find_invite(invited.entry.position)->body.id;
    };
    REQUIRE(world.say(protocol::InviteCancelled{id_of(first)}));
    CHECK(
        enrol(world, make_enrolment(first.code, someone(world), world.fresh_device())).error() ==
        RosterError::invite_cancelled);
    CHECK(
        world.say(protocol::InviteCancelled{id_of(first)}).error() ==
        RosterError::invite_cancelled);
    REQUIRE(enrol(world, make_enrolment(second.code, someone(world), world.fresh_device())));
    CHECK(world.say(protocol::InviteCancelled{id_of(second)}).error() == RosterError::invite_used);
}

TEST_CASE(
    "an enrolment needs the invite's key, the device's and the HTTP key, in that order",
    "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    const auto device = world.fresh_device();
    const auto good = make_enrolment(invited.code, someone(world), device);
    for (std::size_t missing = 0; missing < 3; ++missing) {
        RosterEntry entry = good;
        entry.signatures.erase(entry.signatures.begin() + static_cast<std::ptrdiff_t>(missing));
        CHECK(enrol(world, entry).error() == RosterError::no_authority);
    }
    RosterEntry swapped = good;
    std::swap(swapped.signatures[1], swapped.signatures[2]);
    CHECK(enrol(world, swapped).error() == RosterError::no_authority);
    for (std::size_t forged = 0; forged < 3; ++forged) {
        RosterEntry entry = good;
        entry.signatures[forged].signature[5] ^= 1;
        CHECK(enrol(world, entry).error() == RosterError::bad_signature);
    }
    CHECK(enrol(world, good));
}

TEST_CASE("a bearer of another invite cannot use this one", "[roster]") {
    RosterWorld world;
    const Invited coordinators =
        world.make_invite({.role = Role::coordinator, .turfs = {}, .member = {}});
    const Invited organisers = world.make_invite({});
    protocol::InviteCode mixed = coordinators.code;
    mixed.secret = organisers.code.secret;
    CHECK(
        enrol(world, make_enrolment(mixed, someone(world), world.fresh_device())).error() ==
        RosterError::no_authority);
    mixed = coordinators.code;
    mixed.hash = organisers.code.hash;
    CHECK(
        enrol(world, make_enrolment(mixed, someone(world), world.fresh_device())).error() ==
        RosterError::bad_signature);
}

TEST_CASE("an enrolment for another workspace is refused", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    protocol::InviteCode elsewhere = invited.code;
    elsewhere.workspace.bytes[0] ^= 1;
    CHECK(
        enrol(world, make_enrolment(elsewhere, someone(world), world.fresh_device())).error() ==
        RosterError::bad_signature);
}

TEST_CASE("an enrolment naming an entry that is no invite is refused", "[roster]") {
    RosterWorld world;
    Invited invited = world.make_invite({});
    invited.code.position = {1};
    CHECK(
        enrol(world, make_enrolment(invited.code, someone(world), world.fresh_device())).error() ==
        RosterError::unknown_target);
}

TEST_CASE("a newcomer cannot take an existing member's name", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    CHECK(
        enrol(world, make_enrolment(invited.code, world.founder_member, world.fresh_device()))
            .error() == RosterError::already_exists);
}

TEST_CASE("a further device joins its member and brings neither role nor turf", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto one = world.join(Role::organiser, {turf});
    const InviteOffer offer{.role = Role::organiser, .turfs = {turf}, .member = one.member};
    const Invited invited = world.make_invite(offer);
    CHECK(
        enrol(world, make_enrolment(invited.code, someone(world), world.fresh_device())).error() ==
        RosterError::contradiction);
    const auto further = world.join(offer);
    CHECK(world.roster.find(one.member)->devices == std::vector{one.id(), further.id()});
    CHECK(world.roster.turfs_of(further.id()) == world.roster.turfs_of(one.id()));

    const auto refused = [&](const InviteOffer& asked) {
        return world.writer().invite(asked, world.keys(), world.clock).error();
    };
    const auto other = world.make_turf();
    CHECK(
        refused({.role = Role::coordinator, .turfs = {}, .member = one.member}) ==
        RosterWriteError::refused);
    CHECK(
        refused({.role = Role::organiser, .turfs = {other}, .member = one.member}) ==
        RosterWriteError::refused);
    CHECK(
        refused({.role = Role::organiser, .turfs = {}, .member = someone(world)}) ==
        RosterWriteError::unknown_member);
}

TEST_CASE("a further device's invite is worth nothing once its member has left", "[roster]") {
    RosterWorld world;
    const auto one = world.join(Role::organiser);
    const Invited invited =
        world.make_invite({.role = Role::organiser, .turfs = {}, .member = one.member});
    REQUIRE(world.say(protocol::Retired{one.member, {}}));
    CHECK(
        enrol(world, make_enrolment(invited.code, one.member, world.fresh_device())).error() ==
        RosterError::unknown_target);
}

TEST_CASE(
    "a further device has its member's present role, not the one at the time of its invite",
    "[roster]") {
    RosterWorld world;
    const auto one = world.join(Role::coordinator);
    const Invited invited =
        world.make_invite({.role = Role::coordinator, .turfs = {}, .member = one.member});
    REQUIRE(world.say(protocol::MemberRole{one.member, Role::auditor, {}}));
    const auto device = world.fresh_device();
    REQUIRE(enrol(world, make_enrolment(invited.code, one.member, device)));
    CHECK(world.roster.role_of(device.device()) == Role::auditor);
}

TEST_CASE("keys of small order, off the curve or not canonical are not enrolled", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    const auto device = world.fresh_device();
    const auto invite_key = protocol::invite_signing_key(invited.code.secret);
    ByteArray<32> identity{1}, off_curve{2}, zeros{};
    ByteArray<32> not_canonical;
    not_canonical.fill(0xff);
    for (const auto& bad : {identity, off_curve, zeros, not_canonical}) {
        protocol::DeviceEnrolled body{
            .invite = invited.code.position,
            .member = someone(world),
            .keys = device.public_keys()};
        body.keys.http = bad;
        auto entry = signed_enrolment(invited.code, body, invite_key, device.signing, device.http);
        entry.signatures[2].signer = bad;
        CHECK_FALSE(enrol(world, entry));
    }
    for (const auto& bad : {zeros, identity}) {
        protocol::DeviceEnrolled body{
            .invite = invited.code.position,
            .member = someone(world),
            .keys = device.public_keys()};
        body.keys.box = bad;
        const auto entry =
            signed_enrolment(invited.code, body, invite_key, device.signing, device.http);
        CHECK(enrol(world, entry).error() == RosterError::invalid_key);
    }
}

TEST_CASE("an invite or hub with an invalid key is refused", "[roster]") {
    RosterWorld world;
    auto hub = world.hub;
    hub.epoch = 2;
    hub.signing_key = {1};
    CHECK(world.say(hub).error() == RosterError::invalid_key);
    protocol::Invite invite{.id = {world.entropy.bytes<16>()}};
    invite.signing_key = {1};
    invite.box_key = world.fresh_device().box.public_key();
    CHECK(world.say(invite).error() == RosterError::invalid_key);
    invite.signing_key = world.fresh_device().http.public_key();
    invite.box_key = {};
    CHECK(world.say(invite).error() == RosterError::invalid_key);
}

TEST_CASE("a key serves one purpose, once", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    const auto device = world.fresh_device();
    const auto invite_key = protocol::invite_signing_key(invited.code.secret);
    const auto with = [&](const crypto::SigningKey& signing, const crypto::SigningKey& http,
                          const crypto::BoxPublicKey& box) {
        const protocol::DeviceEnrolled body{
            .invite = invited.code.position,
            .member = {},
            .keys = {{signing.public_key()}, box, http.public_key()}};
        return enrol(world, signed_enrolment(invited.code, body, invite_key, signing, http));
    };
    const auto& box = device.box.public_key();
    CHECK(with(device.signing, device.signing, box).error() == RosterError::key_in_use);
    CHECK(with(device.signing, invite_key, box).error() == RosterError::key_in_use);
    CHECK(with(world.founder.signing, device.http, box).error() == RosterError::key_in_use);
    CHECK(with(device.signing, world.recovery, box).error() == RosterError::key_in_use);
    CHECK(
        with(device.signing, device.http, world.founder.box.public_key()).error() ==
        RosterError::key_in_use);
    CHECK(with(device.signing, device.http, box));
}

TEST_CASE("an invite's expiry is not decided by who reads the chain", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({.valid_for_ms = -1000, .member = {}});
    CHECK(world.roster.find_invite(invited.entry.position)->body.expires < world.clock.now());
    CHECK(enrol(world, make_enrolment(invited.code, someone(world), world.fresh_device())));
}

TEST_CASE("an invite repeats no earlier invite's name", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    protocol::Invite body = world.roster.find_invite(invited.entry.position)->body;
    CHECK(world.say(body).error() == RosterError::already_exists);
    body.id = {world.entropy.bytes<16>()};
    CHECK(world.say(body).error() == RosterError::key_in_use);
}

}  // namespace vereda::engine
