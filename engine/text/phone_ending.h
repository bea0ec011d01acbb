#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Telephone numbers by their last digits: what people remember, and what is left of a number when
/// country code, trunk prefix and spaces are written differently.
namespace vereda::engine {

/// A query for fewer digits than this is for a word, not for the end of a number.
inline constexpr std::size_t phone_ending_min = 4;

/// Appends the word that a number is found by from its end, after a space: a mark that no folded
/// word has, and the last digits backwards. `folded` is the number as `fold` gives it; letters
/// after the digits (an extension) do not count; it may be the end of `to`. Nothing when it has
/// fewer than four digits. One word for each number, some 20 ns: it lies on the road of every
/// contact.
void append_phone_ending(std::string& to, std::string_view folded);

/// Beginnings of such words: of every number that ends like `digits` (0–9), as typed and without
/// the zeros of a national or an international prefix. None when fewer than four digits are left.
[[nodiscard]] std::vector<std::string> phone_endings(std::string_view digits);

}  // namespace vereda::engine
