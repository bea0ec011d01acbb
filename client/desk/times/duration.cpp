#include "client/desk/times/duration.h"

#include <charconv>
#include <iterator>

#include "crypto/assert.h"

namespace vereda::client {
namespace {

struct Unit {
    char letter;
    std::int64_t ms;
    std::string_view shown;
};

constexpr Unit units[] = {
    {'w', 7 * 86'400'000LL, ""},
    {'d', 86'400'000, "d"},
    {'h', 3'600'000, "h"},
    {'m', 60'000, "min"},
    {'s', 1000, "s"}};
constexpr std::int64_t longest_ms = 36'525LL * 86'400'000;

}  // namespace

std::optional<std::int64_t> parse_duration_ms(std::string_view text) {
    std::int64_t total = 0;
    const Unit* unit = std::begin(units);
    while (!text.empty()) {
        std::uint32_t count = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
        const auto digits = static_cast<std::size_t>(read.ptr - text.data());
        if (read.ec != std::errc{} || digits == text.size()) return std::nullopt;
        while (unit != std::end(units) && unit->letter != text[digits]) ++unit;
        if (unit == std::end(units)) return std::nullopt;
        if (count > longest_ms / unit->ms) return std::nullopt;
        total += count * unit->ms;
        if (total > longest_ms) return std::nullopt;
        ++unit;  // each unit once
        text.remove_prefix(digits + 1);
    }
    if (total == 0) return std::nullopt;
    return total;
}

std::string format_duration(std::int64_t ms) {
    VEREDA_ASSERT(ms >= 0);
    std::string text;
    int shown = 0;
    for (const Unit& unit : units) {
        if (unit.shown.empty()) continue;
        const std::int64_t count = ms / unit.ms;
        ms %= unit.ms;
        if (count == 0) {
            if (shown > 0) break;
            continue;
        }
        text += (shown > 0 ? " " : "") + std::to_string(count) + " " + std::string(unit.shown);
        if (++shown == 2) break;
    }
    return text.empty() ? "0 s" : text;
}

}  // namespace vereda::client
