#pragma once

#include <string>
#include <vector>

#include "client/desk/status_shown.h"

namespace vereda::client {

/// Own work that the disk destroyed before anybody else had it, named to its owner: a line for
/// each, one for each contact, and what to do. Times are seen from `now`.
[[nodiscard]] std::string lost_work_text(
    const std::vector<LostWorkShown>& lost, protocol::Millis now);

}  // namespace vereda::client
