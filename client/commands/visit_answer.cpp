#include "client/commands/visit_answer.h"

#include <algorithm>

#include "client/api/author_json.h"
#include "client/commands/contact_answer.h"
#include "client/commands/report.h"
#include "client/desk/people_time.h"
#include "client/terminal/table.h"
#include "engine/queries/record_ids.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"

namespace vereda::client {
namespace {

using Visits = std::vector<engine::InteractionLine>;

std::vector<std::string> cells_of(
    const engine::RecordIds& ids, const engine::InteractionLine& visit, ShownNames& names) {
    const engine::InteractionView& what = visit.what;
    const protocol::Millis now = ids.workspace().environment().clock.now();
    const auto marked = [&what](std::uint32_t field, const std::string& value) {
        const bool differs = std::ranges::find(what.conflicts, field) != what.conflicts.end();
        return differs ? "≠ " + value : value;
    };
    return {
        marked(engine::field::at, format_time({what.at_ms}, now)),
        marked(engine::field::kind, what.kind),
        marked(engine::field::outcome, what.outcome),
        names.member(visit.author),
        marked(engine::field::note, what.note),
        ids.text_of(what.id)};
}

std::string table_of(
    const engine::RecordIds& ids, const Visits& visits, ShownNames& names, const Terminal& terminal,
    Table::Look look) {
    Table table({{"When"}, {"Kind"}, {"Outcome"}, {"Who"}, {"Note"}, Table::of_ids("Id")});
    for (const engine::InteractionLine& visit : visits)
        table.add(cells_of(ids, visit, names), look);
    return table.text(terminal);
}

std::string hidden_line(const ContactVisits& visits) {
    const std::string them = visits.retracted.size() == 1 ? "it" : "them";
    const std::string count = std::to_string(visits.retracted.size()) + " hidden";
    return visits.list_retracted ? count + "; `vereda interaction restore ID` brings " +
                                       (visits.retracted.size() == 1 ? "it" : "one") + " back:"
                                 : count + ": `vereda contact show ID --retracted` lists " + them;
}

Json json_of(
    engine::Workspace& workspace, const engine::RecordIds& ids, engine::LocalDot contact,
    const engine::InteractionLine& visit) {
    const engine::InteractionView& what = visit.what;
    JsonObject object;
    object.add("id", ids.text_of(what.id))
        .add("contact", ids.text_of(contact))
        .add("kind", what.kind)
        .add("outcome", what.outcome)
        .add("note", what.note)
        .add("at", engine::time_text({what.at_ms}));
    add_author(object, visit.author);
    return object.add("retracted", what.retracted)
        .add("conflicts", json_texts(conflicts_of(visit)))
        .add("seen", json_of_seen(workspace, what.id))
        .done();
}

}  // namespace

ContactVisits visits_of(
    engine::Workspace& workspace, engine::LocalDot contact, bool list_retracted) {
    ContactVisits visits{
        .contact = contact, .shown = {}, .retracted = {}, .list_retracted = list_retracted};
    for (auto& visit : engine::Queries(workspace).interactions_of(contact, true)) {
        Visits& to = visit.what.retracted ? visits.retracted : visits.shown;
        to.push_back(std::move(visit));
    }
    return visits;
}

std::vector<std::string> conflicts_of(const engine::InteractionLine& visit) {
    std::vector<std::string> names;
    for (const std::uint32_t code : visit.what.conflicts) {
        names.push_back(engine::field_label(code));
    }
    return names;
}

Json json_of(engine::Workspace& workspace, const ContactVisits& visits) {
    const engine::RecordIds ids(workspace);
    JsonArray array;
    for (const engine::InteractionLine& visit : visits.shown)
        array.add(json_of(workspace, ids, visits.contact, visit));
    if (!visits.list_retracted) return array.done();
    for (const engine::InteractionLine& visit : visits.retracted)
        array.add(json_of(workspace, ids, visits.contact, visit));
    return array.done();
}

std::string text_of(
    engine::Workspace& workspace, const ContactVisits& visits, ShownNames& names,
    const Terminal& terminal) {
    const engine::RecordIds ids(workspace);
    std::string text;
    if (!visits.shown.empty())
        text += "\n" + table_of(ids, visits.shown, names, terminal, Table::Look::plain);
    if (visits.retracted.empty()) return text;
    text += "\n" + Style(terminal.color).faint(hidden_line(visits)) + "\n";
    if (visits.list_retracted)
        text += table_of(ids, visits.retracted, names, terminal, Table::Look::faint);
    return text;
}

}  // namespace vereda::client
