#include "engine/roster/roster_rules_parts.h"

/// Invites and enrolments. An invite's expiry is not looked at: whoever reads the chain has only
/// clocks that may lie, so the hub, which takes the enrolment in, is the one to refuse it.
namespace vereda::engine::roster_rules {
namespace {

using protocol::Role;

Refused refuse_invited_turfs(
    const RosterState& state, const RosterMember* member, const protocol::Invite& body) {
    for (const protocol::TurfId& turf : body.turfs) {
        if (turf == state.common) return RosterError::contradiction;
        if (state.find(turf) == nullptr) return RosterError::unknown_target;
        if (member != nullptr && !member->is_granted_now(turf)) return RosterError::contradiction;
    }
    return std::nullopt;
}

/// A further device brings its member nothing new: neither another role nor a turf.
Refused refuse_invited_member(RosterState& state, const protocol::Invite& body) {
    const RosterMember* member = nullptr;
    if (body.member) {
        member = active_member(state, *body.member);
        if (member == nullptr) return RosterError::unknown_target;
        if (member->role_now() != body.role) return RosterError::contradiction;
    }
    return refuse_invited_turfs(state, member, body);
}

std::optional<RosterError> refuse_status(const RosterInvite& invite) {
    if (invite.status == RosterInvite::Status::used) return RosterError::invite_used;
    if (invite.status == RosterInvite::Status::cancelled) return RosterError::invite_cancelled;
    return std::nullopt;
}

/// The member that the new device belongs to: the invite's, or a new one. Nothing changes before
/// all has been judged.
Refused refuse_joining_member(
    RosterState& state, const protocol::Invite& invite, const protocol::DeviceEnrolled& body) {
    if (!invite.member) {
        return state.find(body.member) == nullptr ? Refused{} : RosterError::already_exists;
    }
    if (*invite.member != body.member) return RosterError::contradiction;
    return active_member(state, body.member) != nullptr ? Refused{} : RosterError::unknown_target;
}

std::size_t member_who_joins(
    RosterState& state, const protocol::Invite& invite, const protocol::MemberId& id,
    protocol::RosterPosition position) {
    if (invite.member) return state.member_index.at(id);
    const std::size_t index = add_member(state, id, invite.role, position);
    for (const protocol::TurfId& turf : invite.turfs) {
        change_grant(state.members[index], turf, {position, true});
    }
    return index;
}

}  // namespace

Refused act_on(RosterState& state, const RosterAct& act, const protocol::Invite& body) {
    if (state.invite_ids.contains(body.id)) return RosterError::already_exists;
    if (const Refused refused = refuse_invited_member(state, body)) return refused;
    const crypto::PublicKey signing[] = {body.signing_key};
    const crypto::BoxPublicKey boxes[] = {body.box_key};
    if (const Refused refused = refuse_keys(state, act, signing, boxes)) return refused;

    use_keys(state, signing);
    use_keys(state, boxes);
    state.invite_ids.insert(body.id);
    state.invites.emplace(
        act.position,
        RosterInvite{.position = act.position, .hash = act.hash, .body = body, .used_by = {}});
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct&, const protocol::InviteCancelled& body) {
    const auto invite = std::find_if(
        state.invites.begin(), state.invites.end(),
        [&](const auto& one) { return one.second.body.id == body.id; });
    if (invite == state.invites.end()) return RosterError::unknown_target;
    if (const Refused refused = refuse_status(invite->second)) return refused;
    invite->second.status = RosterInvite::Status::cancelled;
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::DeviceEnrolled& body) {
    const auto at = state.invites.find(body.invite);
    if (at == state.invites.end()) return RosterError::unknown_target;
    RosterInvite& invite = at->second;
    if (const Refused refused = refuse_status(invite)) return refused;
    if (const Refused refused = refuse_joining_member(state, invite.body, body)) return refused;
    const crypto::PublicKey signing[] = {body.keys.device.bytes, body.keys.http};
    const crypto::BoxPublicKey boxes[] = {body.keys.box};
    if (const Refused refused = refuse_keys(state, act, signing, boxes)) return refused;

    use_keys(state, signing);
    use_keys(state, boxes);
    add_device(
        state, body.keys, member_who_joins(state, invite.body, body.member, act.position),
        act.position);
    invite.status = RosterInvite::Status::used;
    invite.used_by = body.keys.device;
    return std::nullopt;
}

}  // namespace vereda::engine::roster_rules
