#include "client/time_text.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace vereda::client {
namespace {

constexpr std::int64_t millis_max = 253'402'300'799'999;  // the end of the year 9999

/// Reads a text from its front, piece by piece.
class TimeReader {
  public:
    explicit TimeReader(std::string_view text) : rest_(text) {}
    [[nodiscard]] bool done() const { return rest_.empty(); }

    std::optional<int> digits(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        int value = 0;
        for (const char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void skip_fraction() {
        if (!take('.')) return;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            rest_.remove_prefix(1);
        }
    }

  private:
    std::string_view rest_;
};

struct WallTime {
    std::chrono::year_month_day day{};
    int hour = 0, minute = 0, second = 0;
};

std::optional<std::chrono::year_month_day> read_day(TimeReader& reader) {
    const auto year = reader.digits(4);
    if (!year || !reader.take('-')) return std::nullopt;
    const auto month = reader.digits(2);
    if (!month || !reader.take('-')) return std::nullopt;
    const auto day = reader.digits(2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date(
        std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
        std::chrono::day(static_cast<unsigned>(*day)));
    return date.ok() ? std::optional(date) : std::nullopt;
}

bool read_clock(TimeReader& reader, WallTime& time) {
    const auto hour = reader.digits(2);
    if (!hour || *hour > 23 || !reader.take(':')) return false;
    const auto minute = reader.digits(2);
    if (!minute || *minute > 59) return false;
    time.hour = *hour;
    time.minute = *minute;
    if (!reader.take(':')) return true;
    const auto second = reader.digits(2);
    if (!second || *second > 60) return false;
    time.second = *second;
    reader.skip_fraction();
    return true;
}

// Seconds east of Greenwich.
std::optional<int> read_zone(TimeReader& reader) {
    if (reader.take('Z')) return 0;
    const bool east = reader.take('+');
    if (!east && !reader.take('-')) return std::nullopt;
    const auto hours = reader.digits(2);
    if (!hours || *hours > 14) return std::nullopt;
    static_cast<void>(reader.take(':'));
    const auto minutes = reader.done() ? std::optional(0) : reader.digits(2);
    if (!minutes || *minutes > 59) return std::nullopt;
    const int offset = (*hours * 60 + *minutes) * 60;
    return east ? offset : -offset;
}

std::int64_t utc_seconds(const WallTime& time) {
    const std::chrono::sys_days days(time.day);
    return std::int64_t{days.time_since_epoch().count()} * 86'400 + time.hour * 3600 +
           time.minute * 60 + time.second;
}

std::int64_t local_seconds(const WallTime& time) {
    std::tm parts{};
    parts.tm_year = static_cast<int>(time.day.year()) - 1900;
    parts.tm_mon = static_cast<int>(static_cast<unsigned>(time.day.month())) - 1;
    parts.tm_mday = static_cast<int>(static_cast<unsigned>(time.day.day()));
    parts.tm_hour = time.hour;
    parts.tm_min = time.minute;
    parts.tm_sec = time.second;
    parts.tm_isdst = -1;
    return std::mktime(&parts);
}

std::optional<protocol::Millis> parse_millis(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    const bool in_range = value >= -millis_max && value <= millis_max;
    if (!whole || !in_range || text.size() < 5) return std::nullopt;
    return protocol::Millis{value};
}

}  // namespace

std::optional<protocol::Millis> parse_time(std::string_view text) {
    if (const auto millis = parse_millis(text)) return millis;
    TimeReader reader(text);
    WallTime time;
    const auto day = read_day(reader);
    if (!day) return std::nullopt;
    time.day = *day;
    if (reader.done()) return protocol::Millis{local_seconds(time) * 1000};
    if (!reader.take('T') && !reader.take(' ')) return std::nullopt;
    if (!read_clock(reader, time)) return std::nullopt;
    if (reader.done()) return protocol::Millis{local_seconds(time) * 1000};
    const auto zone = read_zone(reader);
    if (!zone || !reader.done()) return std::nullopt;
    return protocol::Millis{(utc_seconds(time) - *zone) * 1000};
}

std::string utc_text(protocol::Millis time) {
    const std::int64_t seconds = time.value >= 0 ? time.value / 1000 : (time.value - 999) / 1000;
    const std::time_t moment = seconds;
    std::tm parts{};
    if (gmtime_r(&moment, &parts) == nullptr) return std::to_string(time.value);
    char buffer[64];
    const std::size_t size = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S", &parts);
    char fraction[8];
    std::snprintf(
        fraction, sizeof fraction, ".%03dZ", static_cast<int>(time.value - seconds * 1000));
    return std::string(buffer, size) + fraction;
}

std::string local_text(protocol::Millis time) {
    const std::time_t moment = time.value / 1000;
    std::tm parts{};
    if (localtime_r(&moment, &parts) == nullptr) return std::to_string(time.value);
    char buffer[64];
    return std::string(buffer, std::strftime(buffer, sizeof buffer, "%Y-%m-%d %H:%M", &parts));
}

}  // namespace vereda::client
