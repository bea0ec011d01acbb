#pragma once

#include <string>

#include "client/desk/status_shown.h"

namespace vereda::client {

/// Removals that count for nothing here, as `status` tells of them: lines with their authors. While
/// blocks are missing here nobody is to blame for what waits; but where another block stands, none
/// is missing: that is told with its author in any case.
[[nodiscard]] std::string unproven_text(const StatusShown& status);

}  // namespace vereda::client
