#include "engine/sheets/cell_text.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <set>

#include "engine/schema/channels.h"
#include "engine/schema/phone.h"
#include "engine/sheets/column_title.h"
#include "engine/sheets/consent_column.h"
#include "engine/sheets/formula.h"
#include "engine/sheets/sheet_columns.h"
#include "engine/text/word_list.h"

namespace vereda::engine {
namespace {

using Texts = std::vector<std::string>;

// ---- as people write them

/// What people put into a cell to say that there is nothing to put.
bool says_nothing(std::string_view cell) {
    constexpr std::string_view nothing[] = {"",        "na",     "none",  "null", "nil",  "unknown",
                                            "ninguno", "nenhum", "aucun", "нет",  "немає"};
    return std::ranges::find(nothing, plain_title(cell)) != std::end(nothing);
}

std::vector<std::string_view> pieces_of(std::string_view cell, std::string_view separators) {
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at <= cell.size();) {
        const std::size_t end = std::min(cell.find_first_of(separators, at), cell.size());
        const std::string_view piece = clean_cell(cell.substr(at, end - at));
        if (!piece.empty()) pieces.push_back(piece);
        at = end + 1;
    }
    return pieces;
}

bool is_whole_number(std::string_view piece) {
    return std::ranges::count_if(
               plain_title(piece), [](char letter) { return letter >= '0' && letter <= '9'; }) >= 6;
}
bool is_address(std::string_view piece) { return piece.find('@') != std::string_view::npos; }

/// The elements in one cell. Separators divide only where every piece stands for itself:
/// 011/123-4567 and +34912345678;ext=5 are one number, "Ana Ruiz <ana@example.org>" is one address.
std::vector<std::string_view> elements_of(const Field& field, std::string_view cell) {
    std::vector<std::string_view> pieces;
    if (field.form == ValueForm::phone) {
        pieces = pieces_of(cell, ";,/|\r\n");
        if (!std::ranges::all_of(pieces, is_whole_number)) return {cell};
    } else if (field.form == ValueForm::email) {
        pieces = pieces_of(cell, ";,| \t\r\n");
        if (!std::ranges::all_of(pieces, is_address)) return {cell};
    } else {
        pieces = pieces_of(cell, ";,|\r\n");
    }
    return pieces;
}

std::string normal(const Field& field, std::string_view written, std::string_view phone_region) {
    if (field.form == ValueForm::phone) return normalise_phone(written, phone_region);
    if (field.form == ValueForm::channel) return channel_of(written).value_or(std::string(written));
    return std::string(written);
}

Texts plain_values(const Field& field, std::string_view cell, std::string_view phone_region) {
    Texts values;
    if (cell.empty()) return values;
    const bool is_contact_way = field.form == ValueForm::phone || field.form == ValueForm::email;
    const auto elements = field.rule == MergeRule::set ? elements_of(field, cell)
                                                       : std::vector<std::string_view>{cell};
    for (const std::string_view element : elements) {
        if (is_contact_way && says_nothing(element)) continue;
        values.push_back(normal(field, element, phone_region));
    }
    return values;
}

// ---- between quotes

/// What encoding.h takes for no text.
bool is_control(char letter) {
    return static_cast<unsigned char>(letter) < 0x20 && letter != '\t' && letter != '\n' &&
           letter != '\r';
}

void append_quoted(std::string& to, std::string_view value) {
    constexpr std::string_view hex = "0123456789abcdef";
    to += '"';
    for (const char letter : value) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') {
            to += '\\';
            to += letter;
        } else if (letter == '\n' || letter == '\r' || letter == '\t') {
            to += letter == '\n' ? "\\n" : letter == '\r' ? "\\r" : "\\t";
        } else if (byte < 0x20) {
            to.append("\\u00") += hex[byte >> 4U];
            to += hex[byte & 15U];
        } else {
            to += letter;
        }
    }
    to += '"';
}

/// Reads values between quotes, one after the other. What append_quoted would have written
/// otherwise is found out by writing it again.
class QuotedList {
  public:
    explicit QuotedList(std::string_view cell) : rest_(cell) {}

    std::optional<Texts> read() {
        Texts values;
        do {
            auto value = read_one();
            if (!value || value->empty()) return std::nullopt;
            values.push_back(std::move(*value));
        } while (take(set_separator));
        if (!rest_.empty()) return std::nullopt;
        return values;
    }

  private:
    bool take(std::string_view text) {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }
    std::optional<std::string> read_one() {
        if (!take("\"")) return std::nullopt;
        std::string value;
        while (!rest_.empty() && !take("\"")) {
            if (take("\\")) {
                if (!read_escape(value)) return std::nullopt;
            } else {
                value += rest_.front();
                rest_.remove_prefix(1);
            }
            if (rest_.empty()) return std::nullopt;
        }
        return value;
    }
    bool read_escape(std::string& value) {
        constexpr std::pair<std::string_view, char> escapes[] = {
            {"\"", '"'}, {"\\", '\\'}, {"n", '\n'}, {"r", '\r'}, {"t", '\t'}};
        for (const auto& [escape, letter] : escapes) {
            if (!take(escape)) continue;
            value += letter;
            return true;
        }
        if (!take("u00") || rest_.size() < 2) return false;
        unsigned code = 0;
        const auto read = std::from_chars(rest_.data(), rest_.data() + 2, code, 16);
        if (read.ec != std::errc{} || read.ptr != rest_.data() + 2 || code >= 0x20) return false;
        value += static_cast<char>(code);
        rest_.remove_prefix(2);
        return true;
    }

    std::string_view rest_;
};

bool comes_back(const Field& field, const std::string& cell, const Texts& values) {
    if (std::ranges::any_of(cell, is_control) || QuotedList(cell).read()) return false;
    const std::string shown = shown_as_text(cell);
    const Texts read = plain_values(field, clean_cell(shown), {});
    return std::set(read.begin(), read.end()) == std::set(values.begin(), values.end());
}

}  // namespace

std::string cell_text(const Field& field, const Texts& values) {
    std::string plain;
    std::string quoted;
    for (const std::string& value : values) {
        if (!plain.empty()) plain += set_separator;
        if (!quoted.empty()) quoted += set_separator;
        plain += value;
        append_quoted(quoted, value);
    }
    const bool as_it_is = field.form == ValueForm::date || comes_back(field, plain, values);
    return as_it_is ? plain : quoted;
}

Texts values_in_cell(const Field& field, std::string_view cell, std::string_view phone_region) {
    if (cell.starts_with('"')) {
        auto exact = QuotedList(cell).read();
        const bool too_many = exact && field.rule == MergeRule::single && exact->size() > 1;
        if (exact && !too_many && cell_text(field, *exact) == cell) return std::move(*exact);
    }
    return plain_values(field, cell, phone_region);
}

}  // namespace vereda::engine
