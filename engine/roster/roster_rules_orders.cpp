#include "crypto/assert.h"
#include "engine/roster/roster_rules_parts.h"

/// Orders to erase, entries that several coordinators must want, and forks settled.
namespace vereda::engine::roster_rules {
namespace {

const RosterOrder* find_order(const RosterState& state, const protocol::OrderId& id) {
    const auto at = std::find_if(
        state.orders.begin(), state.orders.end(),
        [&](const RosterOrder& order) { return order.body.order == id; });
    return at == state.orders.end() ? nullptr : &*at;
}

Refused refuse_order_place(const RosterState& state, const protocol::EraseOrder& body) {
    const RosterTurf* turf = state.find(body.turf);
    const bool is_known = turf != nullptr && body.epoch.value <= turf->epochs.size();
    return is_known ? Refused{} : RosterError::unknown_target;
}

std::uint64_t approvals_for(const RosterState& state, protocol::RosterKind kind) {
    const auto rule = state.approvals.find(kind);
    return rule == state.approvals.end() ? 1 : rule->second;
}

/// Those in favour who still are coordinators.
std::uint64_t votes_of(const RosterState& state, const RosterProposal& proposal) {
    const auto counts = [&](const protocol::MemberId& id) {
        const RosterMember* member = state.find(id);
        return !member->ended && member->role_now() == protocol::Role::coordinator;
    };
    return static_cast<std::uint64_t>(
        std::count_if(proposal.in_favour.begin(), proposal.in_favour.end(), counts));
}

}  // namespace

Refused act_on(RosterState& state, const RosterAct& act, const protocol::EraseOrder& body) {
    if (find_order(state, body.order) != nullptr) return RosterError::already_exists;
    if (const Refused refused = refuse_order_place(state, body)) return refused;
    state.orders.push_back({act.position, body});
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::Supplement& body) {
    const RosterOrder* order = find_order(state, body.added.order);
    if (order == nullptr) return RosterError::unknown_target;
    if (order->body.turf != body.added.turf) return RosterError::contradiction;
    if (const Refused refused = refuse_order_place(state, body.added)) return refused;
    state.orders.push_back({act.position, body.added});
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::Propose& body) {
    VEREDA_ASSERT(act.author);
    if (approvals_for(state, body.kind) < 2) return RosterError::contradiction;
    auto proposed = protocol::parse_roster_body(body.kind, body.body);
    if (!proposed) return RosterError::malformed;
    state.proposals.emplace(
        act.position,
        RosterProposal{.hash = act.hash, .body = *std::move(proposed), .in_favour = {*act.author}});
    return std::nullopt;
}

Refused act_on(RosterState& state, const RosterAct& act, const protocol::Approve& body) {
    VEREDA_ASSERT(act.author);
    const auto at = state.proposals.find(body.proposal);
    if (at == state.proposals.end()) return RosterError::unknown_target;
    if (at->second.hash != body.hash) return RosterError::contradiction;
    RosterProposal proposal = at->second;
    if (proposal.applied || !proposal.in_favour.insert(*act.author).second) {
        return RosterError::already_exists;
    }
    proposal.applied = votes_of(state, proposal) >= approvals_for(state, kind_of(proposal.body));
    if (proposal.applied) {
        if (const Refused refused = apply(state, act, proposal.body)) return refused;
    }
    at->second = std::move(proposal);
    return std::nullopt;
}

/// What the chain itself can judge was judged by Roster::append, which knows the hashes.
Refused act_on(RosterState&, const RosterAct&, const protocol::ResolveFork&) {
    return std::nullopt;
}

}  // namespace vereda::engine::roster_rules
