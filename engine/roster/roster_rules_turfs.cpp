#include "engine/roster/roster_rules_parts.h"

/// The hub, turfs, their keys and who has them.
namespace vereda::engine::roster_rules {
namespace {

/// `common` is everybody's: it is neither granted nor taken.
Refused refuse_grant_change(
    const RosterState& state, const RosterMember* member, const protocol::TurfId& turf) {
    if (member == nullptr || state.find(turf) == nullptr) return RosterError::unknown_target;
    return turf == state.common ? Refused{RosterError::contradiction} : Refused{};
}

}  // namespace

Refused act_on(RosterState& state, const RosterAct& act, const protocol::HubEntry& body) {
    const bool is_new_key = !state.hub || state.hub->signing_key != body.signing_key;
    const crypto::PublicKey signing[] = {body.signing_key};
    if (is_new_key) {
        if (const Refused refused = refuse_keys(state, act, signing, {})) return refused;
    }
    if (state.hub) {
        if (body == *state.hub) return RosterError::already_exists;
        if (body.epoch < state.hub->epoch) return RosterError::contradiction;
        if (is_new_key && body.epoch == state.hub->epoch) return RosterError::contradiction;
    }
    use_keys(state, signing);
    state.hub = body;
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::TurfCreated& body) {
    if (state.find(body.turf) != nullptr) return RosterError::already_exists;
    add_turf(state, body.turf, act.position);
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::Granted& body) {
    RosterMember* member = active_member(state, body.member);
    if (const Refused refused = refuse_grant_change(state, member, body.turf)) return refused;
    if (member->is_granted_now(body.turf)) return RosterError::already_exists;
    change_grant(*member, body.turf, {act.position, true});
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::Ungranted& body) {
    RosterMember* member = active_member(state, body.member);
    if (const Refused refused = refuse_grant_change(state, member, body.turf)) return refused;
    if (!member->is_granted_now(body.turf)) return RosterError::already_exists;
    change_grant(*member, body.turf, {act.position, false});
    state.takings.emplace(act.position, protocol::RosterKind::ungranted);
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::KeyEpoch& body) {
    const auto at = state.turf_index.find(body.turf);
    if (at == state.turf_index.end()) return RosterError::unknown_target;
    RosterTurf& turf = state.turfs[at->second];
    const std::uint64_t next = turf.epochs.size() + 1;
    if (body.epoch.value < next) return RosterError::already_exists;
    if (body.epoch.value > next) return RosterError::contradiction;
    turf.epochs.push_back(
        {.position = act.position, .commitment = body.commitment, .previous = body.previous});
    return std::nullopt;
}

}  // namespace vereda::engine::roster_rules
