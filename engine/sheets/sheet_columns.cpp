#include "engine/sheets/sheet_columns.h"

#include <algorithm>
#include <iterator>

#include "engine/schema/fields.h"
#include "engine/sheets/column_title.h"
#include "engine/sheets/formula.h"
#include "engine/text/word_list.h"

namespace vereda::engine {
namespace {

using Columns = std::vector<SheetColumn>;

SheetColumn* find_column(Columns& columns, std::string_view title) {
    const auto exact = std::ranges::find(columns, title, &SheetColumn::title);
    if (exact != columns.end()) return &*exact;
    const auto alike =
        std::ranges::find_if(columns, [plain = plain_title(title)](const SheetColumn& column) {
            return !plain.empty() && plain_title(column.title) == plain;
        });
    return alike == columns.end() ? nullptr : &*alike;
}

std::vector<std::string> titles_of(const Columns& columns) {
    std::vector<std::string> titles;
    for (const SheetColumn& column : columns) titles.push_back(column.title);
    return titles;
}

SheetError no_such_column(std::string_view title, const Columns& columns) {
    return {
        .problem = SheetProblem::unknown_column,
        .line = 1,
        .about = std::string(title),
        .titles = titles_of(columns)};
}

SheetError no_such_field(std::string_view name) {
    if (const auto channel = channel_in_title(name))
        return {.problem = SheetProblem::unknown_channel, .about = std::string(*channel)};
    return {.problem = SheetProblem::unknown_field, .about = std::string(name)};
}

/// False if `field` is none.
bool assign(SheetColumn& column, std::string_view field) {
    if (field == "-") {
        column.why_left_out = LeftOut::as_asked;
        return true;
    }
    if (auto consent = consent_column(field)) {
        column.consent = std::move(consent);
        return true;
    }
    const Field* known = find_field(FieldOwner::contact, field);
    if (column_part::is_part(field))
        column.field = field;
    else if (known != nullptr)
        column.field = known->name;
    else
        return false;
    return true;
}

bool is_assigned(const SheetColumn& column) {
    return !column.field.empty() || column.consent || column.is_left_out();
}

std::optional<SheetError> follow_map(Columns& columns, const SheetOptions& options) {
    for (const auto& [title, field] : options.map) {
        SheetColumn* column = find_column(columns, title);
        if (column == nullptr) return no_such_column(title, columns);
        if (!assign(*column, field)) return no_such_field(field);
    }
    if (options.key_column.empty()) return std::nullopt;
    SheetColumn* key = find_column(columns, options.key_column);
    if (key == nullptr) return no_such_column(options.key_column, columns);
    key->is_key = true;
    return std::nullopt;
}

/// "phone" beside "phones", as our own export writes them: the one number, not one of several.
bool is_one_of_export(const SheetColumn& column, const Columns& columns) {
    const Field* own = find_field(FieldOwner::contact, column.title);
    return own != nullptr && own->name == column.title &&
           std::ranges::find(columns, column.title + "s", &SheetColumn::title) != columns.end();
}

/// A column "id" where no other names the rows.
bool may_be_key(const SheetColumn& column, const Columns& columns) {
    return plain_title(column.title) == "id" &&
           std::ranges::none_of(columns, [](const SheetColumn& other) {
               return other.is_key || plain_title(other.title) == "key";
           });
}

LeftOut why_left_out(const SheetColumn& column, const Columns& columns) {
    if (column.title == conflicts_title) return LeftOut::marks_conflicts;
    if (channel_in_title(column.title)) return LeftOut::unknown_channel;
    if (column.title.empty()) return LeftOut::no_title;
    return may_be_key(column, columns) ? LeftOut::maybe_key : LeftOut::unknown_title;
}

void recognise(SheetColumn& column, const Columns& columns) {
    if (is_assigned(column)) return;
    column.consent = consent_column(column.title);
    if (is_one_of_export(column, columns)) {
        column.field = column.title;
    } else if (!column.consent) {
        column.field = field_of_title(column.title);
    }
    if (is_assigned(column) || column.is_key) return;
    column.why_left_out = why_left_out(column, columns);
    if (const auto channel = channel_in_title(column.title)) column.about = *channel;
}

bool has_field(const Columns& columns, std::string_view field) {
    return std::ranges::find(columns, field, &SheetColumn::field) != columns.end();
}

/// "Nombre" beside "Apellido" is the given name, "Nom" beside "Prénom" the family name; alone, both
/// are the whole. "DoB" beside a year of birth is the day, else the date.
void settle_doubtful_titles(Columns& columns) {
    const bool family = has_field(columns, "family_name");
    const bool given = has_field(columns, "given_name");
    const bool year = has_field(columns, column_part::birth_year);
    for (SheetColumn& column : columns) {
        if (column.field == column_part::bare_name) {
            column.field = family == given ? "name" : family ? "given_name" : "family_name";
        }
        if (column.field == column_part::dob)
            column.field = year ? column_part::birth_day : "birth_date";
    }
}

bool takes_several_columns(std::string_view field) {
    const Field* known = find_field(FieldOwner::contact, field);
    if (known != nullptr && known->rule == MergeRule::set) return true;
    return field == "address_line" || field == "notes";
}

void leave_out_second_columns(Columns& columns) {
    for (std::size_t later = 1; later < columns.size(); ++later) {
        SheetColumn& column = columns[later];
        if (column.field.empty() || takes_several_columns(column.field)) continue;
        const auto end = columns.begin() + static_cast<std::ptrdiff_t>(later);
        const auto first = std::find_if(columns.begin(), end, [&column](const SheetColumn& other) {
            return other.field == column.field && !other.is_left_out();
        });
        if (first == end) continue;
        column.why_left_out = LeftOut::second_column;
        column.about = first->title;
    }
}

/// An address of mail, or nothing but figures and signs: no title is that.
bool looks_like_data(std::string_view cell) {
    if (cell.find('@') != std::string_view::npos) return true;
    std::size_t figures = 0;
    for (const char letter : cell) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter >= '0' && letter <= '9')
            ++figures;
        else if (byte >= 0x80 || (byte | 0x20) >= 'a')
            return false;
    }
    return figures >= 5;
}

