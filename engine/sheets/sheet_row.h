#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "engine/actions/action_error.h"
#include "engine/schema/date.h"
#include "engine/schema/field_value.h"
#include "engine/sheets/csv_reader.h"
#include "engine/sheets/sheet_columns.h"

/// What one row of a sheet says about one contact.
namespace vereda::engine {

struct SheetRow {
    std::uint64_t line = 0;
    std::string key;  ///< Empty without a key column.
    /// "person", "organisation", "household"; empty when the sheet does not say.
    std::string kind;
    std::vector<FieldValue> values;  ///< In the order of the columns.
    /// At most one a channel; of several answers a withdrawal counts.
    std::vector<ChannelConsent> consents;
};

enum class RowProblem {
    unterminated_quote,  ///< As CsvProblem says it, and so the next three.
    text_after_quote,
    field_too_long,
    too_many_columns,
    cell_count,    ///< `number` cells under `expected` titles.
    repeated_key,  ///< `value` is the key of line `number` as well.
    empty_key,
    not_utf8,         ///< The cell under `title` holds bytes that are no text.
    not_text,         ///< The same of the row, in whatever encoding it was read.
    cell_too_long,    ///< The one under `title`: over 16 KiB.
    rounded_number,   ///< `value` under `title` has lost digits to a spreadsheet.
    unclear_consent,  ///< `value` under `title` is neither yes nor no.
    unknown_kind,     ///< `value` is no kind of contact.
    not_a_date,       ///< `value`, as a date of birth.
    no_such_day,      ///< The same: no calendar has it.
    unknown_part,     ///< `value` is no year, month or day of birth, whichever `title` names.
    no_birth_date,    ///< Year, month and day make no date.
    nothing_read,     ///< The columns that are read are empty.
    too_long,         ///< More than one contact can hold: 32 KiB.
    action,           ///< No contact can be written so: `action`.
};

/// A row that is not imported, and why.
struct RejectedRow {
    std::uint64_t line = 0;
    RowProblem why{};
    std::string title = {};
    std::string value = {};
    std::uint64_t number = 0;
    std::uint64_t expected = 0;
    ActionError action = {};
};

/// Reads `row` under `columns`. Rejected: another number of cells than columns (empty ones at the
/// end apart), a date that no calendar has, an unclear answer about consent, an unknown kind, an
/// empty key, a cell of more than 16 KiB, nothing at all in the columns that are read; a telephone
/// number or key that a spreadsheet has rounded (5.73E+11); with `has_damaged_bytes` a cell with
/// U+FFFD. Other telephone numbers are normalised, never rejected.
[[nodiscard]] std::expected<SheetRow, RejectedRow> read_sheet_row(
    const CsvRow& row, const std::vector<SheetColumn>& columns, const DateReading& dates,
    std::string_view phone_region, bool has_damaged_bytes = false);

}  // namespace vereda::engine
