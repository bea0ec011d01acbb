#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Text as a terminal shows it: how wide it is, where it may be broken, and without what could take
/// the terminal over.
namespace vereda::client {

/// Columns that `text` takes: two for wide East Asian letters and emoji, none for marks and
/// joiners, one for all others. Source: Unicode Standard Annex 11. What is not UTF-8 counts one a
/// byte.
[[nodiscard]] int display_width(std::string_view text);

/// `text` on one line and harmless: control characters (also those of escape sequences) and line
/// breaks become spaces, embeddings and overrides of direction vanish, what is not UTF-8 becomes
/// U+FFFD. Names come from other people's laptops.
[[nodiscard]] std::string printable(std::string_view text);

/// The lines of `text` broken at spaces into `width` columns; a longer word is broken between
/// letters, never before a mark. At least one line. Precondition: width ≥ 2.
[[nodiscard]] std::vector<std::string> broken_into(std::string_view text, int width);

/// `text`, cut to `width` columns with … at its end if it is wider. Precondition: width ≥ 1.
[[nodiscard]] std::string shortened(std::string_view text, int width);

/// Whether any letter is written from right to left.
[[nodiscard]] bool has_right_to_left(std::string_view text);

}  // namespace vereda::client
