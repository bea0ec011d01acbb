#pragma once

#include <string_view>

#include "engine/actions/actions.h"
#include "engine/workspace/log_writer.h"

/// What every action is asked before it is written.
namespace vereda::engine {

[[nodiscard]] inline std::unexpected<ActionError> refused(
    ActionProblem problem, std::string_view about = {}) {
    return std::unexpected(ActionError{problem, std::string(about)});
}

}  // namespace vereda::engine
