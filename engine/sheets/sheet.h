#pragma once

// Lives here: sheets in and out: columns, cells, dates, consents, an import's run.
// Begin: here for reading, `sheet_import.h` for what comes of it, `export_csv.h` for the way out.
// Must not know: files' names, and the screen.

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/schema/date.h"
#include "engine/sheets/csv_reader.h"
#include "engine/sheets/sheet_columns.h"
#include "engine/sheets/sheet_row.h"

namespace vereda::engine {

/// How dates that could be either are read, although nothing proves it: to be shown to whoever
/// imports.
struct AssumedDates {
    DateOrder order{};
    std::string example;  ///< One of them. Empty: some prove one order, some the other.
};

/// A sheet of contacts, understood: which column is which field, and what each row says in them.
/// The whole is scanned once when it opens, so that a file that was cut off is refused before
/// anything is imported, and dates like 03/04/1990 are read as the column's other dates prove.
class Sheet {
  public:
    /// `text` is UTF-8 (engine/sheets/encoding.h), borrowed, and has to outlive the sheet.
    [[nodiscard]] static std::expected<Sheet, SheetError> open(
        std::string_view text, SheetOptions options = {});

    [[nodiscard]] const std::vector<SheetColumn>& columns() const { return columns_; }
    /// Nothing where the sheet, or who imports it, says how its dates are written.
    [[nodiscard]] const std::optional<AssumedDates>& assumed_dates() const { return assumed_; }
    /// Rows that are not blank, headers apart: for a progress bar.
    [[nodiscard]] std::uint64_t row_count() const { return row_count_; }

    /// The next row or why it is rejected; nothing at the end. Blank rows are passed over; a key
    /// met before is rejected.
    [[nodiscard]] std::optional<std::expected<SheetRow, RejectedRow>> next();

  private:
    Sheet(std::string_view text, SheetOptions options, char delimiter);
    [[nodiscard]] std::optional<SheetError> read_headers();
    [[nodiscard]] std::optional<SheetError> scan();
    void decide_date_order(
        std::size_t day_first, std::size_t month_first, std::string_view ambiguous);

    SheetOptions options_;
    CsvReader reader_;
    std::vector<SheetColumn> columns_;
    DateReading dates_;
    std::optional<AssumedDates> assumed_;
    std::map<std::string, std::uint64_t> lines_of_keys_;
    std::uint64_t row_count_ = 0;
};

}  // namespace vereda::engine
