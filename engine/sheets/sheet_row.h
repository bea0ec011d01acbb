#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

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

struct RejectedRow {
    std::uint64_t line = 0;
    std::string why;
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
