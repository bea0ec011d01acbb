#include "client/answers/visit_answer.h"

#include <algorithm>

#include "client/answers/report.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

using Visits = std::vector<VisitShown>;

std::vector<std::string> cells_of(const VisitShown& visit, protocol::Millis now) {
    const auto marked = [&visit](const char* field, const std::string& value) {
        const bool differs = std::ranges::find(visit.conflicts, field) != visit.conflicts.end();
        return differs ? "≠ " + value : value;
    };
    return {
        marked("at", format_time(visit.at, now)),
        marked("kind", visit.kind),
        marked("outcome", visit.outcome),
        member_words(visit.author),
        marked("note", visit.note),
        visit.id};
}

std::string table_of(
    const Visits& visits, protocol::Millis now, const Terminal& terminal, Table::Look look) {
    Table table(
        {{column_heading("column.when")},
         {column_heading("column.kind")},
         {column_heading("column.outcome")},
         {column_heading("column.who")},
         {column_heading("column.note")},
         Table::of_ids(column_heading("column.id"))});
    for (const VisitShown& visit : visits) table.add(cells_of(visit, now), look);
    return table.text(terminal);
}

std::string hidden_line(const ContactShown& contact) {
    const std::uint64_t count = contact.hidden_visit_count;
    if (!contact.lists_hidden)
        return catalogue().say("answer.contact.hidden_visits", {{"count", count}});
    return catalogue().say("answer.contact.hidden_visits_listed", {{"count", count}});
}

}  // namespace

std::string visits_text(
    const ContactShown& contact, protocol::Millis now, const Terminal& terminal) {
    std::string text;
    if (!contact.visits.empty())
        text += "\n" + table_of(contact.visits, now, terminal, Table::Look::plain);
    if (contact.hidden_visit_count == 0) return text;
    text += "\n" + Style(terminal.color).faint(hidden_line(contact)) + "\n";
    if (contact.lists_hidden)
        text += table_of(contact.hidden_visits, now, terminal, Table::Look::faint);
    return text;
}

}  // namespace vereda::client
