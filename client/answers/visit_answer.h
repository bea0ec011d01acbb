#pragma once

#include <string>

#include "client/desk/shown.h"
#include "client/terminal/style.h"

namespace vereda::client {

/// How a contact's visits and calls read: a table of each, and how many are hidden; empty when
/// there are none. Begins with an empty line. Times are seen from `now`.
[[nodiscard]] std::string visits_text(
    const ContactShown& contact, protocol::Millis now, const Terminal& terminal);

}  // namespace vereda::client
