#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "protocol/ids.h"

/// Ids as people read, say and type them.
///
///     text form = 12 characters, the first 60 bits of H("id", id), 5 bits each, most significant
///     first | 1 check character digits    = 0123456789abcdefghjkmnpqrstvwxyz      the check, the
///     60-bit number modulo 37, may also be *~$=u
///
/// Reading takes either case, i and l for 1, o for 0, and passes over hyphens. The first characters
/// alone are enough as long as only one id begins with them. Source: docs/protocol.md "Text form of
/// ids"; Crockford's base 32.
namespace vereda::protocol {

inline constexpr std::size_t text_id_size = 13;
inline constexpr std::size_t text_id_prefix_min = 4;  ///< Fewer characters name too much.

/// The text form of an id of any kind.
[[nodiscard]] std::string text_id(ByteView id);
/// Of a record: its id is log | u64 seq.
[[nodiscard]] std::string text_id(const Dot& record);

enum class TextIdError { wrong_length, wrong_character, wrong_check };

/// What was typed, as the beginning of text ids: 4 to 12 characters, or 13 whose last is the right
/// check character. Whatever it names starts with it. Errors: `wrong_length`, `wrong_character`,
/// `wrong_check`.
[[nodiscard]] std::expected<std::string, TextIdError> parse_text_id(std::string_view typed);

}  // namespace vereda::protocol
