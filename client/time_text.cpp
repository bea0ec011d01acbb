#include "client/time_text.h"

#include <charconv>

#include "client/terminal/people_time.h"

namespace vereda::client {

std::optional<protocol::Millis> parse_moment(std::string_view text, protocol::Millis now) {
    constexpr std::int64_t millis_max = 253'402'300'799'999;  // the end of the year 9999
    std::int64_t millis = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, millis);
    const bool is_number = error == std::errc{} && end == last && text.size() >= 5;
    if (is_number) {
        const bool in_range = millis >= 0 && millis <= millis_max;
        return in_range ? std::optional(protocol::Millis{millis}) : std::nullopt;
    }
    const auto time = parse_time(text, now);
    return time ? std::optional(*time) : std::nullopt;
}

}  // namespace vereda::client
