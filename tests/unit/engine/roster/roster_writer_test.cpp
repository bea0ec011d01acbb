#include "engine/roster/roster_writer.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "protocol/log/epoch_keys.h"
#include "tests/unit/engine/roster/roster_world.h"

namespace vereda::engine {
namespace {

using protocol::Role;
using protocol::SealedWrap;
using protocol::TurfId;
using test::RosterWorld;

/// The turfs whose keys this box opens among an entry's wraps; each must be the key that the roster
/// commits to.
std::vector<TurfId> turfs_opened(
    const Roster& roster, const crypto::BoxKey& box, protocol::RosterPosition position,
    const std::vector<SealedWrap>& wraps) {
    std::vector<TurfId> turfs;
    for (const SealedWrap& wrap : wraps) {
        const auto key = protocol::open_wrap(
            box, {roster.workspace(), wrap.turf, wrap.epoch, box.public_key(), position},
            wrap.wrap);
        if (!key) continue;
        CHECK(
            protocol::EpochKeys::derive(key->view()).commitment() ==
            roster.key_commitment(wrap.turf, wrap.epoch));
        turfs.push_back(wrap.turf);
    }
    std::sort(turfs.begin(), turfs.end());
    return turfs;
}

std::vector<TurfId> sorted(std::vector<TurfId> turfs) {
    std::sort(turfs.begin(), turfs.end());
    return turfs;
}

protocol::WrapsRoot root_in(const Roster& roster, const WrittenEntry& entry) {
    const auto& body = roster.entry_at(entry.position).body;
    if (const auto* invite = std::get_if<protocol::Invite>(&body)) return invite->wraps;
    if (const auto* granted = std::get_if<protocol::Granted>(&body)) return granted->wraps;
    return std::get<protocol::KeyEpoch>(body).wraps;
}

}  // namespace

TEST_CASE("founding without a hub makes a workspace that can be written to", "[roster]") {
    RosterWorld world;
    const auto device = world.fresh_device();
    const auto recovery = crypto::SigningKey::generate(world.entropy);
    const Founded made = found(device, recovery.public_key(), std::nullopt, world.entropy);
    CHECK(made.entries.size() == 2);
    Roster roster(made.workspace);
    for (const WrittenEntry& entry : made.entries) REQUIRE(roster.append(entry.wire));
    CHECK_FALSE(roster.hub());
    CHECK(
        turfs_opened(roster, device.box, made.entries[1].position, made.entries[1].wraps) ==
        std::vector{roster.common()});
    const RosterWriter writer(roster, device.signing, world.entropy);
    CHECK(writer.create_turf());
    FakeClock clock({0});
    CHECK(
        writer
            .invite(
                {}, [](auto, auto) { return nullptr; }, clock)
            .error() == RosterWriteError::no_hub);
}

TEST_CASE("founding is a function of its entropy", "[roster]") {
    const RosterWorld one(7), again(7), other(8);
    CHECK(one.roster.workspace() == again.roster.workspace());
    CHECK(one.roster.workspace() != other.roster.workspace());
}

TEST_CASE(
    "a new turf's key goes to every coordinator's device and open coordinator's invite, and nobody "
    "else",
    "[roster]") {
    RosterWorld world;
    const auto second = world.join(Role::coordinator);
    const auto organiser = world.join(Role::organiser);
    const Invited coming =
        world.make_invite({.role = Role::coordinator, .turfs = {}, .member = {}});
    const Invited organiser_coming = world.make_invite({});
    const auto gone = world.join(Role::coordinator);
    REQUIRE(world.say(protocol::Retired{gone.id(), {}}));

    const auto made = world.writer().create_turf();
    REQUIRE(made);
    world.take(made->entries);
    const WrittenEntry& epoch = made->entries[1];
    const auto opens = [&](const crypto::BoxKey& box) {
        return turfs_opened(world.roster, box, epoch.position, epoch.wraps) ==
               std::vector{made->turf};
    };
    CHECK(epoch.wraps.size() == 3);
    CHECK(opens(world.founder.box));
    CHECK(opens(second.device.box));
    CHECK(opens(protocol::invite_box_key(coming.code.secret, coming.share)));
    CHECK_FALSE(opens(organiser.device.box));
    CHECK_FALSE(opens(gone.device.box));
    CHECK_FALSE(
        opens(protocol::invite_box_key(organiser_coming.code.secret, organiser_coming.share)));
}

TEST_CASE(
    "an organiser's invite carries the keys of its turfs and of common, a coordinator's of all",
    "[roster]") {
    RosterWorld world;
    const auto one = world.make_turf();
    const auto two = world.make_turf();
    const auto all = sorted({world.roster.common(), one, two});
    const auto keys_of = [&](const InviteOffer& offer) {
        const Invited invited = world.make_invite(offer);
        const auto box = protocol::invite_box_key(invited.code.secret, invited.share);
        return turfs_opened(world.roster, box, invited.entry.position, invited.entry.wraps);
    };
    CHECK(
        keys_of({.role = Role::organiser, .turfs = {two, two}, .member = {}}) ==
        sorted({world.roster.common(), two}));
    CHECK(
        keys_of({.role = Role::auditor, .turfs = {}, .member = {}}) ==
        std::vector{world.roster.common()});
    CHECK(keys_of({.role = Role::coordinator, .turfs = {one}, .member = {}}) == all);
}

TEST_CASE(
    "an invite's wraps open neither with the code alone nor with the share alone", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({});
    const ByteArray<32> no_share{};
    const ByteArray<16> no_secret{};
    for (const auto& box :
         {protocol::invite_box_key(invited.code.secret, no_share),
          protocol::invite_box_key(no_secret, invited.share)}) {
        CHECK(turfs_opened(world.roster, box, invited.entry.position, invited.entry.wraps).empty());
    }
}

TEST_CASE("an invite's code says where the invite stands and where the hub is", "[roster]") {
    RosterWorld world;
    const Invited invited = world.make_invite({.valid_for_ms = 5000, .member = {}});
    const auto code = protocol::parse_invite_code(protocol::print_invite_code(invited.code));
    REQUIRE(code);
    CHECK(code->hub_url == world.hub.url);
    CHECK(code->hub_pin == world.hub.pin);
    CHECK(code->workspace == world.roster.workspace());
    CHECK(world.roster.hash_at(code->position) == code->hash);
    CHECK(
        world.roster.find_invite(code->position)->body.expires ==
        protocol::Millis{world.clock.now().value + 5000});
}

TEST_CASE("a grant carries the turf's key to every device of the member", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto one = world.join(Role::organiser);
    const auto further = world.join({.role = Role::organiser, .turfs = {}, .member = one.member});
    const auto granted = world.writer().grant(one.member, turf, world.keys());
    REQUIRE(granted);
    world.take(*granted);
    for (const auto* box : {&one.device.box, &further.device.box}) {
        CHECK(
            turfs_opened(world.roster, *box, granted->position, granted->wraps) ==
            std::vector{turf});
    }
    CHECK(world.roster.holds_turf(further.id(), turf));
    CHECK(
        world.writer().grant(one.member, turf, world.keys()).error() ==
        RosterWriteError::already_granted);
}

TEST_CASE("the wraps of a written entry are those under its root, in order", "[roster]") {
    RosterWorld world;
    world.join(Role::coordinator);
    const auto made = world.writer().create_turf();
    REQUIRE(made);
    world.take(made->entries);
    const WrittenEntry& epoch = made->entries[1];
    CHECK(protocol::wraps_root(epoch.wraps) == root_in(world.roster, epoch));
    for (std::size_t index = 0; index < epoch.wraps.size(); ++index) {
        const auto path = protocol::wrap_path(epoch.wraps, index);
        CHECK(protocol::verify_wrap_path(
            root_in(world.roster, epoch), epoch.wraps[index], index, path));
    }
    const auto by_place = [](const SealedWrap& a, const SealedWrap& b) {
        return std::tie(a.turf, a.epoch, a.recipient) < std::tie(b.turf, b.epoch, b.recipient);
    };
    CHECK(std::is_sorted(epoch.wraps.begin(), epoch.wraps.end(), by_place));
}

TEST_CASE("a device that is no coordinator's writes nothing", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto one = world.join(Role::organiser, {turf});
    const RosterWriter writer(world.roster, one.device.signing, world.entropy);
    CHECK(writer.create_turf().error() == RosterWriteError::no_authority);
    CHECK(writer.grant(one.member, turf, world.keys()).error() == RosterWriteError::no_authority);
    CHECK(writer.invite({}, world.keys(), world.clock).error() == RosterWriteError::no_authority);
    CHECK(writer.announce_hub(world.hub).error() == RosterWriteError::no_authority);
}

TEST_CASE(
    "a coordinator without a turf's key, or with a wrong one, cannot pass it on", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto one = world.join(Role::organiser);
    const auto none = [](auto, auto) -> const crypto::SecretBytes* { return nullptr; };
    const auto wrong_key = crypto::SecretBytes::random(32, world.entropy);
    const auto wrong = [&](auto, auto) { return &wrong_key; };
    CHECK(world.writer().grant(one.member, turf, none).error() == RosterWriteError::no_key);
    CHECK(world.writer().grant(one.member, turf, wrong).error() == RosterWriteError::no_key);
    CHECK(world.writer().invite({}, none, world.clock).error() == RosterWriteError::no_key);
}

TEST_CASE("a writer names what it is asked for and cannot find", "[roster]") {
    RosterWorld world;
    const TurfId nowhere{};
    CHECK(
        world.writer().grant({}, world.roster.common(), world.keys()).error() ==
        RosterWriteError::unknown_member);
    CHECK(
        world.writer().grant(world.founder_member, nowhere, world.keys()).error() ==
        RosterWriteError::unknown_turf);
    CHECK(
        world.writer()
            .invite({.turfs = {nowhere}, .member = {}}, world.keys(), world.clock)
            .error() == RosterWriteError::unknown_turf);
    CHECK(world.writer().announce_hub(world.hub).error() == RosterWriteError::refused);
}

TEST_CASE("a hub announced again is in the next invite", "[roster]") {
    RosterWorld world;
    auto hub = world.hub;
    hub.url = "https://moved.example";
    const auto announced = world.writer().announce_hub(hub);
    REQUIRE(announced);
    world.take(*announced);
    CHECK(world.make_invite({}).code.hub_url == "https://moved.example");
}

TEST_CASE("a further key epoch goes to exactly those who hold the turf", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto inside = world.join(Role::organiser, {turf});
    const auto outside = world.join(Role::organiser);
    const Invited coming =
        world.make_invite({.role = Role::organiser, .turfs = {turf}, .member = {}});
    std::vector<crypto::BoxPublicKey> expected{
        world.founder.box.public_key(), inside.device.box.public_key(),
        protocol::invite_box_key(coming.code.secret, coming.share).public_key()};
    std::sort(expected.begin(), expected.end());
    CHECK(world.roster.key_recipients(turf) == expected);
    CHECK(world.roster.key_recipients(world.roster.common()).size() == 4);
    CHECK(world.roster.coordinator_box_keys() == std::vector{world.founder.box.public_key()});
}

}  // namespace vereda::engine
