#include "client/commands/contact_answer.h"

#include <algorithm>

#include "client/lookup.h"
#include "client/terminal/display_text.h"
#include "client/terminal/people_time.h"
#include "client/terminal/table.h"
#include "client/words.h"
#include "client/words/catalogue.h"
#include "engine/queries/missing_contacts.h"
#include "engine/queries/record_ids.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"

namespace vereda::client {
namespace {

std::string id_of(engine::Workspace& workspace, engine::LocalDot record) {
    return engine::RecordIds(workspace).text_of(record);
}

Json json_of_keys(const engine::ContactView& contact) {
    JsonArray keys;
    for (const engine::RowKey& key : contact.keys) {
        keys.add(JsonObject().add("source", key.source).add("key", key.key).done());
    }
    return keys.done();
}

std::string label_of(const engine::FieldView& field) {
    const engine::Field* known = engine::find_field(field.code);
    return known == nullptr ? field.name : std::string(known->label);
}

void add_fields(
    Table& table, const engine::ContactView& contact, ShownNames& names, protocol::Millis now) {
    for (const engine::FieldView& field : contact.fields) {
        std::string label = label_of(field);
        for (const engine::ValueView& value : field.values) {
            std::string text = value.text.empty() ? "(empty)" : value.text;
            if (field.conflict) {
                text += "   ≠ by " + names.member(value.author) + ", " + format_time(value.at, now);
            }
            table.add({label, text});
            label.clear();
        }
    }
}

bool any_conflict(const engine::ContactView& contact, const ContactVisits& visits) {
    return !conflicts_of(contact).empty() ||
           std::ranges::any_of(visits.shown, [](const engine::InteractionLine& visit) {
               return !conflicts_of(visit).empty();
           });
}

constexpr const char* conflict_hint =
    "≠ There are other values: `vereda conflicts list` shows them, `vereda conflicts settle` says "
    "what holds.";

void add_consents(Table& table, const engine::ContactView& contact) {
    for (const engine::ConsentView& consent : contact.consents) {
        table.add({"consent " + consent.channel, consent.given ? "given" : "withdrawn"});
    }
}

std::string added_text(const engine::AddedContact& added) {
    if (!added.was_there) return catalogue().say("answer.added");
    return added.changed ? catalogue().say("answer.added.changed")
                         : catalogue().say("answer.added.unchanged");
}

/// What was done, and the id of the record.
std::string with_id(const std::string& done, const std::string& id) { return done + "  " + id; }

/// "city, notes"
std::string listed(const std::vector<std::string>& fields) {
    std::string names;
    for (const std::string& field : fields) names += (names.empty() ? "" : ", ") + field;
    return names;
}

/// Of fields that have several values now, because others wrote since these were shown.
Sentence meanwhile(const std::vector<std::string>& fields) {
    return {"remark.conflict_meanwhile", {{"fields", listed(fields)}}};
}

/// Of fields that have several values now, because somebody wrote another by hand.
Sentence by_hand(const std::vector<std::string>& fields) {
    return {"remark.conflict_by_hand", {{"fields", listed(fields)}}};
}

/// Adds to `answer` that the contact is hidden, and says it in words as well.
void tell_if_hidden(
    Application& application, engine::Workspace& workspace, engine::LocalDot contact,
    JsonObject& answer) {
    engine::Queries queries(workspace);
    if (!queries.is_retracted(contact)) return;
    answer.add("retracted", true);
    application.report().note(
        Sentence{"remark.hidden_contact_written", {{"contact", id_of(workspace, contact)}}});
}

Outcome answer_change(
    Application& application, engine::Workspace& workspace, engine::LocalDot record,
    const engine::People::Result& changed, bool hidden_is_news) {
    const bool stood =
        !changed && changed.error().problem == engine::ActionProblem::nothing_to_change;
    if (!changed && !stood) return std::unexpected(words_for(changed.error()));
    const std::string id = id_of(workspace, record);
    JsonObject answer;
    answer.add("id", id).add("changed", !stood);
    if (changed && changed->entries > 1) answer.add("entries", std::uint64_t{changed->entries});
    if (changed && !changed->conflicts.empty()) {
        answer.add("conflicts", json_texts(changed->conflicts));
        application.report().note(meanwhile(changed->conflicts));
    }
    if (hidden_is_news) tell_if_hidden(application, workspace, record, answer);
    const std::string done =
        stood ? catalogue().say("answer.stood") : catalogue().say("answer.changed");
    application.report().answer(answer.done(), with_id(done, id));
    return Exit::ok;
}

/// "3, 17, 20", the first ten.
std::string first_of(const std::vector<std::uint64_t>& lines) {
    constexpr std::size_t lines_shown = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(lines.size(), lines_shown); ++i) {
        text += (i == 0 ? "" : ", ") + std::to_string(lines[i]);
    }
    return lines.size() > lines_shown ? text + " …" : text;
}

std::string missing_text(engine::Workspace& workspace, const engine::ContactView& contact) {
    if (!is_lost(workspace, contact.id))
        return "This contact is not here. `vereda sync` brings it, if somebody has it.";
    return "This contact is lost: a disk destroyed it before anybody else had it. Only what stands "
           "below is left. Add the contact again with `vereda contact add`, and each visit with "
           "`vereda interaction add --at TIME`. Then hide what is left with `vereda contact "
           "retract ID`.";
}

std::string hidden_text(const engine::ContactView& contact) {
    return contact.is_here ? "Retracted: hidden from lists."
                           : "Retracted: `vereda status` tells no more of it.";
}

std::string name_text(engine::Workspace& workspace, const engine::ContactView& contact) {
    if (contact.is_here) return printable(contact.name.empty() ? "(no name)" : contact.name);
    return is_lost(workspace, contact.id) ? "(lost contact)" : "(contact not here)";
}

}  // namespace

