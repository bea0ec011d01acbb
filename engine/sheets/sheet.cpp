#include "engine/sheets/sheet.h"

#include <algorithm>
#include <utility>

namespace vereda::engine {
namespace {

SheetError cut_off(const CsvError& error) {
    return {.problem = SheetProblem::cut_off, .line = error.line};
}

RowProblem spoiled_row(CsvProblem problem) {
    switch (problem) {
        case CsvProblem::unterminated_quote:
            return RowProblem::unterminated_quote;
        case CsvProblem::text_after_quote:
            return RowProblem::text_after_quote;
        case CsvProblem::field_too_long:
            return RowProblem::field_too_long;
        case CsvProblem::too_many_columns:
            break;
    }
    return RowProblem::too_many_columns;
}

/// Where people write the month first. Source: CLDR, short date formats.
bool writes_month_first(std::string_view region) {
    constexpr std::string_view regions[] = {"US", "us", "PR", "GU", "AS",
                                            "VI", "MP", "MH", "FM", "PW"};
    return std::ranges::find(regions, region) != std::end(regions);
}

/// The delimiter that a first line "sep=;" names. Excel writes such a line and reads it.
std::optional<char> named_delimiter(std::string_view text) {
    constexpr std::string_view prefix = "sep=";
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    if (line.size() != prefix.size() + 1) return std::nullopt;
    const bool is_named =
        std::ranges::equal(line.substr(0, prefix.size()), prefix, [](char letter, char wanted) {
            return letter == wanted || (letter >= 'A' && letter <= 'Z' && letter + 32 == wanted);
        });
    return is_named ? std::optional(line.back()) : std::nullopt;
}

/// The next row that is not blank; a spoiled row counts as one. False at the end.
std::expected<bool, CsvError> next_row(CsvReader& reader, CsvRow& row) {
    for (;;) {
        const auto more = reader.next(row);
        if (!more || !*more || !row.is_blank()) return more;
    }
}

}  // namespace

Sheet::Sheet(std::string_view text, SheetOptions options, char delimiter)
    : options_(std::move(options)), reader_(text, delimiter) {
    dates_.this_year = options_.this_year;
}

std::expected<Sheet, SheetError> Sheet::open(std::string_view text, SheetOptions options) {
    const auto named = named_delimiter(text);
    const char delimiter = options.delimiter.value_or(named ? *named : detect_delimiter(text));
    Sheet sheet(text, std::move(options), delimiter);
    CsvRow naming;
    if (named) static_cast<void>(sheet.reader_.next(naming));  // it is no row
    if (auto error = sheet.read_headers()) return std::unexpected(std::move(*error));
    if (auto error = sheet.scan()) return std::unexpected(std::move(*error));
    return sheet;
}

std::optional<SheetError> Sheet::read_headers() {
    CsvRow header;
    const auto more = next_row(reader_, header);
    if (!more && more.error().problem == CsvProblem::unterminated_quote)
        return cut_off(more.error());
    if (!more)
        return SheetError{
            .problem = SheetProblem::unreadable_headers,
            .line = more.error().line,
            .spoiled_by = more.error().problem};
    if (!*more) return SheetError{.problem = SheetProblem::empty, .line = 1};
    while (!header.fields.empty() && clean_cell(header.fields.back()).empty())
        header.fields.pop_back();
    auto columns = recognise_columns(header, options_);
    if (!columns) return std::move(columns.error());
    columns_ = std::move(*columns);
    return std::nullopt;
}

std::optional<SheetError> Sheet::scan() {
    const auto date_column = std::ranges::find_if(columns_, [](const SheetColumn& column) {
        return column.field == "birth_date" && !column.is_left_out();
    });
    const auto index = static_cast<std::size_t>(date_column - columns_.begin());
    std::size_t day_first = 0;
    std::size_t month_first = 0;
    std::string ambiguous;
    CsvReader ahead = reader_;
    for (CsvRow row;;) {
        const auto more = next_row(ahead, row);
        if (!more && more.error().problem == CsvProblem::unterminated_quote)
            return cut_off(more.error());
        if (more && !*more) break;
        ++row_count_;
        if (!more || index >= columns_.size() || index >= row.fields.size()) continue;
        const std::string_view date = clean_cell(row.fields[index]);
        const auto proven = proven_order(date);
        if (proven == DateOrder::day_first) ++day_first;
        if (proven == DateOrder::month_first) ++month_first;
        if (ambiguous.empty() && is_ambiguous_date(date)) ambiguous = date;
    }
    decide_date_order(day_first, month_first, ambiguous);
    return std::nullopt;
}

void Sheet::decide_date_order(
    std::size_t day_first, std::size_t month_first, std::string_view ambiguous) {
    const bool proven = (day_first == 0) != (month_first == 0);
    const bool month = day_first == month_first ? writes_month_first(options_.phone_region)
                                                : month_first > day_first;
    dates_.order =
        options_.date_order.value_or(month ? DateOrder::month_first : DateOrder::day_first);
    if (options_.date_order || proven) return;
    if (day_first > 0)
        assumed_ = {.order = dates_.order, .example = {}};
    else if (!ambiguous.empty())
        assumed_ = {.order = dates_.order, .example = std::string(ambiguous)};
}

std::optional<std::expected<SheetRow, RejectedRow>> Sheet::next() {
    CsvRow cells;
    const auto more = next_row(reader_, cells);
    if (!more)
        return std::unexpected(
            RejectedRow{.line = more.error().line, .why = spoiled_row(more.error().problem)});
    if (!*more) return std::nullopt;
    auto row =
        read_sheet_row(cells, columns_, dates_, options_.phone_region, options_.has_damaged_bytes);
    if (!row || row->key.empty()) return row;
    const auto [first, is_new] = lines_of_keys_.emplace(row->key, row->line);
    if (is_new) return row;
    return std::unexpected(RejectedRow{
        .line = row->line,
        .why = RowProblem::repeated_key,
        .value = row->key,
        .number = first->second});
}

}  // namespace vereda::engine
