#include <algorithm>

#include "client/api/status_json.h"
#include "client/commands/commands.h"
#include "client/desk/lookup.h"
#include "client/terminal/display_text.h"
#include "client/terminal/table.h"

namespace vereda::client {

void declare_audit(Verb& program, Chosen& chosen) {
    Verb family = program.verb("audit", "Did anyone drop or rewrite anything?");
    family.examples(
        "  vereda audit verify\n  vereda audit replay --until 2026-03-01T18:00\n"
        "Exit code 6 when something is wrong.");
    declare<AuditVerifyCommand>(
        family, chosen, "verify", "Check every chain, signature, root and right again",
        [](Verb& verb, AuditVerifyCommand&) {
            verb.examples("  vereda audit verify\nExit code 6 when something is wrong.");
        });
    declare<AuditReplayCommand>(
        family, chosen, "replay", "Build the state from the log alone",
        [](Verb& verb, AuditReplayCommand& c) {
            verb.word("--until", c.until, "As it was at this time")
                .examples(
                    "  vereda audit replay\n"
                    "  vereda audit replay --until 2026-03-01T18:00\n"
                    "Exit code 6 when the log gives another state than the one in use.");
        });
}

namespace {

std::string words_of(engine::Remedy remedy) {
    switch (remedy) {
        case engine::Remedy::none:
            return "Everything holds.";
        case engine::Remedy::record_again:
            return "What is left holds. Record again what is lost, and copy the vault to another "
                   "disk.";
        case engine::Remedy::open_again:
            return "The disk has damaged the log. Run `vereda sync`: it first writes again what is "
                   "whole. Then run this again.";
        case engine::Remedy::sync:
            return "Something of this vault is damaged or missing. Run `vereda sync`: it fetches "
                   "what others have. Then run this again.";
        case engine::Remedy::keep:
            return "Something is wrong: keep this vault as it is, and show the list to your "
                   "coordinator.";
    }
    return {};
}

// Nothing when the database itself does not read: then nothing else was looked at.
std::string checked_text(const engine::AuditReport& audit) {
    if (!audit.has_counts) return {};
    return "Checked " + counted(audit.roster_entries, "roster entry", "roster entries") + ", " +
           counted(audit.blocks, "block") + " with " + counted(audit.entries, "entry", "entries") +
           ", and " + counted(audit.open_entries, "open entry", "open entries") + ".\n";
}

bool is_healed(const engine::Finding& finding) { return finding.what == "healed"; }

// What is whole again is one line, however many places that were.
std::string findings_text(const engine::AuditReport& audit, const Terminal& terminal) {
    Table table({{""}, {"What"}, Table::of_ids("Where"), {""}});
    const auto healed = std::ranges::count_if(audit.findings, is_healed);
    for (const engine::Finding& finding : audit.findings) {
        if (is_healed(finding) && healed > 1) continue;
        table.add({word_of(finding.severity), finding.what, finding.where, finding.words});
    }
    if (healed > 1) {
        table.add(
            {word_of(engine::FindingSeverity::note), "healed",
             counted(static_cast<std::uint64_t>(healed), "place"),
             "the disk had damaged them; they are whole again"});
    }
    return table.empty() ? std::string() : table.text(terminal);
}

std::string text_of(const engine::AuditReport& audit, const Terminal& terminal) {
    const Style style(terminal.color);
    std::string text = checked_text(audit) + findings_text(audit, terminal);
    const std::string end = words_of(audit.advice());
    return text + (audit.sound() ? style.good(end) : style.bad(end)) + "\n";
}

std::string text_of(const ReplayShown& replayed) {
    std::string text = "Replayed " + counted(replayed.entries, "entry", "entries");
    if (replayed.left_out != 0) {
        text += ", left out " + counted(replayed.left_out, "later one");
    }
    text += ": " + counted(replayed.contacts, "contact") + ", " +
            counted(replayed.interactions, "interaction") + ", " +
            counted(replayed.conflicts, "conflict") + ".\n" + replayed.digest + "\n";
    if (!replayed.same_as_in_use) return text;
    return text + (*replayed.same_as_in_use
                       ? "The state in use is exactly this one.\n"
                       : "The state in use is ANOTHER one: run `vereda audit verify`.\n");
}

}  // namespace

namespace {

/// Moves a bar of a hundred steps.
engine::AuditProgress percent_on(Progress& bar) {
    return [&bar](std::uint64_t done, std::uint64_t total) {
        bar.advance_to(total == 0 ? 0 : done * 100 / total);
    };
}

}  // namespace

Outcome run(Application& application, const AuditVerifyCommand&) {
    return application.with_desk([&](Desk& desk) -> Outcome {
        Report& report = application.report();
        const auto bar = report.progress("Checking", 100);
        const engine::AuditReport audit = desk.read(VerifyVault{}, percent_on(*bar));
        bar->clear();
        report.answer(json_of(audit), text_of(audit, report.terminal()));
        return audit.sound() ? Exit::ok : Exit::findings;
    });
}

Outcome run(Application& application, const AuditReplayCommand& command) {
    ReplayLog request;
    if (!command.until.empty()) {
        const auto time = find_time(command.until, application.environment().clock);
        if (!time) return std::unexpected(time.error());
        request.until = *time;
    }
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto bar = application.report().progress("Replaying", 100);
        const ReplayShown replayed = desk.read(request, percent_on(*bar));
        bar->clear();
        application.report().answer(json_of(replayed), text_of(replayed));
        return replayed.same_as_in_use.value_or(true) ? Exit::ok : Exit::findings;
    });
}

}  // namespace vereda::client
