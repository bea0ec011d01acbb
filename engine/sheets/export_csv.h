#pragma once

#include <span>
#include <string>
#include <string_view>

/// Writes rows that every spreadsheet reads and none runs.
/// Source: RFC 4180 (comma, CRLF, quotes doubled, UTF-8 without byte order mark);
/// engine/sheets/formula.h for what is run. A cell is also quoted when it holds ; | tab or a space
/// at its ends, so that a program set to another delimiter cannot find a formula in the middle of
/// it.
namespace vereda::engine {

/// Appends one row to `to`. What is not UTF-8 is written as U+FFFD.
void append_csv_row(std::string& to, std::span<const std::string> cells);

/// One cell as the row would hold it.
void append_csv_cell(std::string& to, std::string_view cell);

}  // namespace vereda::engine
