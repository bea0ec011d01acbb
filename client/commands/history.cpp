#include "engine/audit/history.h"

#include "client/api/author_json.h"
#include "client/commands/commands.h"
#include "client/commands/step_answer.h"
#include "client/desk/lookup.h"
#include "client/desk/people_time.h"
#include "client/desk/shown_names.h"
#include "client/terminal/table.h"
#include "engine/schema/value_text.h"

namespace vereda::client {

void declare_history(Verb& program, Chosen& chosen) {
    declare<HistoryCommand>(
        program, chosen, "history", "Every action on a contact: who, when, what it replaced",
        [](Verb& verb, HistoryCommand& c) {
            verb.text("CONTACT", c.contact, "The contact", Need::required)
                .examples("  vereda history 7k2mq");
        });
}

namespace {

Json json_of(const engine::RecordIds& ids, const engine::ActionView& action) {
    JsonArray steps;
    for (const engine::Step& step : action.steps) steps.add(json_of_step(step));
    JsonObject object;
    object.add("entry", ids.text_of(action.entry))
        .add("record", ids.text_of(action.record))
        .add("type", action.type)
        .add("at", engine::time_text(action.at));
    add_author(object, action.author).add("status", action.status);
    if (!action.source.empty()) object.add("source", action.source);
    if (!action.evidence.empty()) object.add("evidence", action.evidence);
    if (action.waits_for) object.add("waits_for", *action.waits_for);
    return object.add("steps", steps.done()).done();
}

/// What an entry said, line by line. One about an interaction that another entry made names it:
/// that is the id to restore, correct or settle it by.
std::vector<std::string> lines_of(const engine::RecordIds& ids, const engine::ActionView& action) {
    std::vector<std::string> lines;
    if (action.record != action.entry && action.type.starts_with("interaction."))
        lines.push_back("of " + ids.text_of(action.record) + ":");
    if (action.steps.empty()) lines.push_back(action.type);
    for (const engine::Step& step : action.steps) lines.push_back(step_words(step));
    if (!action.evidence.empty()) lines.push_back("evidence: " + action.evidence);
    return lines;
}

// Why an entry, or a part of it, does not count.
std::string status_text(const engine::ActionView& action) {
    if (action.status != "applied") return action.status;
    if (!action.waits_for) return {};
    return "waits for a block of " +
           (action.waits_for->empty() ? "a laptop not known here" : *action.waits_for);
}

/// The history of one contact as a table.
class HistoryTable {
  public:
    explicit HistoryTable(const engine::RecordIds& ids) : ids_(ids), names_(ids.workspace()) {}

    void add(const engine::ActionView& action) {
        std::string who = names_.both(action.author);
        if (!action.source.empty()) who += ", import of " + action.source;
        std::string when = format_time(action.at, ids_.workspace().environment().clock.now());
        std::string id = ids_.text_of(action.entry);
        std::string status = status_text(action);
        for (std::string& line : lines_of(ids_, action)) {
            table_.add(
                {std::move(when), std::move(who), std::move(line), std::move(id),
                 std::move(status)});
            when.clear(), who.clear(), id.clear(), status.clear();
        }
    }
    [[nodiscard]] std::string text(const Terminal& terminal) const { return table_.text(terminal); }

  private:
    const engine::RecordIds& ids_;
    ShownNames names_;
    Table table_{{{"When"}, {"Who"}, Table::of_ids("What"), Table::of_ids("Entry"), {""}}};
};

}  // namespace

Outcome run(Application& application, const HistoryCommand& command) {
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        engine::RecordIds ids(workspace);
        const auto contact = find_contact_to_read(ids, command.contact);
        if (!contact) return std::unexpected(contact.error());
        JsonArray array;
        HistoryTable table(ids);
        for (const auto& action : engine::ActionHistory(workspace).of_contact(contact->id)) {
            array.add(json_of(ids, action));
            table.add(action);
        }
        application.report().answer(array.done(), table.text(application.report().terminal()));
        return Exit::ok;
    });
}

}  // namespace vereda::client
