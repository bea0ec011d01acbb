#include "engine/sheets/sheet_row.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>

#include "engine/schema/fields.h"
#include "engine/schema/rounded_number.h"
#include "engine/sheets/cell_text.h"
#include "engine/sheets/column_title.h"
#include "engine/text/blank.h"
#include "engine/text/compose.h"
#include "engine/text/word_list.h"

namespace vereda::engine {
namespace {

constexpr std::size_t cell_size_max = 16 * 1024;  // an entry holds 32 KiB (docs/protocol.md)

std::optional<std::string> kind_of(std::string_view cell) {
    constexpr std::pair<std::string_view, std::string_view> kinds[] = {
        {"person", "person"},
        {"individual", "person"},
        {"persona", "person"},
        {"pessoa", "person"},
        {"personne", "person"},
        {"organisation", "organisation"},
        {"organization", "organisation"},
        {"organizacion", "organisation"},
        {"organizacao", "organisation"},
        {"company", "organisation"},
        {"household", "household"},
        {"hogar", "household"},
        {"foyer", "household"},
        {"family", "household"}};
    const auto* found =
        std::ranges::find(kinds, plain_title(cell), [](const auto& kind) { return kind.first; });
    if (found == std::end(kinds)) return std::nullopt;
    return std::string(found->second);
}

std::string text_in(std::string_view cell) {
    const auto values = values_in_cell(text_column, cell, {});
    return values.empty() ? std::string() : values.front();
}

/// Reads the cells of one row into a SheetRow; the first objection rejects it.
class RowReading {
  public:
    RowReading(
        std::uint64_t line, const DateReading& dates, std::string_view phone_region,
        bool has_damaged_bytes)
        : dates_(dates), phone_region_(phone_region), has_damaged_bytes_(has_damaged_bytes) {
        row_.line = line;
    }

    void read(const SheetColumn& column, std::string_view written) {
        const std::string cell = composed(written);
        if (column.is_key) row_.key = text_in(cell);
        if (column.is_key && is_blank(cell)) object(RowProblem::empty_key);
        if (column.is_key && is_rounded_number(cell))
            object(RowProblem::rounded_number, column.title, cell);
        if (is_blank(cell) || (column.is_left_out() && !column.is_key)) return;
        if (has_damaged_bytes_ && cell.find("\uFFFD") != std::string_view::npos)
            return object(RowProblem::not_utf8, column.title);
        if (column.is_left_out()) return;
        if (cell.size() > cell_size_max) return object(RowProblem::cell_too_long, column.title);
        if (column.consent) return read_consent(column, cell);
        if (column.field == column_part::kind) return read_kind(cell);
        if (column_part::is_part(column.field)) {
            parts_[column.field] = cell;
        } else if (const Field* field = find_field(FieldOwner::contact, column.field)) {
            read_field(*field, cell);
        }
    }

    std::expected<SheetRow, RejectedRow> finish() {
        put_house_number();
        make_birth_date();
        for (const auto& [channel, given] : consents_) row_.consents.push_back({channel, given});
        if (row_.values.empty() && row_.consents.empty()) object(RowProblem::nothing_read);
        if (objection_) return std::unexpected(std::move(*objection_));
        return std::move(row_);
    }

  private:
    void object(RowProblem why, std::string_view title = {}, std::string_view value = {}) {
        if (objection_) return;
        objection_ = {
            .line = row_.line,
            .why = why,
            .title = std::string(title),
            .value = std::string(value)};
    }

    void read_consent(const SheetColumn& column, std::string_view cell) {
        const ConsentAnswer answer = consent_answer(*column.consent, cell);
        if (answer == ConsentAnswer::none) return;
        if (answer == ConsentAnswer::unclear)
            return object(RowProblem::unclear_consent, column.title, cell);
        for (const std::string& channel : column.consent->channels) {
            const bool given = answer == ConsentAnswer::given;
            const auto [known, is_new] = consents_.emplace(channel, given);
            if (!is_new) known->second = known->second && given;
        }
    }

    void read_kind(std::string_view cell) {
        const auto kind = kind_of(cell);
        if (!kind) return object(RowProblem::unknown_kind, column_part::kind, cell);
        row_.kind = *kind;
    }

