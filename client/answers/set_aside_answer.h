#pragma once

#include <string>
#include <vector>

#include "client/desk/status_shown.h"

namespace vereda::client {

/// Own actions that no block could hold, named to their owner, and what to do; empty when there are
/// none. Times are seen from `now`.
[[nodiscard]] std::string set_aside_text(
    const std::vector<SetAsideShown>& actions, protocol::Millis now);

}  // namespace vereda::client
