#include "client/desk/rejected_row.h"

#include "client/desk/problems/action_problem.h"

namespace vereda::client {
namespace {

using enum engine::RowProblem;

// What happened, without what to do now: a row is not an action that somebody tries again.
Sentence what_happened(const engine::ActionError& error) {
    const Problem problem = problem_of(error);
    return {"problem." + problem.sentence + ".error", problem.arguments};
}

Sentence of_whole_row(const engine::RejectedRow& row) {
    switch (row.why) {
        case unterminated_quote:
            return {"sheet.rejected.unterminated_quote"};
        case text_after_quote:
            return {"sheet.rejected.text_after_quote"};
        case field_too_long:
            return {"sheet.rejected.field_too_long"};
        case too_many_columns:
            return {"sheet.rejected.too_many_columns"};
        case cell_count:
            return {
                "sheet.rejected.cell_count", {{"number", row.number}, {"expected", row.expected}}};
        case empty_key:
            return {"sheet.rejected.empty_key"};
        case not_text:
            return {"sheet.rejected.not_text"};
        case no_birth_date:
            return {"sheet.rejected.no_birth_date"};
        case too_long:
            return {"sheet.rejected.too_long"};
        case action:
            return what_happened(row.action);
        default:
            return {"sheet.rejected.nothing_read"};
    }
}

}  // namespace

Sentence why_rejected(const engine::RejectedRow& row) {
    const std::string& title = row.title;
    const std::string& value = row.value;
    switch (row.why) {
        case repeated_key:
            return {"sheet.rejected.repeated_key", {{"key", value}, {"line", row.number}}};
        case not_utf8:
            return {"sheet.rejected.wrong_bytes", {{"title", title}}};
        case cell_too_long:
            return {"sheet.rejected.cell_too_long", {{"title", title}}};
        case rounded_number:
            return {"sheet.rejected.rounded_number", {{"title", title}, {"value", value}}};
        case unclear_consent:
            return {"sheet.rejected.unclear_consent", {{"title", title}, {"value", value}}};
        case unknown_kind:
            return {"sheet.rejected.unknown_kind", {{"value", value}}};
        case not_a_date:
            return {"sheet.rejected.not_a_date", {{"value", value}}};
        case no_such_day:
            return {"sheet.rejected.no_such_day", {{"value", value}}};
        case unknown_part:
            return {"sheet.rejected.unknown_part", {{"part", title}, {"value", value}}};
        default:
            return of_whole_row(row);
    }
}

}  // namespace vereda::client
