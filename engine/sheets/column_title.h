#pragma once

#include <string>
#include <string_view>

/// What a column is about, told from its title in English, Spanish, Portuguese, French, Russian,
/// Ukrainian or Arabic.
namespace vereda::engine {

/// Titles of several fields are parts of one: what a column gives before it is put together
/// (engine/sheets/sheet.h).
namespace column_part {
inline constexpr std::string_view birth_year = "birth_year";
inline constexpr std::string_view birth_month = "birth_month";
inline constexpr std::string_view birth_day = "birth_day";
inline constexpr std::string_view house_number = "house_number";  ///< Joined with `address_line`.
/// "Nombre", "Nom": whichever half of a name has no column of its own, else the whole.
inline constexpr std::string_view bare_name = "bare_name";
/// Day of birth beside year and month, else date of birth.
inline constexpr std::string_view dob = "dob";
inline constexpr std::string_view kind = "kind";  ///< person, organisation, household

/// Whether `field` is such a part, settled: a year, month or day of birth, a house number or a
/// kind.
[[nodiscard]] bool is_part(std::string_view field);
}  // namespace column_part

/// The schema field that a column titled `title` fills, or a part from above; empty for a title
/// that says nothing to us. Case, accents, punctuation and numbers do not matter ("E-mail 2"), nor
/// do words of place like home, work, mobile.
[[nodiscard]] std::string_view field_of_title(std::string_view title);

}  // namespace vereda::engine