std::optional<SheetError> check_headers(const Columns& columns, std::uint64_t line) {
    const auto data = std::ranges::find_if(columns, looks_like_data, &SheetColumn::title);
    if (data != columns.end())
        return SheetError{
            .problem = SheetProblem::data_as_headers, .line = line, .about = data->title};
    const bool any = std::ranges::any_of(
        columns, [](const SheetColumn& column) { return !column.field.empty() || column.consent; });
    if (any) return std::nullopt;
    return SheetError{
        .problem = SheetProblem::no_headers, .line = line, .titles = titles_of(columns)};
}

}  // namespace

std::string_view clean_cell(std::string_view cell) {
    constexpr std::string_view blanks[] = {" ",      "\t",     "\r",     "\n",    "\u00A0",
                                           "\uFEFF", "\u200B", "\u200E", "\u200F"};
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view blank : blanks) {
            if (cell.starts_with(blank)) cell.remove_prefix(blank.size()), again = true;
            if (cell.ends_with(blank)) cell.remove_suffix(blank.size()), again = true;
        }
    }
    return shown_as_written(cell);
}

std::expected<Columns, SheetError> recognise_columns(
    const CsvRow& header, const SheetOptions& options) {
    Columns columns;
    for (const std::string& cell : header.fields) {
        SheetColumn column;
        column.title = clean_cell(cell);
        columns.push_back(std::move(column));
    }
    if (auto error = follow_map(columns, options)) return std::unexpected(std::move(*error));
    for (SheetColumn& column : columns) recognise(column, columns);
    settle_doubtful_titles(columns);
    leave_out_second_columns(columns);
    if (auto error = check_headers(columns, header.line)) return std::unexpected(std::move(*error));
    return columns;
}

}  // namespace vereda::engine
