#pragma once

#include <expected>

#include "engine/roster/roster_error.h"
#include "engine/roster/roster_state.h"
#include "protocol/roster/roster_entry.h"

namespace vereda::engine {

/// Whose word an entry is, as the roster stands before it: the coordinator who signs, or nobody's
/// for the genesis, an enrolment (its invite's bearer) and the recovery key. The genesis is judged
/// against itself. Errors: `no_authority`, `bad_signature`, `unknown_target` for an invite that is
/// not there, `needs_approval`.
[[nodiscard]] std::expected<std::optional<protocol::MemberId>, RosterError> author_of(
    const RosterState& state, const protocol::RosterEntry& entry, bool check_signatures);

}  // namespace vereda::engine
