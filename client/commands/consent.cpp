#include "client/answers/written_answer.h"
#include "client/commands/commands.h"

namespace vereda::client {

void declare_consent(Verb& program, Chosen& chosen) {
    Verb family = program.verb("consent", "What people said about being reached");
    family.examples(
        "  vereda contact set 7k2mq --consent sms=withdrawn\n"
        "  vereda consent lift 7k2mq sms --evidence \"asked to be texted, 3 March, at the door\"");
    declare<ConsentLiftCommand>(
        family, chosen, "lift", "End a withdrawal: the only way back",
        [](Verb& verb, ConsentLiftCommand& c) {
            verb.text("CONTACT", c.contact, "The contact", Need::required)
                .text(
                    "CHANNEL", c.channel,
                    "door, phone, sms, email, post, whatsapp, signal, telegram", Need::required)
                .text(
                    "--evidence", c.evidence, "How it is known that they agree again",
                    Need::required)
                .examples(
                    "  vereda consent lift 7k2mq sms --evidence \"asked to be texted, 3 March, at "
                    "the door\"");
        });
}

Outcome run(Application& application, const ConsentLiftCommand& command) {
    return application.with_desk([&](Desk& desk) {
        return answer(
            application.report(),
            desk.write(LiftConsent{{command.contact}, command.channel, command.evidence}));
    });
}

}  // namespace vereda::client
