#include "engine/roster/roster_rules_parts.h"

/// Roles given and taken, laptops and people out of service, and what becomes of their work.
namespace vereda::engine::roster_rules {
namespace {

using protocol::MemberId;
using protocol::Role;
using protocol::RosterKind;

/// The devices that an ending is about; nothing when there is no such member or device.
std::vector<RosterDevice*> devices_of(RosterState& state, const protocol::Target& target) {
    std::vector<RosterDevice*> devices;
    for (RosterDevice& device : state.devices) {
        const auto* member = std::get_if<MemberId>(&target);
        const bool is_meant = member != nullptr ? device.member == *member
                                                : device.keys.device == std::get<1>(target);
        if (is_meant) devices.push_back(&device);
    }
    return devices;
}

/// Retired may become compromised; everything else ends once, and the first end is where its word
/// stops counting.
bool can_end(const std::optional<RosterEnding>& ended, bool compromised) {
    return !ended || (compromised && !ended->compromised);
}

void end(std::optional<RosterEnding>& ended, protocol::RosterPosition at, bool compromised) {
    if (!can_end(ended, compromised)) return;
    ended = RosterEnding{.at = ended ? ended->at : at, .compromised = compromised};
}

Refused end_target(
    RosterState& state, const RosterAct& act, const protocol::Target& target, bool compromised) {
    const auto devices = devices_of(state, target);
    if (devices.empty()) return RosterError::unknown_target;
    const auto* id = std::get_if<MemberId>(&target);
    RosterMember* member = id != nullptr ? &state.members[state.member_index.at(*id)] : nullptr;
    const auto& ended = member != nullptr ? member->ended : devices.front()->ended;
    if (!can_end(ended, compromised)) return RosterError::already_exists;
    const auto is_out = [&](const RosterDevice& device) {
        return std::find(devices.begin(), devices.end(), &device) != devices.end();
    };
    if (!somebody_can_sign(state, is_out)) return RosterError::last_coordinator;

    for (RosterDevice* device : devices) end(device->ended, act.position, compromised);
    if (member != nullptr) end(member->ended, act.position, compromised);
    state.takings.emplace(
        act.position, compromised ? RosterKind::compromised : RosterKind::retired);
    return std::nullopt;
}

/// A decision is about an entry that took authority away in the way that it decides on.
Refused refuse_decision(
    const RosterState& state, protocol::RosterPosition about, bool on_compromise) {
    const auto taking = state.takings.find(about);
    if (taking == state.takings.end()) return RosterError::unknown_target;
    const bool was_compromise = taking->second == RosterKind::compromised;
    return was_compromise == on_compromise ? Refused{} : RosterError::contradiction;
}

}  // namespace

Refused act_on(RosterState& state, const RosterAct& act, const protocol::MemberRole& body) {
    RosterMember* member = active_member(state, body.member);
    if (member == nullptr) return RosterError::unknown_target;
    const Role before = member->role_now();
    if (before == body.role) return RosterError::already_exists;
    const bool touches_coordinators = before == Role::coordinator || body.role == Role::coordinator;
    if (!act.author && !touches_coordinators) return RosterError::no_authority;
    const auto is_out = [&](const RosterDevice& device) { return device.member == body.member; };
    if (before == Role::coordinator && !somebody_can_sign(state, is_out)) {
        return RosterError::last_coordinator;
    }
    member->roles.push_back({act.position, body.role});
    if (body.role > before) state.takings.emplace(act.position, RosterKind::member_role);
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::Retired& body) {
    return end_target(state, act, body.target, false);
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::Compromised& body) {
    return end_target(state, act, body.target, true);
}

Refused act_on(RosterState& state, const RosterAct&, const protocol::CloseLateWork& body) {
    return refuse_decision(state, body.about, false);
}

Refused act_on(RosterState& state, const RosterAct&, const protocol::Adopt& body) {
    return refuse_decision(state, body.about, true);
}

Refused act_on(RosterState& state, const RosterAct&, const protocol::Reject& body) {
    return refuse_decision(state, body.about, true);
}

}  // namespace vereda::engine::roster_rules
