#include "engine/roster/roster_rules.h"

#include "engine/roster/roster_rules_parts.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace roster_rules {

RosterMember* active_member(RosterState& state, const protocol::MemberId& id) {
    const auto at = state.member_index.find(id);
    if (at == state.member_index.end() || state.members[at->second].ended) return nullptr;
    return &state.members[at->second];
}

Refused refuse_keys(
    const RosterState& state, const RosterAct& act, std::span<const crypto::PublicKey> signing,
    std::span<const crypto::BoxPublicKey> boxes) {
    std::set<ByteArray<32>> fresh(signing.begin(), signing.end());
    fresh.insert(boxes.begin(), boxes.end());
    const auto is_used = [&](const ByteArray<32>& key) { return state.keys_used.contains(key); };
    if (fresh.size() != signing.size() + boxes.size()) return RosterError::key_in_use;
    if (std::any_of(fresh.begin(), fresh.end(), is_used)) return RosterError::key_in_use;
    if (!act.check_keys) return std::nullopt;
    const bool are_sound =
        std::all_of(signing.begin(), signing.end(), crypto::is_valid_public_key) &&
        std::all_of(boxes.begin(), boxes.end(), crypto::is_valid_box_key);
    if (!are_sound) return RosterError::invalid_key;
    return std::nullopt;
}

void use_keys(RosterState& state, std::span<const ByteArray<32>> keys) {
    state.keys_used.insert(keys.begin(), keys.end());
}

std::size_t add_member(
    RosterState& state, const protocol::MemberId& id, protocol::Role role,
    protocol::RosterPosition position) {
    const std::size_t index = state.members.size();
    state.member_index.emplace(id, index);
    state.members.push_back(
        {.id = id,
         .joined = position,
         .roles = {{position, role}},
         .grants = {},
         .devices = {},
         .ended = {}});
    return index;
}

void add_device(
    RosterState& state, const protocol::DeviceKeys& keys, std::size_t member,
    protocol::RosterPosition position) {
    state.device_index.emplace(keys.device, state.devices.size());
    state.devices.push_back(
        {.keys = keys,
         .member = state.members[member].id,
         .member_index = member,
         .enrolled = position,
         .ended = {}});
    state.members[member].devices.push_back(keys.device);
}

void change_grant(RosterMember& member, const protocol::TurfId& turf, GrantChange change) {
    for (TurfGrant& grant : member.grants) {
        if (grant.turf == turf) return grant.changes.push_back(change);
    }
    member.grants.push_back({turf, {change}});
}

void add_turf(RosterState& state, const protocol::TurfId& turf, protocol::RosterPosition position) {
    state.turf_index.emplace(turf, state.turfs.size());
    state.turfs.push_back({.id = turf, .created = position, .epochs = {}});
}

}  // namespace roster_rules

std::optional<RosterError> apply_genesis(
    RosterState& state, const RosterAct& act, const protocol::Genesis& body) {
    const crypto::PublicKey signing[] = {body.keys.device.bytes, body.keys.http, body.recovery_key};
    const crypto::BoxPublicKey boxes[] = {body.keys.box};
    if (const auto refused = roster_rules::refuse_keys(state, act, signing, boxes)) return refused;
    roster_rules::use_keys(state, signing);
    roster_rules::use_keys(state, boxes);

    state.recovery_key = body.recovery_key;
    for (const protocol::PolicyRule& rule : body.policy)
        state.approvals.emplace(rule.kind, rule.approvals);
    const std::size_t founder =
        roster_rules::add_member(state, body.founder, protocol::Role::coordinator, act.position);
    roster_rules::add_device(state, body.keys, founder, act.position);
    state.common = protocol::common_turf(state.workspace);
    roster_rules::add_turf(state, state.common, act.position);
    return std::nullopt;
}

std::optional<RosterError> apply(
    RosterState& state, const RosterAct& act, const protocol::RosterBody& body) {
    return std::visit(
        [&](const auto& kind) -> std::optional<RosterError> {
            if constexpr (std::is_same_v<decltype(kind), const protocol::Genesis&>) {
                return RosterError::contradiction;
            } else {
                return roster_rules::act_on(state, act, kind);
            }
        },
        body);
}

std::optional<protocol::Role> role_at(
    const RosterMember& member, protocol::RosterPosition position) {
    if (position < member.joined || (member.ended && member.ended->at <= position))
        return std::nullopt;
    auto change = member.roles.rbegin();
    while (change->from > position) ++change;
    return change->role;
}

bool has_turf(
    const RosterState& state, const RosterMember& member, protocol::Role role,
    const protocol::TurfId& turf, protocol::RosterPosition position) {
    if (role == protocol::Role::coordinator) {
        const RosterTurf* known = state.find(turf);
        return known != nullptr && known->created <= position;
    }
    const TurfGrant* grant = member.find_grant(turf);
    return grant != nullptr && grant->is_granted_at(position);
}

}  // namespace vereda::engine