    void read_field(const Field& field, std::string_view cell) {
        if (field.form == ValueForm::date) return read_birth_date(cell);
        for (std::string& value : values_in_cell(field, cell, phone_region_))
            put(field, std::move(value));
    }

    /// A set keeps different elements; a second address line or note is joined to the first.
    void put(const Field& field, std::string text) {
        if (field.form == ValueForm::phone && is_rounded_number(text))
            return object(RowProblem::rounded_number, field.name, text);
        FieldValue value{.field = std::string(field.name), .value = std::move(text)};
        const auto same_field = std::ranges::find(row_.values, value.field, &FieldValue::field);
        if (field.rule == MergeRule::single && same_field != row_.values.end()) {
            same_field->value += (field.form == ValueForm::notes ? "\n" : ", ") + value.value;
        } else if (std::ranges::find(row_.values, value) == row_.values.end()) {
            row_.values.push_back(std::move(value));
        }
    }

    void read_birth_date(std::string_view cell) {
        const auto date = read_date(cell, dates_);
        if (date) return row_.values.push_back({"birth_date", *date});
        const bool no_day = date.error() == DateError::no_such_day;
        object(no_day ? RowProblem::no_such_day : RowProblem::not_a_date, "birth_date", cell);
    }

    void put_house_number() {
        const auto number = parts_.find(column_part::house_number);
        if (number == parts_.end()) return;
        const auto street =
            std::ranges::find(row_.values, std::string_view("address_line"), &FieldValue::field);
        if (street == row_.values.end())
            row_.values.push_back({"address_line", number->second});
        else
            street->value = number->second + " " + street->value;
    }

    /// The part as a number; nothing when there is none; an objection when it is no number of that
    /// kind.
    int part_of_birth(
        std::string_view part, std::string_view frame, std::size_t at, std::size_t size) {
        const auto found = parts_.find(part);
        if (found == parts_.end()) return 0;
        std::string text(frame);
        text.replace(text.find('?'), 1, found->second);
        const auto date =
            read_date(text, {.order = DateOrder::day_first, .this_year = dates_.this_year});
        int number = 0;
        if (date && date->size() == 10)
            std::from_chars(date->data() + at, date->data() + at + size, number);
        if (number == 0) object(RowProblem::unknown_part, part, found->second);
        return number;
    }

    void make_birth_date() {
        const int year = part_of_birth(column_part::birth_year, "1/1/?", 0, 4);
        const int month = part_of_birth(column_part::birth_month, "1/?/2000", 5, 2);
        const int day = part_of_birth(column_part::birth_day, "?/1/2000", 8, 2);
        const bool has_whole =
            std::ranges::find(row_.values, std::string_view("birth_date"), &FieldValue::field) !=
            row_.values.end();
        if (has_whole || (year == 0 && month == 0 && day == 0)) return;
        const auto date = make_date(year, month, day);
        if (date)
            row_.values.push_back({"birth_date", *date});
        else
            object(RowProblem::no_birth_date);
    }

    SheetRow row_;
    std::map<std::string, std::string, std::less<>> parts_;
    std::map<std::string, bool> consents_;
    std::optional<RejectedRow> objection_;
    const DateReading& dates_;
    std::string_view phone_region_;
    bool has_damaged_bytes_;
};

}  // namespace

std::expected<SheetRow, RejectedRow> read_sheet_row(
    const CsvRow& row, const std::vector<SheetColumn>& columns, const DateReading& dates,
    std::string_view phone_region, bool has_damaged_bytes) {
    std::size_t cells = row.fields.size();
    while (cells > columns.size() && clean_cell(row.fields[cells - 1]).empty()) --cells;
    if (cells != columns.size()) {
        return std::unexpected(RejectedRow{
            .line = row.line,
            .why = RowProblem::cell_count,
            .number = cells,
            .expected = columns.size()});
    }
    RowReading reading(row.line, dates, phone_region, has_damaged_bytes);
    for (std::size_t i = 0; i < columns.size(); ++i)
        reading.read(columns[i], clean_cell(row.fields[i]));
    return reading.finish();
}

}  // namespace vereda::engine
