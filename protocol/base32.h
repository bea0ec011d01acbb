#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

/// Crockford's base32: digits and letters without I, L, O and U, so that people can read codes to
/// each other. Source: https://www.crockford.com/base32.html; bits run from the most significant
/// one, the last character is padded with zero bits.
namespace vereda::protocol {

enum class Base32Error { unknown_character, wrong_length, padding_not_zero };

/// Upper case, no separators: ⌈8n/5⌉ characters.
[[nodiscard]] std::string encode_base32(ByteView bytes);

/// The characters of `text` as `encode_base32` spells them: upper case, 1 for I and L, 0 for O,
/// without hyphens and white space. Error: `unknown_character`.
[[nodiscard]] std::expected<std::string, Base32Error> canonical_base32(std::string_view text);

/// Reads what `canonical_base32` does.
/// Errors: `unknown_character`; `wrong_length` when no whole number of bytes has that many
/// characters; `padding_not_zero`, so that a value has one spelling apart from case, look-alikes
/// and separators.
[[nodiscard]] std::expected<Bytes, Base32Error> parse_base32(std::string_view text);

/// The characters of `plain` in groups of `size` joined by hyphens.
[[nodiscard]] std::string in_groups(std::string_view plain, std::size_t size = 5);

}  // namespace vereda::protocol
