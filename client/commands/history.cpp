#include "client/commands/commands.h"
#include "client/lookup.h"
#include "client/step_answer.h"
#include "client/terminal/people_time.h"
#include "client/terminal/table.h"
#include "engine/people/action_history.h"

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
        .add("at", format_iso_time(action.at))
        .add("member", action.author.member)
        .add("device", action.author.device)
        .add("status", action.status);
    if (!action.source.empty()) object.add("source", action.source);
    if (!action.evidence.empty()) object.add("evidence", action.evidence);
    return object.add("steps", steps.done()).done();
}

void add_rows(Table& table, const engine::ActionView& action, protocol::Millis now) {
    std::string when = format_time(action.at, now);
    std::string who = action.author.member + " (" + action.author.device + ")";
    if (!action.source.empty()) who += ", import of " + action.source;
    std::string status = action.status == "applied" ? std::string() : action.status;
    if (action.steps.empty()) table.add({when, who, action.type, status});
    for (const engine::Step& step : action.steps) {
        table.add({std::move(when), std::move(who), step_words(step), std::move(status)});
        when.clear();
        who.clear();
        status.clear();
    }
    if (!action.evidence.empty()) table.add({"", "", "evidence: " + action.evidence, ""});
}

}  // namespace

Outcome run(Application& application, const HistoryCommand& command) {
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        engine::RecordIds ids(workspace);
        const auto contact = find_contact(ids, command.contact);
        if (!contact) return std::unexpected(contact.error());
        JsonArray array;
        Table table({{"When"}, {"Who"}, {"What"}, {""}});
        for (const auto& action : engine::ActionHistory(workspace).of_contact(*contact)) {
            array.add(json_of(ids, action));
            add_rows(table, action, workspace.environment().clock.now());
        }
        application.report().answer(array.done(), table.text(application.report().terminal()));
        return Exit::ok;
    });
}

}  // namespace vereda::client
