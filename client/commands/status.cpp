#include "client/answers/status_answer.h"
#include "client/api/status_json.h"
#include "client/commands/commands.h"

namespace vereda::client {

void declare_status(Verb& program, Chosen& chosen) {
    declare<StatusCommand>(
        program, chosen, "status", "How this laptop stands", [](Verb& verb, StatusCommand&) {
            verb.examples(
                "  vereda status\n"
                "Two laptops whose digests are the same hold exactly the same.");
        });
}

Outcome run(Application& application, const StatusCommand&) {
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto status = desk.read(ShowStatus{});
        if (!status) return std::unexpected(status.error());
        Report& report = application.report();
        if (status->joining) report.note(Sentence{"remark.not_joined_yet"});
        const protocol::Millis now = application.environment().clock.now();
        report.answer(json_of(*status), status_text(*status, now, report.terminal()));
        return Exit::ok;
    });
}

}  // namespace vereda::client
