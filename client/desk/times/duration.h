#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Spans of time as people type and read them.
namespace vereda::client {

/// The milliseconds of "90s", "30m", "12h", "7d", "2w" or several in falling order ("1d12h").
/// Nothing for anything else, for 0 and for more than a hundred years.
[[nodiscard]] std::optional<std::int64_t> parse_duration_ms(std::string_view text);

/// The two largest units, as "3 d 4 h", "12 min", "40 s"; under a second "0 s". Precondition: ms ≥
/// 0.
[[nodiscard]] std::string format_duration(std::int64_t ms);

}  // namespace vereda::client
