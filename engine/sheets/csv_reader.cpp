#include "engine/sheets/csv_reader.h"

#include <algorithm>
#include <array>

namespace vereda::engine {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool breaks_line(char letter) { return letter == '\n' || letter == '\r'; }

}  // namespace

bool CsvRow::is_blank() const {
    return std::ranges::all_of(fields, [](const std::string& field) { return field.empty(); });
}

CsvReader::CsvReader(std::string_view text, char delimiter, CsvLimits limits)
    : text_(text), delimiter_(delimiter), limits_(limits) {
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
}

std::expected<bool, CsvError> CsvReader::next(CsvRow& row) {
    if (at_ >= text_.size()) return false;
    row.line = line_;
    failed_ = false;
    std::size_t columns = 0;
    for (Ended ended = Ended::field; ended == Ended::field; ++columns) {
        if (columns >= limits_.columns_max) {
            fail(CsvProblem::too_many_columns, row.line);
            columns = 0;  // read on to the end of the row, over what is refused anyway
        }
        if (row.fields.size() <= columns) row.fields.emplace_back();
        ended = read_field(row.fields[columns]);
    }
    row.fields.resize(columns);
    if (failed_) return std::unexpected(error_);
    return true;
}

CsvReader::Ended CsvReader::read_field(std::string& field) {
    field.clear();
    if (at_ < text_.size() && text_[at_] == '"') {
        read_quoted(field);
    } else {
        read_plain(field);
    }
    if (at_ < text_.size() && text_[at_] == delimiter_) {
        ++at_;
        return Ended::field;
    }
    skip_line_end();
    return Ended::row;
}

void CsvReader::read_quoted(std::string& field) {
    const std::uint64_t first_line = line_;
    ++at_;
    while (at_ < text_.size()) {
        const std::size_t end = std::min(text_.find('"', at_), text_.size());
        const std::string_view piece = text_.substr(at_, end - at_);
        keep(field, piece);
        for (std::size_t i = 0; i < piece.size(); ++i) {
            const bool crlf = piece[i] == '\r' && i + 1 < piece.size() && piece[i + 1] == '\n';
            if (breaks_line(piece[i]) && !crlf) ++line_;
        }
        at_ = end + 1;
        if (end == text_.size()) break;
        if (at_ < text_.size() && text_[at_] == '"') {
            keep(field, "\"");
            ++at_;
            continue;
        }
        if (at_ < text_.size() && text_[at_] != delimiter_ && !at_line_end()) {
            fail(CsvProblem::text_after_quote, line_);
            read_plain(field);
        }
        return;
    }
    at_ = text_.size();
    failed_ = false;  // this one ends the reading: it must not hide behind an earlier one
    fail(CsvProblem::unterminated_quote, first_line);
}

void CsvReader::read_plain(std::string& field) {
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != delimiter_ && !breaks_line(text_[end])) ++end;
    keep(field, text_.substr(at_, end - at_));
    at_ = end;
}

bool CsvReader::at_line_end() const { return at_ < text_.size() && breaks_line(text_[at_]); }

void CsvReader::skip_line_end() {
    if (!at_line_end()) return;
    const bool crlf = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    at_ += crlf ? 2 : 1;
    ++line_;
}

void CsvReader::keep(std::string& field, std::string_view piece) {
    if (field.size() + piece.size() > limits_.field_size_max)
        return fail(CsvProblem::field_too_long, line_);
    field += piece;
}

void CsvReader::fail(CsvProblem problem, std::uint64_t line) {
    if (failed_) return;
    failed_ = true;
    error_ = {problem, line};
}

char detect_delimiter(std::string_view text) {
    constexpr std::array candidates = {',', ';', '\t', '|'};
    constexpr std::size_t rows_looked_at = 20;
    char best = ',';
    std::size_t best_score = 0;
    for (const char candidate : candidates) {
        CsvReader reader(text, candidate);
        CsvRow row;
        std::size_t columns = 0;
        std::size_t even_rows = 0;
        for (std::size_t seen = 0; seen < rows_looked_at;) {
            const auto more = reader.next(row);
            if (more && !*more) break;
            if (more && row.is_blank()) continue;
            ++seen;
            if (!more) continue;
            if (columns == 0) columns = row.fields.size();
            if (row.fields.size() == columns) ++even_rows;
        }
        const std::size_t score = columns < 2 ? 0 : even_rows * 1024 + columns;
        if (score > best_score) {
            best = candidate;
            best_score = score;
        }
    }
    return best;
}

}  // namespace vereda::engine
