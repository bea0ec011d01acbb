#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "client/terminal/style.h"

namespace vereda::client {

/// Rows under titles, aligned by what the terminal shows (letters may be wide, accented or
/// written from right to left), broken within their columns where the terminal is narrow. Cells are
/// made harmless (display_text.h).
class Table {
  public:
    enum class Align { left, right };
    struct Column {
        std::string title;
        Align align = Align::left;
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// Missing cells are empty. Precondition: no more cells than columns.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return rows_.empty(); }

    /// The whole table, every line ended. For no terminal (width 0) lines are as long as they need
    /// to be, and columns no wider than 60: a longer cell pushes the next one aside.
    [[nodiscard]] std::string text(const Terminal& terminal) const;

  private:
    using Widths = std::vector<int>;
    using Cells = std::vector<std::string>;
    [[nodiscard]] Widths widths_for(int terminal_width) const;
    void append_row(
        std::string& to, const Cells& cells, const Widths& widths, const Terminal& terminal,
        bool title) const;

    std::vector<Column> columns_;
    std::vector<Cells> rows_;
};

}  // namespace vereda::client
