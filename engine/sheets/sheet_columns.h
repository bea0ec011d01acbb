#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/schema/date.h"
#include "engine/sheets/consent_column.h"
#include "engine/sheets/csv_reader.h"

/// Which column of a sheet is which field of a contact.
namespace vereda::engine {

struct SheetOptions {
    /// Column title → field of the schema, "consent_<channel>", or "-" to leave the column out.
    /// Overrides recognition.
    std::vector<std::pair<std::string, std::string>> map = {};
    std::string key_column = {};    ///< The title of the column whose value names the row at its
                                    ///< source; may be empty.
    std::string phone_region = {};  ///< ISO 3166, for numbers without +; may be empty. Where dates
                                    ///< prove no order, US says month first.
    /// For years of two digits (schema/date.h): the engine has no clock of its own.
    int this_year = 0;
    std::optional<DateOrder> date_order = {};  ///< Else as the sheet's dates prove.
    std::optional<char> delimiter = {};        ///< Else as the sheet says (sep=;) or detected.
    bool has_damaged_bytes = false;  ///< Bytes that were no text are U+FFFD: rows that have some in
                                     ///< what is read are rejected.
};

enum class SheetProblem {
    empty,               ///< No row at all.
    unreadable_headers,  ///< The first row is spoiled: `spoiled_by`.
    data_as_headers,     ///< The first row is data, such as `about`.
    no_headers,          ///< The first row names nothing that we know.
    cut_off,             ///< A quoted field never ends.
    unknown_column,      ///< `map` or `key_column` names a column that is not there: `about`.
    unknown_field,       ///< `map` names a field that is not there: `about`.
    unknown_channel,     ///< `map` names a channel of consent that is none: `about`.
};

/// Why a sheet is not read at all.
struct SheetError {
    SheetProblem problem{};
    std::uint64_t line = 0;
    std::string about = {};
    std::vector<std::string> titles = {};  ///< The columns that are there.
    CsvProblem spoiled_by = {};
};

/// Why nothing is read from a column.
enum class LeftOut {
    no,             ///< Something is read from it.
    as_asked,       ///< `map` says so.
    no_title,       ///< And so nobody can say what is in it.
    unknown_title,  ///< No field is known by it.
    maybe_key,      ///< The same, but people often name their rows by it; or they are our own ids.
    unknown_channel,  ///< It asks about consent for a channel that is none.
    marks_conflicts,  ///< An export's own: fields that had other values.
    second_column,    ///< Another column has the field, which holds one value.
};

struct SheetColumn {
    std::string title;
    /// A schema field or a part of one (column_title.h); empty for other columns.
    std::string field;
    std::optional<ConsentColumn> consent;  ///< For a column about consent.
    bool is_key = false;
    LeftOut why_left_out = LeftOut::no;
    /// Of `unknown_channel` the channel as written, of `second_column` the first one's title.
    std::string about = {};
    [[nodiscard]] bool is_left_out() const { return why_left_out != LeftOut::no; }
};

/// Title of the column in which an export names fields that have other values besides the one
/// shown. There is nothing in it to import.
inline constexpr std::string_view conflicts_title = "conflicts";

/// The columns under `header`, one for each of its cells. Errors: `data_as_headers`, `no_headers`,
/// `unknown_column`, `unknown_field`, `unknown_channel`. Two columns for one single-valued field:
/// the later is left out and says so (but address lines and notes are joined).
[[nodiscard]] std::expected<std::vector<SheetColumn>, SheetError> recognise_columns(
    const CsvRow& header, const SheetOptions& options);

/// A cell without the white space around it, as its author wrote it (engine/sheets/formula.h).
[[nodiscard]] std::string_view clean_cell(std::string_view cell);

}  // namespace vereda::engine
