#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/ids.h"

/// Moments as people and programs write them.
namespace vereda::client {

/// "2026-03-01", "2026-03-01T17:30", "2026-03-01 17:30:00", with "Z" or "+02:00" behind it or else
/// in this laptop's time zone; or milliseconds since 1970 (five digits or more, or with a minus
/// sign). Nothing for anything else, a day that no calendar has included.
[[nodiscard]] std::optional<protocol::Millis> parse_time(std::string_view text);

/// For programs: "2026-03-01T17:30:00.000Z".
[[nodiscard]] std::string utc_text(protocol::Millis time);

/// For people: "2026-03-01 17:30" in this laptop's time zone.
[[nodiscard]] std::string local_text(protocol::Millis time);

}  // namespace vereda::client
