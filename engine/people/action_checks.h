#pragma once

#include <string_view>

#include "engine/log/log_writer.h"
#include "engine/people/actions.h"

/// What every action is asked before it is written.
namespace vereda::engine {

/// Whether an action fits into one entry, and its entry into a block of its own: no larger than
/// the limits of docs/protocol.md, and mentioning no more logs than a block's table may name.
[[nodiscard]] bool fits_an_entry(const EntryDraft& draft);

[[nodiscard]] inline std::unexpected<ActionError> refused(
    ActionProblem problem, std::string_view about = {}) {
    return std::unexpected(ActionError{problem, std::string(about)});
}

}  // namespace vereda::engine
