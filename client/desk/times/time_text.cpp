#include "client/desk/times/time_text.h"

#include <charconv>

#include "client/desk/times/people_time.h"

namespace vereda::client {
namespace {

constexpr std::int64_t year_2000_ms = 946'684'800'000;
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t year_digits = 4;  // "2026" is rather a year than a number of anything

}  // namespace

std::expected<protocol::Millis, MomentError> moment_of_number(std::int64_t millis) {
    if (millis < 0 || millis > year_9999_end_ms) return std::unexpected(MomentError::not_a_time);
    if (millis < year_2000_ms) return std::unexpected(MomentError::maybe_seconds);
    return protocol::Millis{millis};
}

std::expected<protocol::Millis, MomentError> parse_moment(
    std::string_view text, protocol::Millis now) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    std::int64_t millis = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, millis);
    const bool is_number = error == std::errc{} && end == last && text.size() > year_digits;
    if (is_number) return moment_of_number(millis);
    const auto time = parse_time(text, now);
    if (!time || time->value < 0) return std::unexpected(MomentError::not_a_time);
    return *time;
}

bool is_far_ahead(protocol::Millis when, protocol::Millis now) {
    return when.value - day_ms > now.value;
}

}  // namespace vereda::client
