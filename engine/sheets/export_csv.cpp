#include "engine/sheets/export_csv.h"

#include "engine/sheets/formula.h"
#include "engine/text/utf8.h"

namespace vereda::engine {
namespace {

bool wants_quotes(std::string_view cell) {
    if (cell.find_first_of(",;|\t\r\n\"") != std::string_view::npos) return true;
    // A first cell that begins with a byte order mark would lose it in reading.
    return cell.starts_with(' ') || cell.ends_with(' ') || cell.starts_with("\uFEFF");
}

}  // namespace

void append_csv_cell(std::string& to, std::string_view cell) {
    const std::string text = make_valid_utf8(shown_as_text(cell));
    if (!wants_quotes(text)) {
        to += text;
        return;
    }
    to.push_back('"');
    for (const char letter : text) {
        if (letter == '"') to.push_back('"');
        to.push_back(letter);
    }
    to.push_back('"');
}

void append_csv_row(std::string& to, std::span<const std::string> cells) {
    bool first = true;
    for (const std::string& cell : cells) {
        if (!first) to.push_back(',');
        first = false;
        append_csv_cell(to, cell);
    }
    to += "\r\n";
}

}  // namespace vereda::engine
