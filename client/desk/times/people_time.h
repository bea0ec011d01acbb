#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "protocol/ids.h"

/// Moments as people write and read them, in the time zone of this machine (TZ).
namespace vereda::client {

/// The last millisecond that a year of four digits can write; no time is later.
inline constexpr std::int64_t year_9999_end_ms = 253'402'300'799'999;

enum class TimeError {
    not_a_time,
    no_such_time,  ///< 30 February, 25:00, the hour that a change to summer time leaves out, a year
                   ///< after 9999.
};

/// Reads "2026-11-22T14:30:05Z", "2026-11-22 14:30", "2026-11-22T14:30+02:00", "2026-11-22", "today
/// 14:30", "yesterday", "14:30", "now", "2h ago", and milliseconds since 1970 (five digits or more,
/// or with a minus sign). Without a zone it is local time; a day alone is its beginning; an hour
/// that occurs twice is whichever the C library takes. Source of the dates: ISO 8601, years 1970 to
/// 9999.
[[nodiscard]] std::expected<protocol::Millis, TimeError> parse_time(
    std::string_view text, protocol::Millis now);

/// "today 14:30", "yesterday 09:05", "Tue 3 Mar 14:30" in the year of `now`, "3 Mar 2025 14:30" in
/// others.
[[nodiscard]] std::string format_time(protocol::Millis when, protocol::Millis now);

}  // namespace vereda::client
