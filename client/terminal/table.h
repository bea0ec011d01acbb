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
        int width_min = 8;  ///< A narrow terminal makes it no narrower.
    };
    /// A column of ids: somebody copies one with a double click, so none is ever broken. Also for
    /// text that has ids as words in it.
    [[nodiscard]] static Column of_ids(std::string title);
    enum class Look { plain, faint };
    /// A longer cell is cut on a terminal, and says so.
    static constexpr int cell_width_max = 1000;

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// Missing cells are empty. Precondition: no more cells than columns.
    void add(std::vector<std::string> cells, Look look = Look::plain);
    [[nodiscard]] bool empty() const { return rows_.empty(); }

    /// The whole table, every line ended. For no terminal (width 0) lines are as long as they need
    /// to be, and columns no wider than 60: a longer cell pushes the next one aside.
    [[nodiscard]] std::string text(const Terminal& terminal) const;

  private:
    using Widths = std::vector<int>;
    using Cells = std::vector<std::string>;
    struct RowOfCells {
        Cells cells;
        Look look = Look::plain;
    };
    [[nodiscard]] Table with_cut_cells() const;
    [[nodiscard]] std::string whole_text(const Terminal& terminal) const;
    [[nodiscard]] Widths widths_for(int terminal_width) const;
    [[nodiscard]] std::vector<std::string> lines_of(
        const Cells& cells, const Widths& widths, const Terminal& terminal) const;

    std::vector<Column> columns_;
    std::vector<RowOfCells> rows_;
};

}  // namespace vereda::client
