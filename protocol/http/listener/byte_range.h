#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

/// The part of a body that a client asks for. Source: RFC 9110 §14. Pure functions.
namespace vereda::http {

/// What a Range field asks for, before the size of the body is known. One of the two is there.
struct RangeField {
    std::optional<std::uint64_t> first;  ///< Without it, `last` counts bytes from the end.
    std::optional<std::uint64_t> last;   ///< Included. Without it, up to the end.
    bool operator==(const RangeField&) const = default;
};

/// Whatever it is, the answer is then the same as without Range.
enum class RangeError {
    malformed,
    other_unit,  ///< Not `bytes`.
    several,     ///< More than one range: we do not write multipart answers.
};

/// Reads `bytes=a-b`, `bytes=a-` or `bytes=-n`. A number beyond 2^64 − 1 is read as that.
[[nodiscard]] std::expected<RangeField, RangeError> parse_range(std::string_view field);

/// A part of a body, never empty.
struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t size = 0;
    bool operator==(const ByteRange&) const = default;
};

/// The part of `size` bytes that the field asks for. Nothing when there is no byte of it: 416.
[[nodiscard]] std::optional<ByteRange> range_within(const RangeField& field, std::uint64_t size);

/// The value of Content-Range: `bytes a-b/size`, or `bytes */size` when there is nothing.
[[nodiscard]] std::string content_range(std::optional<ByteRange> range, std::uint64_t size);

}  // namespace vereda::http
