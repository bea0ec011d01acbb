#pragma once

// Lives here: times and spans of time, as people write and read them.
// Begin: here, then `people_time.h`.
// Must not know: records.

#include <expected>
#include <string_view>

#include "protocol/ids.h"

namespace vereda::client {

enum class MomentError {
    not_a_time,
    maybe_seconds,  ///< A bare number that as milliseconds lies before the year 2000: seconds,
                    ///< mostly, which would put a visit of today into January 1970.
};

/// A moment as a person writes it (client/desk/times/people_time.h), or as a program does: whole
/// milliseconds since 1970, not before 2000. Never before 1970.
[[nodiscard]] std::expected<protocol::Millis, MomentError> parse_moment(
    std::string_view text, protocol::Millis now);
/// The same of a number that was one already.
[[nodiscard]] std::expected<protocol::Millis, MomentError> moment_of_number(std::int64_t millis);

/// Whether `when` is more than a day ahead of this laptop's clock: one of the two is wrong.
[[nodiscard]] bool is_far_ahead(protocol::Millis when, protocol::Millis now);

}  // namespace vereda::client
