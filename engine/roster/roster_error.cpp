#include "engine/roster/roster_error.h"

namespace vereda::engine {

std::string_view name_of(RosterError error) {
    switch (error) {
        case RosterError::malformed:
            return "malformed";
        case RosterError::newer_version:
            return "newer_version";
        case RosterError::other_workspace:
            return "other_workspace";
        case RosterError::gap:
            return "gap";
        case RosterError::wrong_predecessor:
            return "wrong_predecessor";
        case RosterError::fork:
            return "fork";
        case RosterError::bad_signature:
            return "bad_signature";
        case RosterError::no_authority:
            return "no_authority";
        case RosterError::invalid_key:
            return "invalid_key";
        case RosterError::key_in_use:
            return "key_in_use";
        case RosterError::already_exists:
            return "already_exists";
        case RosterError::unknown_target:
            return "unknown_target";
        case RosterError::contradiction:
            return "contradiction";
        case RosterError::last_coordinator:
            return "last_coordinator";
        case RosterError::invite_used:
            return "invite_used";
        case RosterError::invite_cancelled:
            return "invite_cancelled";
        case RosterError::needs_approval:
            return "needs_approval";
    }
    return "unknown";
}

}  // namespace vereda::engine
