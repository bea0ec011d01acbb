#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/schema/fields.h"

/// Values of one field in one cell of a sheet, both ways.
///
/// | cell             | values                                                                  |
/// |------------------|-------------------------------------------------------------------------|
/// | `river; youth`   | as people write them: divided, trimmed, numbers in their one form       |
/// | `"a; b"; "c"`    | exact: between quotes, with \" \\ \n \r \t and \u00XX for what has to be |
///
/// An export quotes all values of a cell when plain ones would not come back the same: a separator
/// within, blanks at the ends, control characters (a file with those is taken for no text). A cell
/// is read as exact only if an export would have written just that, so sheets of others, with a
/// nickname in quotes, are read as before.
namespace vereda::engine {

/// How the elements of a set stand in one cell.
inline constexpr std::string_view set_separator = "; ";

/// What is no field of a contact but text all the same, such as a row's key.
inline constexpr Field text_column{0, FieldOwner::contact, MergeRule::single, ValueForm::plain, ""};

/// `values` of `field`, none of them empty, as a cell that `values_in_cell` reads as just these.
/// Not yet as CSV writes it (engine/sheets/export_csv.h). Dates stand as they are.
[[nodiscard]] std::string cell_text(const Field& field, const std::vector<std::string>& values);

/// The values in a cell that `clean_cell` has cleaned, none of them empty; for a field that is no
/// set one at most. Placeholders such as "none" are no phone and no address.
[[nodiscard]] std::vector<std::string> values_in_cell(
    const Field& field, std::string_view cell, std::string_view phone_region);

}  // namespace vereda::engine
