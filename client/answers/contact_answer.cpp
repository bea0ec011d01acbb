#include "client/answers/contact_answer.h"

#include <algorithm>

#include "client/answers/visit_answer.h"
#include "client/api/shown_json.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/display_text.h"
#include "client/terminal/table.h"

namespace vereda::client {
namespace {

using enum ContactShown::Presence;

std::string value_text(const FieldShown& field, const ValueShown& value, protocol::Millis now) {
    const std::string text = value.text.empty() ? "(empty)" : value.text;
    if (!field.conflict) return text;
    return text + "   ≠ by " + member_words(value.author) + ", " + format_time(value.at, now);
}

void add_field(Table& table, const FieldShown& field, protocol::Millis now) {
    std::string label = field.label;
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
        facts.add({"consent " + consent.channel, consent.given ? "given" : "withdrawn"});
    for (const engine::RowKey& key : contact.keys) facts.add({"key in " + key.source, key.key});
    return facts.empty() ? std::string() : facts.text(terminal);
}

bool any_conflict(const ContactShown& contact) {
    return !conflicts_of(contact).empty() ||
           std::ranges::any_of(
               contact.visits, [](const VisitShown& visit) { return !visit.conflicts.empty(); });
}

constexpr const char* conflict_hint =
    "≠ There are other values: `vereda conflicts list` shows them, `vereda conflicts settle` says "
    "what holds.";

std::string missing_text(const ContactShown& contact) {
    if (contact.presence == not_here)
        return "This contact is not here. `vereda sync` brings it, if somebody has it.";
    return "This contact is lost: a disk destroyed it before anybody else had it. Only what stands "
           "below is left. Add the contact again with `vereda contact add`, and each visit with "
           "`vereda interaction add --at TIME`. Then hide what is left with `vereda contact "
           "retract ID`.";
}

std::string hidden_text(const ContactShown& contact) {
    return contact.presence == here ? "Retracted: hidden from lists."
                                    : "Retracted: `vereda status` tells no more of it.";
}

std::string name_text(const ContactShown& contact) {
    if (contact.presence == lost) return "(lost contact)";
    if (contact.presence == not_here) return "(contact not here)";
    return printable(contact.name.empty() ? "(no name)" : contact.name);
}

// The id goes on a line of its own where it would break.
std::string heading(const ContactShown& contact, const Terminal& terminal) {
    const std::string name = name_text(contact);
    const int width = display_width(name + "  " + contact.id);
    const bool fits = terminal.width == 0 || width <= terminal.width;
    const std::string kind = contact.presence == here ? contact.kind + " " : std::string();
    return Style(terminal.color).bold(name) + (fits ? "  " : "\n") + contact.id + "  " + kind +
           "in " + printable(contact.turf) + "\n";
}

std::string warnings(const ContactShown& contact, const Style& style) {
    std::string text;
    if (contact.presence != here) text += style.warning(missing_text(contact)) + "\n";
    if (contact.retracted) text += style.warning(hidden_text(contact)) + "\n";
    if (contact.read_only)
        text += style.warning("A later version of the program wrote to it: read-only here.") + "\n";
    return text;
}

}  // namespace

std::string contact_text(
    const ContactShown& contact, protocol::Millis now, const Terminal& terminal) {
    const Style style(terminal.color);
    std::string text = heading(contact, terminal) + warnings(contact, style) +
                       facts_text(contact, now, terminal) + visits_text(contact, now, terminal);
    if (any_conflict(contact)) text += "\n" + style.warning(conflict_hint) + "\n";
    return text;
}

Outcome answer(Report& report, const Or<std::vector<ContactRow>>& rows) {
    if (!rows) return std::unexpected(rows.error());
    if (report.json()) {
        report.answer(json_of(*rows), {});
        return Exit::ok;
    }
    Table table({Table::of_ids("Id"), {"Name"}, {"Turf"}});
    for (const ContactRow& row : *rows) table.add({row.id, row.name, row.turf});
    report.answer({}, table.empty() ? "Nobody." : table.text(report.terminal()));
    return Exit::ok;
}

}  // namespace vereda::client