Outcome answer_added(
    Application& application, engine::Workspace& workspace, const engine::AddedContact& added) {
    const std::string id = id_of(workspace, added.id);
    JsonObject answer;
    answer.add("id", id);
    if (added.was_there) answer.add("changed", added.changed);
    if (!added.conflicts.empty()) {
        answer.add("conflicts", json_texts(added.conflicts));
        application.report().note(by_hand(added.conflicts));
    }
    tell_if_hidden(application, workspace, added.id, answer);
    application.report().answer(answer.done(), with_id(added_text(added), id));
    return Exit::ok;
}

Outcome answer_visit_added(
    Application& application, engine::Workspace& workspace, engine::LocalDot visit,
    engine::LocalDot contact) {
    const std::string id = id_of(workspace, visit);
    JsonObject answer;
    answer.add("id", id);
    tell_if_hidden(application, workspace, contact, answer);
    application.report().answer(answer.done(), with_id(catalogue().say("answer.added"), id));
    return Exit::ok;
}

Outcome answer_change(
    Application& application, engine::Workspace& workspace, engine::LocalDot record,
    const engine::People::Result& changed) {
    return answer_change(application, workspace, record, changed, false);
}

Outcome answer_contact_change(
    Application& application, engine::Workspace& workspace, engine::LocalDot contact,
    const engine::People::Result& changed) {
    return answer_change(application, workspace, contact, changed, true);
}

Sentence hidden_lines(const std::vector<std::uint64_t>& lines) {
    return {"remark.hidden_lines", {{"count", lines.size()}, {"lines", first_of(lines)}}};
}

Sentence future_lines(const std::vector<std::uint64_t>& lines) {
    return {"remark.lines_in_future", {{"count", lines.size()}, {"lines", first_of(lines)}}};
}

Outcome answer_list(
    Application& application, engine::Workspace& workspace,
    const std::vector<engine::ContactLine>& contacts) {
    const engine::Queries queries(workspace);
    const engine::RecordIds ids(workspace);
    Report& report = application.report();
    if (report.json()) {
        JsonArray array;
        for (const engine::ContactLine& contact : contacts) {
            array.add(JsonObject()
                          .add("id", ids.text_of(contact.id))
                          .add("name", contact.name)
                          .add("turf", queries.turf_name(contact.turf))
                          .done());
        }
        report.answer(array.done(), {});
        return Exit::ok;
    }
    Table table({Table::of_ids("Id"), {"Name"}, {"Turf"}});
    for (const engine::ContactLine& contact : contacts) {
        table.add({ids.text_of(contact.id), contact.name, queries.turf_name(contact.turf)});
    }
    report.answer({}, table.empty() ? "Nobody." : table.text(report.terminal()));
    return Exit::ok;
}

