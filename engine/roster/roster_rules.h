#pragma once

#include <optional>

#include "engine/roster/roster_error.h"
#include "engine/roster/roster_state.h"
#include "protocol/roster/roster_entry.h"

namespace vereda::engine {

/// Who asks for a change, and in which entry.
struct RosterAct {
    protocol::RosterPosition position;
    protocol::RosterHash hash;
    /// A coordinator; none: the recovery key, or an invite's bearer.
    std::optional<protocol::MemberId> author;
    bool check_keys = true;  ///< False only for entries that were checked before.
};

/// Applies what an entry says, whose signatures and signer have been judged already. An error
/// changes nothing.
[[nodiscard]] std::optional<RosterError> apply(
    RosterState& state, const RosterAct& act, const protocol::RosterBody& body);

/// The same for the first entry, which makes the state.
[[nodiscard]] std::optional<RosterError> apply_genesis(
    RosterState& state, const RosterAct& act, const protocol::Genesis& body);

/// The member's role just after the entry at `position`; none before joining.
[[nodiscard]] std::optional<protocol::Role> role_at(
    const RosterMember& member, protocol::RosterPosition position);

/// Does a member of this role have this turf just after the entry at `position`? Not asked for
/// `common`.
[[nodiscard]] bool has_turf(
    const RosterState& state, const RosterMember& member, protocol::Role role,
    const protocol::TurfId& turf, protocol::RosterPosition position);

}  // namespace vereda::engine
