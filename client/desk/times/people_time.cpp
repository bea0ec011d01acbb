#include "client/desk/times/people_time.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>

#include "client/desk/times/duration.h"

namespace vereda::client {
namespace {

using protocol::Millis;
using Result = std::expected<Millis, TimeError>;
constexpr auto not_a_time = std::unexpected(TimeError::not_a_time);
constexpr auto no_such_time = std::unexpected(TimeError::no_such_time);

struct Day {
    int year = 0, month = 0, day = 0;
    bool operator==(const Day&) const = default;
};
struct TimeOfDay {
    int hour = 0, minute = 0, second = 0, millisecond = 0;
};

/// What is left of the text, read from its front.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] std::string_view rest() const { return rest_; }

    bool take(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    /// Exactly `digits` of them.
    std::optional<int> take_number(std::size_t digits) {
        int value = 0;
        if (rest_.size() < digits) return std::nullopt;
        for (const char letter : rest_.substr(0, digits)) {
            if (letter < '0' || letter > '9') return std::nullopt;
            value = value * 10 + (letter - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }

    /// `count` numbers of two digits with `separator` between them.
    bool take_pair(int& first, int& second, std::string_view separator) {
        const auto a = take_number(2);
        if (!a || !take(separator)) return false;
        const auto b = take_number(2);
        first = *a;
        second = b.value_or(0);
        return b.has_value();
    }

  private:
    std::string_view rest_;
};

std::optional<Day> take_day(Reader& text) {
    Day day;
    const auto year = text.take_number(4);
    if (!year || !text.take("-") || !text.take_pair(day.month, day.day, "-")) return std::nullopt;
    day.year = *year;
    return day;
}

std::optional<TimeOfDay> take_time_of_day(Reader& text) {
    TimeOfDay time;
    if (!text.take_pair(time.hour, time.minute, ":")) return std::nullopt;
    if (!text.take(":")) return time;
    const auto second = text.take_number(2);
    if (!second) return std::nullopt;
    time.second = *second;
    if (!text.take(".") && !text.take(",")) return time;
    int weight = 100;
    int digits = 0;
    for (auto digit = text.take_number(1); digit; digit = text.take_number(1)) {
        time.millisecond += *digit * weight;
        weight /= 10;
        ++digits;
    }
    if (digits == 0) return std::nullopt;
    return time;
}

/// Minutes east of Greenwich, from "Z", "+02:00", "+0200" or "+02"; nothing else may follow.
std::optional<int> take_zone(Reader& text) {
    if (text.take("Z") || text.take("z")) return 0;
    const bool west = text.take("-");
    if (!west && !text.take("+")) return std::nullopt;
    const auto hours = text.take_number(2);
    if (!hours || *hours > 14) return std::nullopt;
    int minutes = 0;
    if (!text.at_end()) {
        text.take(":");
        const auto more = text.take_number(2);
        if (!more || *more > 59) return std::nullopt;
        minutes = *more;
    }
    return (west ? -1 : 1) * (*hours * 60 + minutes);
}

std::tm calendar_of(const Day& day, const TimeOfDay& time) {
    std::tm calendar{};
    calendar.tm_year = day.year - 1900;
    calendar.tm_mon = day.month - 1;
    calendar.tm_mday = day.day;
    calendar.tm_hour = time.hour;
    calendar.tm_min = time.minute;
    calendar.tm_sec = time.second;
    calendar.tm_isdst = -1;
    return calendar;
}

bool same_reading(const std::tm& a, const std::tm& b) {
    return a.tm_year == b.tm_year && a.tm_mon == b.tm_mon && a.tm_mday == b.tm_mday &&
           a.tm_hour == b.tm_hour && a.tm_min == b.tm_min && a.tm_sec == b.tm_sec;
}

Result if_writable(std::int64_t milliseconds) {
    if (milliseconds > year_9999_end_ms) return no_such_time;
    return Millis{milliseconds};
}

/// `zone` in minutes; nothing for local time. The C library corrects what no clock shows: that is
/// how it is found out.
Result moment_of(const Day& day, const TimeOfDay& time, std::optional<int> zone) {
    if (day.year < 1970) return no_such_time;
    const std::tm asked = calendar_of(day, time);
    std::tm corrected = asked;
    const std::time_t seconds = zone ? timegm(&corrected) : std::mktime(&corrected);
    if (!same_reading(asked, corrected)) return no_such_time;
    return if_writable(
        (static_cast<std::int64_t>(seconds) - zone.value_or(0) * 60) * 1000 + time.millisecond);
}

std::time_t seconds_of(Millis when) {
    const std::int64_t below = when.value % 1000 < 0 ? 1 : 0;
    return static_cast<std::time_t>(when.value / 1000 - below);
}

std::tm local_calendar(Millis when) {
    const std::time_t seconds = seconds_of(when);
    std::tm calendar{};
    localtime_r(&seconds, &calendar);
    return calendar;
}

Day day_of(const std::tm& calendar) {
    return {calendar.tm_year + 1900, calendar.tm_mon + 1, calendar.tm_mday};
}

/// The day `days` after that of `now`, by the calendar: days of 23 or 25 hours count as one.
Day local_day(Millis now, int days) {
    std::tm calendar = local_calendar(now);
    calendar.tm_mday += days;
    calendar.tm_hour = 12;
    calendar.tm_isdst = -1;
    std::mktime(&calendar);
    return day_of(calendar);
}

std::string lower_trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    std::string lower(text.substr(first, text.find_last_not_of(" \t") + 1 - first));
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return lower;
}

/// The rest of the text as a time of day on `day`.
Result time_on(const Day& day, Reader& text) {
    const auto time = take_time_of_day(text);
    if (!time || !text.at_end()) return not_a_time;
    return moment_of(day, *time, std::nullopt);
}

/// "today", "yesterday 14:30"
Result on_named_day(const Day& day, Reader& text) {
    if (text.at_end()) return moment_of(day, {}, std::nullopt);
    if (!text.take(" ")) return not_a_time;
    return time_on(day, text);
}

/// Milliseconds since 1970, as programs pass them on; fewer than five digits are rather a year, and
/// before 1970 nobody knocked.
std::optional<std::int64_t> parse_milliseconds(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    if (text.size() < 5 || value < 0) return std::nullopt;
    return value;
}

Result parse_iso(Reader& text) {
    const auto day = take_day(text);
    if (!day) return not_a_time;
    if (text.at_end()) return moment_of(*day, {}, std::nullopt);
    if (!text.take("t") && !text.take(" ")) return not_a_time;
    const auto time = take_time_of_day(text);
    if (!time) return not_a_time;
    text.take(" ");
    if (text.at_end()) return moment_of(*day, *time, std::nullopt);
    const auto zone = take_zone(text);
    if (!zone || !text.at_end()) return not_a_time;
    return moment_of(*day, *time, zone);
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

Result parse_time(std::string_view written, Millis now) {
    const std::string lower = lower_trimmed(written);
    Reader text(lower);
    if (lower == "now") return now;
    if (const auto milliseconds = parse_milliseconds(lower)) return if_writable(*milliseconds);
    if (lower.ends_with(" ago")) {
        const auto ago = parse_duration_ms(std::string_view(lower).substr(0, lower.size() - 4));
        if (!ago) return not_a_time;
        return Millis{now.value - *ago};
    }
    if (text.take("today")) return on_named_day(local_day(now, 0), text);
    if (text.take("yesterday")) return on_named_day(local_day(now, -1), text);
    if (lower.size() > 2 && lower[2] == ':') return time_on(local_day(now, 0), text);
    return parse_iso(text);
}

std::string format_time(Millis when, Millis now) {
    constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::tm calendar = local_calendar(when);
    const Day day = day_of(calendar);
    const std::string clock =
        " " + two_digits(calendar.tm_hour) + ":" + two_digits(calendar.tm_min);
    if (day == local_day(now, 0)) return "today" + clock;
    if (day == local_day(now, -1)) return "yesterday" + clock;
    if (day == local_day(now, 1)) return "tomorrow" + clock;
    const std::string date = std::to_string(day.day) + " " + months[calendar.tm_mon];
    if (day.year != local_day(now, 0).year) return date + " " + std::to_string(day.year) + clock;
    return std::string(weekdays[calendar.tm_wday]) + " " + date + clock;
}

}  // namespace vereda::client
