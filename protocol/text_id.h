#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "protocol/ids.h"

/// Ids as people read, say and type them.
///
///     digits    = 0123456789abcdefghjkmnpqrstvwxyz
///     text form = d1 … d12 | check
///                 d1 … d12   the first 60 bits of H("id", id), 5 bits each, most significant first
///                 check      d1·2^12 + d2·2^11 + … + d12·2, a sum over GF(32)
///
/// The field is of 32 elements, x^5 + x^2 + 1 (x = 2), and every place has a weight of its own. So
/// any one wrong character and any two neighbours in each other's place are noticed. The whole id
/// is letters and digits: a double click takes all of it, and no shell changes it.
///
/// Programs before wrote as check the 60-bit number modulo 37, of those digits and *~$=u. Such an
/// id is still read: what it says is the same.
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

/// What was typed, as the beginning of text ids: 4 to 12 digits, or 13 of which the last is the
/// right check, whichever of the two checks was typed. Whatever it names starts with it. Errors:
/// `wrong_length`, `wrong_character`, `wrong_check`.
[[nodiscard]] std::expected<std::string, TextIdError> parse_text_id(std::string_view typed);

}  // namespace vereda::protocol
