#pragma once

#include "client/desk/problems/problem.h"
#include "engine/actions/actions.h"

namespace vereda::client {

/// Why an action was not done.
[[nodiscard]] Problem problem_of(const engine::ActionError& error);

}  // namespace vereda::client
