#include "protocol/http/listener/byte_range.h"

#include <algorithm>
#include <limits>

namespace vereda::http {
namespace {

constexpr std::string_view byte_unit = "bytes";

/// Names of units are the same in either case (RFC 9110 §14.1).
bool is_byte_unit(std::string_view text) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(text, byte_unit, {}, lower);
}

/// Digits alone, as many as there are: the largest number stands for all beyond.
std::optional<std::uint64_t> read_position(std::string_view text) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    if (text.empty()) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        number = number > (most - digit) / 10 ? most : number * 10 + digit;
    }
    return number;
}

std::optional<ByteRange> last_bytes(std::uint64_t count, std::uint64_t size) {
    const std::uint64_t served = std::min(count, size);
    if (served == 0) return std::nullopt;
    return ByteRange{.first = size - served, .size = served};
}

}  // namespace

std::expected<RangeField, RangeError> parse_range(std::string_view field) {
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos) return std::unexpected(RangeError::malformed);
    if (!is_byte_unit(field.substr(0, equals))) return std::unexpected(RangeError::other_unit);
    const std::string_view range = field.substr(equals + 1);
    if (range.contains(',')) return std::unexpected(RangeError::several);
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) return std::unexpected(RangeError::malformed);

    const std::string_view from = range.substr(0, dash);
    const std::string_view to = range.substr(dash + 1);
    const RangeField read{.first = read_position(from), .last = read_position(to)};
    const bool both_read = read.first.has_value() != from.empty() &&
                           read.last.has_value() != to.empty() && (read.first || read.last);
    if (!both_read) return std::unexpected(RangeError::malformed);
    if (read.first && read.last && *read.last < *read.first)
        return std::unexpected(RangeError::malformed);
    return read;
}

std::optional<ByteRange> range_within(const RangeField& field, std::uint64_t size) {
    if (!field.first) return last_bytes(field.last.value_or(0), size);
    if (*field.first >= size) return std::nullopt;
    const std::uint64_t last = std::min(field.last.value_or(size - 1), size - 1);
    return ByteRange{.first = *field.first, .size = last - *field.first + 1};
}

std::string content_range(std::optional<ByteRange> range, std::uint64_t size) {
    std::string text = "bytes ";
    if (range) {
        text += std::to_string(range->first) + "-";
        text += std::to_string(range->first + range->size - 1);
    } else {
        text += "*";
    }
    return text + "/" + std::to_string(size);
}

}  // namespace vereda::http
