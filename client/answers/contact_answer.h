#pragma once

#include <string>
#include <vector>

#include "client/answers/report.h"
#include "client/desk/shown.h"

/// How contacts read, by several commands.
namespace vereda::client {

/// A line for each.
[[nodiscard]] Outcome answer(Report& report, const Or<std::vector<ContactRow>>& rows);

/// Everything known of one. Times are seen from `now`.
[[nodiscard]] std::string contact_text(
    const ContactShown& contact, protocol::Millis now, const Terminal& terminal);

}  // namespace vereda::client
