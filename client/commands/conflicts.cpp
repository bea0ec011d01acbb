#include "client/answers/written_answer.h"
#include "client/api/shown_json.h"
#include "client/commands/commands.h"
#include "client/commands/seen_help.h"
#include "client/desk/lookup.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"

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

void add_rows(Table& table, const ConflictShown& conflict, protocol::Millis now) {
    std::string id = conflict.interaction.value_or(conflict.contact);
    std::string name = conflict.contact_name;
    std::string field = conflict.field;
    for (const ValueShown& value : conflict.values) {
        table.add(
            {std::move(id), std::move(name), std::move(field),
             value.text.empty() ? "(empty)" : value.text, member_words(value.author),
             device_words(value.author), format_time(value.at, now)});
        id.clear();
        name.clear();
        field.clear();
    }
}

std::string text_of(
    const std::vector<ConflictShown>& conflicts, protocol::Millis now, const Terminal& terminal) {
    Table table(
        {Table::of_ids(column_heading("column.id")),
         {column_heading("column.contact")},
         {column_heading("column.field")},
         {column_heading("column.value"), Table::Align::left, phone_width},
         {column_heading("column.by")},
         {column_heading("column.on")},
         {column_heading("column.when")}});
    for (const ConflictShown& conflict : conflicts) add_rows(table, conflict, now);
    return table.empty() ? catalogue().say("answer.no_conflicts") : table.text(terminal);
}

}  // namespace

Outcome run(Application& application, const ConflictsListCommand& command) {
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto conflicts = desk.read(ListConflicts{command.turf});
        if (!conflicts) return std::unexpected(conflicts.error());
        Report& report = application.report();
        const protocol::Millis now = application.environment().clock.now();
        report.answer(json_of(*conflicts), text_of(*conflicts, now, report.terminal()));
        return Exit::ok;
    });
}

Outcome run(Application& application, const ConflictsSettleCommand& command) {
    const SettleConflict request{
        .record = {command.record},
        .kind = {},
        .field = command.field,
        .value = command.value,
        .seen = seen_texts(command.seen)};
    return application.with_desk(
        [&](Desk& desk) { return answer(application.report(), desk.write(request)); });
}

}  // namespace vereda::client
