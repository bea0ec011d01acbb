#include "tests/unit/engine/roster/roster_world.h"

#include <catch2/catch.hpp>

namespace vereda::engine::test {
namespace {

/// Founds like `found`, with a policy.
Roster founded_with(const std::vector<protocol::PolicyRule>& policy, const RosterWorld& world) {
    protocol::RosterEntry genesis{
        .body = protocol::Genesis{
            world.founder_member, world.founder.public_keys(), world.recovery.public_key(),
            policy}};
    const Bytes message = message_to_sign({}, genesis);
    genesis.signatures = {
        {world.founder.signing.public_key(), world.founder.signing.sign(message)}};
    Roster roster(workspace_of_genesis(genesis));
    REQUIRE(roster.append(encode(genesis)));
    return roster;
}

}  // namespace

RosterWorld::RosterWorld(std::uint64_t seed, const std::vector<protocol::PolicyRule>& policy)
    : entropy(seed),
      founder(DeviceSecrets::generate(entropy)),
      recovery(crypto::SigningKey::generate(entropy)),
      founder_member{entropy.bytes<16>()},
      hub{"https://hub.example:8443", entropy.bytes<32>(),
          crypto::SigningKey::generate(entropy).public_key(), 1},
      roster({}) {
    if (!policy.empty()) {
        roster = founded_with(policy, *this);
        return;
    }
    Founded made = found(founder, recovery.public_key(), hub, entropy);
    founder_member = made.member;
    roster = Roster(made.workspace);
    take(made.entries);
    turf_keys.emplace(roster.common(), std::move(made.common_key));
}

Bytes RosterWorld::signed_by(
    const crypto::SigningKey& author, const protocol::RosterBody& body) const {
    protocol::RosterEntry entry{
        .position = roster.next_position(), .predecessor = roster.last_hash(), .body = body};
    const Bytes message = message_to_sign(roster.workspace(), entry);
    entry.signatures = {{author.public_key(), author.sign(message)}};
    return encode(entry);
}

std::expected<RosterAppended, RosterError> RosterWorld::say(const protocol::RosterBody& body) {
    return say(founder.signing, body);
}

std::expected<RosterAppended, RosterError> RosterWorld::say(
    const crypto::SigningKey& author, const protocol::RosterBody& body) {
    return roster.append(signed_by(author, body));
}

void RosterWorld::take(const std::vector<WrittenEntry>& entries) {
    for (const WrittenEntry& entry : entries) take(entry);
}

void RosterWorld::take(const WrittenEntry& entry) {
    REQUIRE(roster.append(entry.wire) == RosterAppended::appended);
}

TurfKeySource RosterWorld::keys() const {
    return [this](const protocol::TurfId& turf, protocol::Epoch) -> const crypto::SecretBytes* {
        const auto key = turf_keys.find(turf);
        return key == turf_keys.end() ? nullptr : &key->second;
    };
}

protocol::TurfId RosterWorld::make_turf() {
    auto made = writer().create_turf();
    REQUIRE(made);
    take(made->entries);
    turf_keys.emplace(made->turf, std::move(made->key));
    return made->turf;
}

Invited RosterWorld::make_invite(const InviteOffer& offer) {
    auto invited = writer().invite(offer, keys(), clock);
    REQUIRE(invited);
    take(invited->entry);
    return *std::move(invited);
}

RosterWorld::Joined RosterWorld::join(const InviteOffer& offer) {
    const Invited invited = make_invite(offer);
    Joined joined{
        .member = offer.member ? *offer.member : protocol::MemberId{entropy.bytes<16>()},
        .device = fresh_device()};
    const auto enrolment = make_enrolment(invited.code, joined.member, joined.device);
    REQUIRE(roster.append(encode(placed(enrolment, roster))) == RosterAppended::appended);
    return joined;
}

RosterWorld::Joined RosterWorld::join(
    protocol::Role role, const std::vector<protocol::TurfId>& turfs) {
    return join({.role = role, .turfs = turfs, .member = {}});
}

}  // namespace vereda::engine::test
