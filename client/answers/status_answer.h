#pragma once

#include <string>

#include "client/desk/status_shown.h"
#include "client/terminal/style.h"

namespace vereda::client {

/// How the vault stands. Times are seen from `now`.
[[nodiscard]] std::string status_text(
    const StatusShown& status, protocol::Millis now, const Terminal& terminal);

}  // namespace vereda::client
