#include "client/terminal/table.h"

#include <algorithm>
#include <numeric>

#include "client/terminal/display_text.h"
#include "crypto/assert.h"

namespace vereda::client {
namespace {

constexpr int gap = 2;
constexpr int narrowest = 8;
constexpr int padded_max = 60;  // in a file: one long note would pad thousands of lines

/// A mark from left to right on both sides keeps a terminal that reorders from exchanging two such
/// cells.
std::string kept_in_place(const std::string& cell) {
    if (!has_right_to_left(cell)) return cell;
    return "\u200E" + cell + "\u200E";
}

std::string padding(int columns) {
    return std::string(static_cast<std::size_t>(std::max(columns, 0)), ' ');
}

void trim_end(std::string& text) {
    while (text.ends_with(' ')) text.pop_back();
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
    VEREDA_ASSERT(cells.size() <= columns_.size());
    cells.resize(columns_.size());
    for (std::string& cell : cells) cell = printable(cell);
    rows_.push_back(std::move(cells));
}

Table::Widths Table::widths_for(int terminal_width) const {
    Widths widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        int widest = display_width(columns_[i].title);
        for (const Cells& row : rows_) widest = std::max(widest, display_width(row[i]));
        widths.push_back(widest);
    }
    if (terminal_width == 0) {
        for (int& width : widths) width = std::min(width, padded_max);
        return widths;
    }
    if (widths.empty()) return widths;
    const int gaps = gap * (static_cast<int>(widths.size()) - 1);
    while (std::accumulate(widths.begin(), widths.end(), gaps) > terminal_width) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= narrowest) break;
        --*widest;
    }
    return widths;
}

void Table::append_row(
    std::string& to, const Cells& cells, const Widths& widths, const Terminal& terminal,
    bool title) const {
    std::vector<Cells> broken;
    std::size_t lines = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        // In a file a cell wider than its column stays whole, and the next one follows.
        const int width = terminal.width == 0 ? display_width(cells[i]) : widths[i];
        broken.push_back(broken_into(cells[i], std::max(width, 2)));
        lines = std::max(lines, broken.back().size());
    }
    const Style style(terminal.color && title);
    for (std::size_t line = 0; line < lines; ++line) {
        std::string shown;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string part = line < broken[i].size() ? broken[i][line] : std::string();
            const std::string space = padding(widths[i] - display_width(part));
            const bool right = columns_[i].align == Align::right;
            const std::string cell = terminal.is_terminal ? kept_in_place(part) : part;
            shown += (i == 0 ? "" : padding(gap)) + (right ? space + cell : cell + space);
        }
        trim_end(shown);
        to += style.bold(shown) + "\n";
    }
}

std::string Table::text(const Terminal& terminal) const {
    const Widths widths = widths_for(terminal.width);
    std::string text;
    Cells titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    append_row(text, titles, widths, terminal, true);
    for (const Cells& row : rows_) append_row(text, row, widths, terminal, false);
    return text;
}

}  // namespace vereda::client
