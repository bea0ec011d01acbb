#include "client/answers/audit_answer.h"
#include "client/commands/commands.h"
#include "client/desk/lookup.h"
#include "client/words/catalogue.h"

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
        const auto bar = report.progress(catalogue().say("progress.checking"), 100);
        const engine::AuditReport audit = desk.read(VerifyVault{}, percent_on(*bar));
        bar->clear();
        const AuditSaid words = said(audit);
        report.answer(json_of(words), text_of(words, report.terminal()));
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
        const auto bar = application.report().progress(catalogue().say("progress.replaying"), 100);
        const ReplayShown replayed = desk.read(request, percent_on(*bar));
        bar->clear();
        application.report().answer(json_of(replayed), text_of(replayed));
        return replayed.same_as_in_use.value_or(true) ? Exit::ok : Exit::findings;
    });
}

}  // namespace vereda::client