std::vector<std::string> conflicts_of(const engine::ContactView& contact) {
    std::vector<std::string> names;
    for (const engine::FieldView& field : contact.fields) {
        if (field.conflict) names.push_back(field.name);
    }
    return names;
}

Json json_of_fields(const engine::ContactView& contact) {
    JsonObject fields;
    for (const engine::FieldView& field : contact.fields) {
        if (field.values.empty()) continue;
        if (!field.set) {
            fields.add(field.name, field.values.front().text);
            continue;
        }
        JsonArray elements;
        for (const engine::ValueView& value : field.values) elements.add(Json::of(value.text));
        fields.add(field.name, elements.done());
    }
    return fields.done();
}

Json json_of_entries(const engine::RecordIds& ids, const std::vector<engine::LocalDot>& entries) {
    JsonArray texts;
    for (const engine::LocalDot entry : entries) texts.add(Json::of(ids.text_of(entry)));
    return texts.done();
}

Json json_of_seen(engine::Workspace& workspace, const engine::ContactView& contact) {
    const engine::RecordIds ids(workspace);
    JsonObject seen;
    for (const engine::FieldView& field : contact.fields)
        seen.add(field.name, json_of_entries(ids, field.entries));
    return seen.done();
}

Json json_of_seen(engine::Workspace& workspace, engine::LocalDot interaction) {
    const engine::RecordIds ids(workspace);
    JsonObject seen;
    for (const auto& field : engine::Queries(workspace).shown_entries(interaction))
        seen.add(field.name, json_of_entries(ids, field.entries));
    return seen.done();
}

Json json_of_consents(const engine::ContactView& contact) {
    JsonObject consents;
    for (const engine::ConsentView& consent : contact.consents) {
        consents.add(consent.channel, consent.given ? "given" : "withdrawn");
    }
    return consents.done();
}

Json json_of(
    engine::Workspace& workspace, const engine::ContactView& contact, const ContactVisits& visits) {
    JsonObject object;
    object.add("id", id_of(workspace, contact.id))
        .add("turf", engine::Queries(workspace).turf_name(contact.turf))
        .add("kind", contact.kind)
        .add("name", contact.name)
        .add("retracted", contact.retracted)
        .add("created", contact.is_here ? engine::time_text(contact.created) : "")
        .add("fields", json_of_fields(contact))
        .add("seen", json_of_seen(workspace, contact))
        .add("conflicts", json_texts(conflicts_of(contact)))
        .add("consents", json_of_consents(contact))
        .add("keys", json_of_keys(contact))
        .add("interactions", json_of(workspace, visits))
        .add("hidden_interactions", std::uint64_t{visits.retracted.size()});
    if (!contact.is_here)
        object.add("missing", is_lost(workspace, contact.id) ? "lost" : "not_here");
    return object.done();
}

std::string text_of(
    engine::Workspace& workspace, const engine::ContactView& contact, const ContactVisits& visits,
    const Terminal& terminal) {
    ShownNames names(workspace);
    const Style style(terminal.color);
    const protocol::Millis now = workspace.environment().clock.now();
    const std::string name = name_text(workspace, contact);
    const std::string id = id_of(workspace, contact.id);
    const int width = display_width(name + "  " + id);
    const bool fits = terminal.width == 0 || width <= terminal.width;  // else the id would break
    const std::string kind = contact.is_here ? contact.kind + " " : std::string();
    std::string text = style.bold(name) + (fits ? "  " : "\n") + id + "  " + kind + "in " +
                       printable(engine::Queries(workspace).turf_name(contact.turf)) + "\n";
    if (!contact.is_here) text += style.warning(missing_text(workspace, contact)) + "\n";
    if (contact.retracted) text += style.warning(hidden_text(contact)) + "\n";
    if (contact.read_only) {
        text += style.warning("A later version of the program wrote to it: read-only here.") + "\n";
    }
    Table facts({{""}, {""}});
    add_fields(facts, contact, names, now);
    add_consents(facts, contact);
    for (const engine::RowKey& key : contact.keys) facts.add({"key in " + key.source, key.key});
    if (!facts.empty()) text += facts.text(terminal);
    text += text_of(workspace, visits, names, terminal);
    if (any_conflict(contact, visits)) text += "\n" + style.warning(conflict_hint) + "\n";
    return text;
}

}  // namespace vereda::client
