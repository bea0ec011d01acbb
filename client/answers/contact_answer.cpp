#include "client/answers/contact_answer.h"

#include <algorithm>

#include "client/answers/report.h"
#include "client/answers/visit_answer.h"
#include "client/api/shown_json.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/display_text.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"
#include "engine/schema/fields.h"

namespace vereda::client {
namespace {

using enum ContactShown::Presence;

std::string value_text(const FieldShown& field, const ValueShown& value, protocol::Millis now) {
    const std::string text =
        value.text.empty() ? catalogue().say("answer.contact.empty") : value.text;
    if (!field.conflict) return text;
    const std::string when = format_time(value.at, now);
    return text + "   " +
           catalogue().say(
               "answer.contact.differs", {{"who", member_words(value.author)}, {"time", when}});
}

// A field of a later version has no name for people. tests/house/sentences_test.cpp makes sure that
// every other one has.
std::string label_of(const std::string& name) {
    const engine::Field* known = engine::find_field(engine::FieldOwner::contact, name);
    return known == nullptr ? name : catalogue().say("field." + std::string(known->name));
}

void add_field(Table& table, const FieldShown& field, protocol::Millis now) {
    std::string label = label_of(field.name);
    for (const ValueShown& value : field.values) {
        table.add({label, value_text(field, value, now)});
        label.clear();
    }
}

std::string facts_text(
    const ContactShown& contact, protocol::Millis now, const Terminal& terminal) {
    Table facts({{""}, {""}});
    for (const FieldShown& field : contact.fields) add_field(facts, field, now);
    for (const ConsentShown& consent : contact.consents)
        facts.add(
            {catalogue().say("answer.contact.consent", {{"channel", consent.channel}}),
             catalogue().say(
                 "answer.contact.consent_state",
                 {{"state", consent.given ? "given" : "withdrawn"}})});
    for (const engine::RowKey& key : contact.keys)
        facts.add({catalogue().say("answer.contact.key", {{"source", key.source}}), key.key});
    return facts.empty() ? std::string() : facts.text(terminal);
}

bool any_conflict(const ContactShown& contact) {
    return !conflicts_of(contact).empty() ||
           std::ranges::any_of(
               contact.visits, [](const VisitShown& visit) { return !visit.conflicts.empty(); });
}

Sentence why_missing(const ContactShown& contact) {
    if (contact.presence == not_here) return {"answer.contact.not_here"};
    return {"answer.contact.lost"};
}

Sentence how_hidden(const ContactShown& contact) {
    if (contact.presence == here) return {"answer.contact.retracted"};
    return {"answer.contact.retracted_missing"};
}

std::string name_text(const ContactShown& contact) {
    if (contact.presence == lost) return catalogue().say("answer.contact.name_lost");
    if (contact.presence == not_here) return catalogue().say("answer.contact.name_not_here");
    return contact.name.empty() ? catalogue().say("answer.contact.no_name")
                                : printable(contact.name);
}

// The id goes on a line of its own where it would break.
std::string heading(const ContactShown& contact, const Terminal& terminal) {
    const std::string name = name_text(contact);
    const int width = display_width(name + "  " + contact.id);
    const bool fits = terminal.width == 0 || width <= terminal.width;
    const std::string kind = contact.presence == here ? contact.kind : "none";
    return Style(terminal.color).bold(name) + (fits ? "  " : "\n") + contact.id + "  " +
           catalogue().say(
               "answer.contact.kind", {{"kind", kind}, {"turf", printable(contact.turf)}}) +
           "\n";
}

std::string warnings(const ContactShown& contact, const Style& style) {
    std::string text;
    if (contact.presence != here)
        text += style.warning(catalogue().say(why_missing(contact))) + "\n";
    if (contact.retracted) text += style.warning(catalogue().say(how_hidden(contact))) + "\n";
    if (contact.read_only)
        text += style.warning(catalogue().say("answer.contact.read_only")) + "\n";
    return text;
}

}  // namespace

std::string contact_text(
    const ContactShown& contact, protocol::Millis now, const Terminal& terminal) {
    const Style style(terminal.color);
    std::string text = heading(contact, terminal) + warnings(contact, style) +
                       facts_text(contact, now, terminal) + visits_text(contact, now, terminal);
    if (any_conflict(contact))
        text += "\n" + style.warning(catalogue().say("answer.contact.conflicts")) + "\n";
    return text;
}

Outcome answer(Report& report, const Or<std::vector<ContactRow>>& rows) {
    if (!rows) return std::unexpected(rows.error());
    if (report.json()) {
        report.answer(json_of(*rows), {});
        return Exit::ok;
    }
    Table table(
        {Table::of_ids(column_heading("column.id")),
         {column_heading("column.name")},
         {column_heading("column.turf")}});
    for (const ContactRow& row : *rows) table.add({row.id, row.name, row.turf});
    report.answer(
        {}, table.empty() ? catalogue().say("answer.nobody") : table.text(report.terminal()));
    return Exit::ok;
}

}  // namespace vereda::client
