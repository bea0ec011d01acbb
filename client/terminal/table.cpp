#include "client/terminal/table.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "client/terminal/display_text.h"
#include "crypto/assert.h"
#include "protocol/text_id.h"

namespace vereda::client {
namespace {

constexpr int gap = 2;
constexpr int padded_max = 60;  // in a file: one long note would pad thousands of lines

/// A mark from left to right on both sides keeps a terminal that reorders from exchanging two such
/// cells.
std::string kept_in_place(const std::string& cell) {
    if (!has_right_to_left(cell)) return cell;
    return "\u200E" + cell + "\u200E";
}

// A note of 32 KiB would push everything else off the screen.
std::string cut(const std::string& cell) {
    if (cell.size() <= static_cast<std::size_t>(Table::cell_width_max)) return cell;
    if (display_width(cell) <= Table::cell_width_max) return cell;
    return shortened(cell, Table::cell_width_max) + " (cut here; --json has all of it)";
}

std::string padding(int columns) {
    return std::string(static_cast<std::size_t>(std::max(columns, 0)), ' ');
}

void trim_end(std::string& text) {
    while (text.ends_with(' ')) text.pop_back();
}

}  // namespace

Table::Column Table::of_ids(std::string title) {
    return {std::move(title), Align::left, static_cast<int>(protocol::text_id_size)};
}

void Table::add(std::vector<std::string> cells, Look look) {
    VEREDA_ASSERT(cells.size() <= columns_.size());
    cells.resize(columns_.size());
    for (std::string& cell : cells) cell = printable(cell);
    rows_.push_back({std::move(cells), look});
}

Table::Widths Table::widths_for(int terminal_width) const {
    Widths widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        int widest = display_width(columns_[i].title);
        for (const RowOfCells& row : rows_) widest = std::max(widest, display_width(row.cells[i]));
        widths.push_back(widest);
    }
    if (terminal_width == 0) {
        for (int& width : widths) width = std::min(width, padded_max);
        return widths;
    }
    const auto room = [&](std::size_t i) { return widths[i] - columns_[i].width_min; };
    int over = gap * (static_cast<int>(widths.size()) - 1) - terminal_width;
    for (over = std::accumulate(widths.begin(), widths.end(), over); over > 0; --over) {
        std::optional<std::size_t> widest;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (room(i) > 0 && (!widest || widths[i] > widths[*widest])) widest = i;
        }
        if (!widest) break;
        --widths[*widest];
    }
    return widths;
}

std::vector<std::string> Table::lines_of(
    const Cells& cells, const Widths& widths, const Terminal& terminal) const {
    std::vector<Cells> broken;
    std::size_t count = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        // In a file a cell wider than its column stays whole, and the next one follows.
        const int width = terminal.width == 0 ? display_width(cells[i]) : widths[i];
        broken.push_back(broken_into(cells[i], std::max(width, 2)));
        count = std::max(count, broken.back().size());
    }
    std::vector<std::string> lines;
    for (std::size_t line = 0; line < count; ++line) {
        std::string shown;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string part = line < broken[i].size() ? broken[i][line] : std::string();
            const std::string space = padding(widths[i] - display_width(part));
            const bool right = columns_[i].align == Align::right;
            const std::string cell = terminal.is_terminal ? kept_in_place(part) : part;
            shown += (i == 0 ? "" : padding(gap)) + (right ? space + cell : cell + space);
        }
        trim_end(shown);
        lines.push_back(std::move(shown));
    }
    return lines;
}

Table Table::with_cut_cells() const {
    Table table = *this;
    for (RowOfCells& row : table.rows_) {
        for (std::string& cell : row.cells) cell = cut(cell);
    }
    return table;
}

std::string Table::text(const Terminal& terminal) const {
    return terminal.width == 0 ? whole_text(terminal) : with_cut_cells().whole_text(terminal);
}

std::string Table::whole_text(const Terminal& terminal) const {
    const Widths widths = widths_for(terminal.width);
    const Style style(terminal.color);
    Cells titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    std::string text;
    for (const std::string& line : lines_of(titles, widths, terminal))
        text += style.bold(line) + "\n";
    for (const RowOfCells& row : rows_) {
        for (const std::string& line : lines_of(row.cells, widths, terminal))
            text += (row.look == Look::faint ? style.faint(line) : line) + "\n";
    }
    return text;
}

}  // namespace vereda::client
