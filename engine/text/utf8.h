#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// UTF-8 as every text inside is: checked once at the edge, walked code point by code point where
/// it matters.
namespace vereda::engine {

inline constexpr char32_t replacement_character = 0xFFFD;

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF,
/// nothing cut off. Source: Unicode 15, table 3-7.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// The code point at byte `at`, which moves past it. A byte that starts nothing valid reads as
/// U+FFFD and is one byte long. Precondition: at < text.size().
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);

/// Appends `code_point`; one that has no UTF-8 form (a surrogate, or too large) is written as
/// U+FFFD.
void append_utf8(std::string& to, char32_t code_point);

/// `text` with everything that is not UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string make_valid_utf8(std::string_view text);

}  // namespace vereda::engine
