#include "client/answers/step_answer.h"
#include "client/api/shown_json.h"
#include "client/commands/commands.h"
#include "client/desk/times/people_time.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"

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

/// What an entry said, line by line. One about an interaction that another entry made names it:
/// that is the id to restore, correct or settle it by.
std::vector<std::string> lines_of(const EntryShown& entry) {
    std::vector<std::string> lines;
    if (entry.record != entry.entry && entry.type.starts_with("interaction."))
        lines.push_back(catalogue().say("answer.history.of", {{"record", entry.record}}));
    if (entry.steps.empty()) lines.push_back(entry.type);
    for (const engine::Step& step : entry.steps) lines.push_back(step_words(step));
    if (!entry.evidence.empty())
        lines.push_back(catalogue().say("answer.history.evidence", {{"evidence", entry.evidence}}));
    return lines;
}

Sentence why_not(engine::EntryStatus status) {
    using enum engine::EntryStatus;
    switch (status) {
        case applied:
        case pending:
            return {"answer.history.pending"};
        case withheld:
            return {"answer.history.withheld"};
        case no_authority:
            return {"answer.history.no_authority"};
        case unknown:
            return {"answer.history.unknown"};
        case unknown_critical:
            return {"answer.history.unknown_critical"};
        case malformed:
            return {"answer.history.malformed"};
        case foreign:
            return {"answer.history.foreign"};
        case erased:
            break;
    }
    return {"answer.history.erased"};
}

// Why an entry, or a part of it, does not count.
std::string status_text(const EntryShown& entry) {
    if (entry.status != engine::EntryStatus::applied) return catalogue().say(why_not(entry.status));
    if (!entry.waits_for) return {};
    if (entry.waits_for->empty()) return catalogue().say("answer.history.waits_for_stranger");
    return catalogue().say("answer.history.waits_for", {{"laptop", *entry.waits_for}});
}

void add_rows(Table& table, const EntryShown& entry, protocol::Millis now) {
    std::string who = author_words(entry.author);
    if (!entry.source.empty())
        who = catalogue().say("answer.history.import", {{"who", who}, {"source", entry.source}});
    std::string when = format_time(entry.at, now);
    std::string id = entry.entry;
    std::string status = status_text(entry);
    for (std::string& line : lines_of(entry)) {
        table.add(
            {std::move(when), std::move(who), std::move(line), std::move(id), std::move(status)});
        when.clear(), who.clear(), id.clear(), status.clear();
    }
}

std::string text_of(
    const std::vector<EntryShown>& entries, protocol::Millis now, const Terminal& terminal) {
    Table table(
        {{column_heading("column.when")},
         {column_heading("column.who")},
         Table::of_ids(column_heading("column.what")),
         Table::of_ids(column_heading("column.entry")),
         {""}});
    for (const EntryShown& entry : entries) add_rows(table, entry, now);
    return table.text(terminal);
}

}  // namespace

Outcome run(Application& application, const HistoryCommand& command) {
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto entries = desk.read(ShowHistory{{command.contact}});
        if (!entries) return std::unexpected(entries.error());
        Report& report = application.report();
        const protocol::Millis now = application.environment().clock.now();
        report.answer(json_of(*entries), text_of(*entries, now, report.terminal()));
        return Exit::ok;
    });
}

}  // namespace vereda::client
