#include <catch2/catch.hpp>

#include "tests/unit/engine/roster/roster_world.h"

namespace vereda::engine {
namespace {

using protocol::Role;
using protocol::TurfCreated;
using protocol::TurfId;
using test::RosterWorld;

TurfId some_turf(std::uint8_t name = 1) {
    TurfId turf;
    turf.bytes.fill(name);
    return turf;
}

std::vector<Bytes> entries_of(const Roster& roster) {
    std::vector<Bytes> entries;
    for (std::uint64_t at = 0; at < roster.size(); ++at) {
        const ByteView wire = roster.wire_at({at});
        entries.emplace_back(wire.begin(), wire.end());
    }
    return entries;
}

/// A busy workspace: turfs, members of every role, a further device.
void populate(RosterWorld& world) {
    const TurfId turf = world.make_turf();
    world.make_turf();
    const auto organiser = world.join(Role::organiser, {turf});
    world.join(Role::coordinator);
    world.join(Role::auditor);
    world.join({.role = Role::organiser, .turfs = {turf}, .member = organiser.member});
}

}  // namespace

TEST_CASE(
    "a founded workspace has a coordinator, a hub and a key for what everyone shares", "[roster]") {
    RosterWorld world;
    CHECK(world.roster.size() == 3);
    CHECK(world.roster.role_of(world.founder.device()) == Role::coordinator);
    CHECK(world.roster.hub() == world.hub);
    CHECK(world.roster.current_epoch(world.roster.common()) == protocol::Epoch{1});
    CHECK(world.roster.turfs_of(world.founder.device()) == std::vector{world.roster.common()});
}

TEST_CASE("a roster begins with the pinned genesis and no other", "[roster]") {
    RosterWorld world(1), other(2);
    Roster roster(world.roster.workspace());
    CHECK(roster.append(other.roster.wire_at({0})).error() == RosterError::other_workspace);
    CHECK(roster.append(world.roster.wire_at({1})).error() == RosterError::gap);
    CHECK(roster.empty());
    CHECK(roster.append(world.roster.wire_at({0})) == RosterAppended::appended);
}

TEST_CASE("a genesis signed by another key is refused", "[roster]") {
    RosterWorld world;
    auto genesis = world.roster.entry_at({0});
    const auto other = crypto::SigningKey::generate(world.entropy);
    const Bytes message = message_to_sign({}, genesis);
    Roster roster(workspace_of_genesis(genesis));
    genesis.signatures = {{other.public_key(), other.sign(message)}};
    CHECK(roster.append(encode(genesis)).error() == RosterError::no_authority);
    genesis.signatures = {{world.founder.signing.public_key(), other.sign(message)}};
    CHECK(roster.append(encode(genesis)).error() == RosterError::bad_signature);
}

TEST_CASE("appending an entry again is harmless", "[roster]") {
    RosterWorld world;
    world.make_turf();
    const std::uint64_t size = world.roster.size();
    for (const Bytes& wire : entries_of(world.roster)) {
        CHECK(world.roster.append(wire) == RosterAppended::already_had);
    }
    CHECK(world.roster.size() == size);
    CHECK(world.roster.forks().empty());
}

TEST_CASE("the same entry under another of its author's signatures is the same entry", "[roster]") {
    RosterWorld world;
    auto entry = world.roster.entry_at(world.now());
    entry.signatures[0].signature[0] ^= 1;
    CHECK(world.roster.append(encode(entry)) == RosterAppended::already_had);
}

TEST_CASE("an entry further on than the next is a gap", "[roster]") {
    RosterWorld world;
    auto entry = world.roster.entry_at(world.now());
    entry.position = {entry.position.value + 2};
    CHECK(world.roster.append(encode(entry)).error() == RosterError::gap);
}

TEST_CASE("an entry on another predecessor is refused", "[roster]") {
    RosterWorld world;
    protocol::RosterEntry entry{
        .position = world.roster.next_position(),
        .predecessor = *world.roster.hash_at({1}),
        .body = TurfCreated{some_turf()}};
    const Bytes message = message_to_sign(world.roster.workspace(), entry);
    entry.signatures = {{world.founder.signing.public_key(), world.founder.signing.sign(message)}};
    CHECK(world.roster.append(encode(entry)).error() == RosterError::wrong_predecessor);
}

TEST_CASE("an entry of one workspace is no entry of another with the same people", "[roster]") {
    RosterWorld world;
    protocol::RosterEntry entry{
        .position = world.roster.next_position(),
        .predecessor = world.roster.last_hash(),
        .body = TurfCreated{some_turf()}};
    protocol::WorkspaceId other = world.roster.workspace();
    other.bytes[0] ^= 1;
    const Bytes message = message_to_sign(other, entry);
    entry.signatures = {{world.founder.signing.public_key(), world.founder.signing.sign(message)}};
    CHECK(world.roster.append(encode(entry)).error() == RosterError::bad_signature);
}

TEST_CASE("an entry with any byte flipped is refused and changes nothing", "[roster]") {
    const std::uint64_t seed = Catch::rngSeed();
    INFO("seed " << seed);
    RosterWorld world(seed);
    populate(world);
    Roster roster(world.roster.workspace());
    crypto::SeededEntropy entropy(seed);
    for (const Bytes& wire : entries_of(world.roster)) {
        for (int round = 0; round < 40; ++round) {
            const auto dice = entropy.bytes<3>();
            Bytes changed = wire;
            const std::size_t at = static_cast<std::size_t>(dice[0] << 8 | dice[1]) % wire.size();
            changed[at] = static_cast<std::uint8_t>(changed[at] ^ (dice[2] | 1));
            INFO("position " << roster.size() << ", byte " << at);
            const auto judged = roster.append(changed);
            REQUIRE_FALSE(judged);
        }
        REQUIRE(roster.append(wire) == RosterAppended::appended);
    }
    CHECK(roster.last_hash() == world.roster.last_hash());
    CHECK(roster.forks().empty());
}

TEST_CASE("an entry of a later version's kind says that it is newer", "[roster]") {
    RosterWorld world;
    Bytes wire = world.signed_by(world.founder.signing, TurfCreated{some_turf()});
    wire[1] = protocol::roster_kind_last + 1;
    CHECK(world.roster.append(wire).error() == RosterError::newer_version);
}

TEST_CASE(
    "a roster reloaded under a trusted hash answers like the one that was verified", "[roster]") {
    RosterWorld world;
    populate(world);
    const auto again = Roster::reload(
        world.roster.workspace(), entries_of(world.roster), world.roster.last_hash());
    REQUIRE(again);
    CHECK(again->last_hash() == world.roster.last_hash());
    for (const RosterDevice& device : world.roster.devices()) {
        CHECK(again->turfs_of(device.keys.device) == world.roster.turfs_of(device.keys.device));
    }
}

TEST_CASE(
    "a roster does not reload under another hash, shortened, or with an entry changed",
    "[roster]") {
    RosterWorld world;
    populate(world);
    auto entries = entries_of(world.roster);
    const auto trusted = world.roster.last_hash();
    const auto workspace = world.roster.workspace();
    CHECK_FALSE(Roster::reload(workspace, entries, *world.roster.hash_at({1})));
    CHECK_FALSE(Roster::reload(workspace, std::span(entries).first(entries.size() - 1), trusted));
    CHECK_FALSE(Roster::reload(workspace, {}, trusted));
    auto last = world.roster.entry_at(world.now());
    std::get<protocol::DeviceEnrolled>(last.body).keys.http[0] ^= 1;
    last.signatures[2].signer[0] ^= 1;
    entries.back() = encode(last);
    CHECK_FALSE(Roster::reload(workspace, entries, trusted));
}

TEST_CASE("two valid entries with one predecessor are evidence of a fork", "[roster]") {
    RosterWorld world;
    const Bytes ours = world.signed_by(world.founder.signing, TurfCreated{some_turf(1)});
    const Bytes theirs = world.signed_by(world.founder.signing, TurfCreated{some_turf(2)});
    REQUIRE(world.roster.append(ours));
    const auto position = world.now();
    world.make_turf();
    for (int meeting = 0; meeting < 2; ++meeting) {
        CHECK(world.roster.append(theirs).error() == RosterError::fork);
        REQUIRE(world.roster.forks().size() == 1);
    }
    CHECK(world.roster.forks()[0].position == position);
    CHECK(world.roster.forks()[0].ours == ours);
    CHECK(world.roster.forks()[0].theirs == theirs);
    CHECK(world.roster.find(some_turf(2)) == nullptr);
}

TEST_CASE("a second entry by somebody without authority is no evidence of a fork", "[roster]") {
    RosterWorld world;
    const auto stranger = crypto::SigningKey::generate(world.entropy);
    const Bytes theirs = world.signed_by(stranger, TurfCreated{some_turf(2)});
    world.make_turf();
    CHECK(world.roster.append(theirs).error() == RosterError::no_authority);
    CHECK(world.roster.forks().empty());
}

TEST_CASE("authority for a fork is judged where it forks, not at the end", "[roster]") {
    RosterWorld world;
    const auto second = world.join(Role::coordinator);
    const Bytes theirs = world.signed_by(second.device.signing, TurfCreated{some_turf()});
    REQUIRE(world.say(protocol::Retired{second.member, {}}));
    CHECK(world.roster.append(theirs).error() == RosterError::fork);
}

TEST_CASE("the time at which the hub took an entry is kept beside it", "[roster]") {
    RosterWorld world;
    CHECK_FALSE(world.roster.accepted_at({1}));
    world.roster.note_accepted({1}, {123});
    CHECK(world.roster.accepted_at({1}) == protocol::Millis{123});
    CHECK_FALSE(world.roster.accepted_at({99}));
}

TEST_CASE("a fork is settled only on the common part that this roster has", "[roster]") {
    RosterWorld world;
    protocol::ResolveFork body{
        .common = {1}, .common_hash = *world.roster.hash_at({1}), .left = {{{2}, {}}}};
    CHECK(world.say(body));
    body.common_hash.bytes[0] ^= 1;
    CHECK(world.say(body).error() == RosterError::contradiction);
}

}  // namespace vereda::engine
