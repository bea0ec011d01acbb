#pragma once

#include <string>
#include <string_view>

/// Cells that a spreadsheet would run. A name typed as =HYPERLINK(…) on one laptop must not act
/// when the coordinator opens the export in Excel. Source: OWASP, CSV Injection.
namespace vereda::engine {

/// Whether `cell`, after any apostrophes, begins with = + - @ tab, line break, or the full-width
/// forms of the signs.
[[nodiscard]] bool could_be_formula(std::string_view cell);

/// An apostrophe before a cell that could be a formula: spreadsheets then show it as text. Others
/// are unchanged. `shown_as_written` takes it away again, so export and import give back the same
/// value; +34… is written '+34….
[[nodiscard]] std::string shown_as_text(std::string_view cell);
[[nodiscard]] std::string_view shown_as_written(std::string_view cell);

}  // namespace vereda::engine
