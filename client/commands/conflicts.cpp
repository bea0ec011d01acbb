#include "client/api/author_json.h"
#include "client/commands/commands.h"
#include "client/commands/contact_answer.h"
#include "client/desk/action_problem.h"
#include "client/desk/lookup.h"
#include "client/desk/people_time.h"
#include "client/desk/shown_names.h"
#include "client/terminal/table.h"
#include "engine/actions/seen_dots.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"

namespace vereda::client {

void declare_conflicts(Verb& program, Chosen& chosen) {
    Verb family = program.verb("conflicts", "Where two people wrote different things");
    family.examples(
        "  vereda conflicts list\n"
        "  vereda conflicts settle 7k2mq phone \"+57 601 555 0101\"");
    declare<ConflictsListCommand>(
        family, chosen, "list", "All of them, with every value and its author",
        [](Verb& verb, ConflictsListCommand& c) {
            verb.word("--turf", c.turf, "Only of this turf").examples("  vereda conflicts list");
        });
    declare<ConflictsSettleCommand>(
        family, chosen, "settle", "Say what holds", [](Verb& verb, ConflictsSettleCommand& c) {
            verb.text("ID", c.record, "The contact or interaction", Need::required)
                .text("FIELD", c.field, "The field", Need::required)
                .text("VALUE", c.value, "One of the values, or a new one", Need::required)
                .pairs("--seen", c.seen, seen_help, "FIELD=ENTRY")
                .examples(
                    "  vereda conflicts settle 7k2mq phone \"+57 601 555 0101\"\n"
                    "  vereda conflicts settle 4t9ab outcome spoke\n"
                    "`vereda conflicts list` shows ids, fields and values. An interaction has "
                    "kind, outcome, note and at. A field that this version does not know goes by "
                    "its "
                    "number.");
        });
}

namespace {

constexpr int phone_width = 13;  // "+576015550101": the commonest conflict is copied whole

Json json_of(const engine::RecordIds& ids, const engine::ConflictView& conflict) {
    JsonArray values;
    for (const engine::ValueView& value : conflict.values) {
        JsonObject one;
        one.add("value", value.text).add("entry", ids.text_of(value.dot));
        values.add(add_author(one, value.author).add("at", engine::time_text(value.at)).done());
    }
    JsonObject object;
    object.add("contact", ids.text_of(conflict.contact))
        .add("name", conflict.contact_name)
        .add("field", conflict.field);
    if (conflict.interaction) object.add("interaction", ids.text_of(*conflict.interaction));
    if (conflict.waits) object.add("waits", true);
    return object.add("values", values.done()).done();
}

void add_rows(
    Table& table, const engine::RecordIds& ids, const engine::ConflictView& conflict,
    ShownNames& names) {
    const protocol::Millis now = ids.workspace().environment().clock.now();
    std::string id = ids.text_of(conflict.interaction.value_or(conflict.contact));
    std::string name = conflict.contact_name;
    std::string field = conflict.field;
    for (const engine::ValueView& value : conflict.values) {
        table.add(
            {std::move(id), std::move(name), std::move(field),
             value.text.empty() ? "(empty)" : value.text, names.member(value.author),
             names.device(value.author), format_time(value.at, now)});
        id.clear();
        name.clear();
        field.clear();
    }
}

Outcome settle_contact(
    Application& application, engine::Workspace& workspace, const ConflictsSettleCommand& command) {
    engine::RecordIds ids(workspace);
    const auto contact = find_contact(ids, command.record);
    if (!contact) return std::unexpected(contact.error());
    const auto seen = find_seen(ids, *contact, seen_texts(command.seen));
    if (!seen) return std::unexpected(seen.error());
    engine::People people(workspace, {application.settings().phone_region});
    return answer_change(
        application, workspace, *contact,
        people.settle_conflict(*contact, command.field, command.value, *seen));
}

Outcome settle_interaction(
    Application& application, engine::Workspace& workspace, const ConflictsSettleCommand& command,
    const engine::NamedField& field) {
    engine::RecordIds ids(workspace);
    const auto interaction = find_interaction(ids, command.record);
    if (!interaction) return std::unexpected(interaction.error());
    const auto seen = find_seen_of_interaction(ids, *interaction, seen_texts(command.seen));
    if (!seen) return std::unexpected(seen.error());
    std::string value = command.value;
    if (field.code == engine::field::at) {
        const auto time = find_time(value, workspace.environment().clock);
        if (!time) return std::unexpected(time.error());
        value = std::to_string(time->value);
    }
    return answer_change(
        application, workspace, *interaction,
        engine::People(workspace).settle_interaction_conflict(
            *interaction, command.field, value, *seen));
}

// Whether the id is a contact's, as the field does not tell.
bool names_contact(engine::Workspace& workspace, const std::string& typed) {
    engine::RecordIds ids(workspace);
    const auto found = ids.find(typed, engine::RecordKind::contact);
    return found || found.error().problem == engine::LookupProblem::ambiguous;
}

}  // namespace

Outcome run(Application& application, const ConflictsListCommand& command) {
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        std::optional<engine::TurfNumber> only;
        if (!command.turf.empty()) {
            const auto turf = find_turf(workspace, command.turf);
            if (!turf) return std::unexpected(turf.error());
            only = *turf;
        }
        const engine::RecordIds ids(workspace);
        JsonArray array;
        ShownNames names(workspace);
        Table table(
            {Table::of_ids("Id"),
             {"Contact"},
             {"Field"},
             {"Value", Table::Align::left, phone_width},
             {"By"},
             {"On"},
             {"When"}});
        for (const auto& conflict : engine::Queries(workspace).conflicts(only)) {
            array.add(json_of(ids, conflict));
            add_rows(table, ids, conflict, names);
        }
        Report& report = application.report();
        report.answer(
            array.done(), table.empty() ? "No conflicts." : table.text(report.terminal()));
        return Exit::ok;
    });
}

Outcome run(Application& application, const ConflictsSettleCommand& command) {
    // No known field belongs to both, so the field tells which of the two the id names.
    using enum engine::FieldOwner;
    const auto of_interaction = engine::find_named_field(interaction, command.field);
    const auto of_contact = engine::find_named_field(contact, command.field);
    if (!of_interaction && !of_contact) {
        return std::unexpected(
            problem_of(engine::ActionError{engine::ActionProblem::unknown_field, command.field}));
    }
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        const bool is_contact =
            !of_interaction || (of_contact && names_contact(workspace, command.record));
        return is_contact ? settle_contact(application, workspace, command)
                          : settle_interaction(application, workspace, command, *of_interaction);
    });
}

}  // namespace vereda::client
