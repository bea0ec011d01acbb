#pragma once

#include <optional>
#include <string_view>

#include "protocol/ids.h"

namespace vereda::client {

/// A moment as a person writes it (client/terminal/people_time.h), or as a program does: whole
/// milliseconds since 1970, five digits or more. Nothing for anything else.
[[nodiscard]] std::optional<protocol::Millis> parse_moment(
    std::string_view text, protocol::Millis now);

}  // namespace vereda::client
