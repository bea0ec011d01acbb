#include "client/answers/contact_answer.h"
#include "client/answers/written_answer.h"
#include "client/api/shown_json.h"
#include "client/commands/commands.h"
#include "client/commands/seen_help.h"
#include "client/commands/vocabulary_help.h"
#include "client/desk/lookup.h"
#include "client/desk/problems/client_problem.h"
#include "client/terminal/private_text.h"

namespace vereda::client {
namespace {

constexpr const char* ask_help =
    "\nWhat stands in the command line stays in the shell's history. --ask FIELD asks for\n"
    "it instead; Enter leaves the field as it is.";

void declare_contact_add(Verb& family, Chosen& chosen) {
    declare<ContactAddCommand>(
        family, chosen, "add", "Record a person, organisation or household",
        [](Verb& verb, ContactAddCommand& c) {
            verb.word("--turf", c.turf, "The turf it belongs to", Need::required)
                .choice("--kind", c.kind, {"person", "organisation", "household"}, "What it is")
                .pairs("--set", c.set, "A field and its value")
                .pairs("--add", c.add, "One more phone, e-mail, tag or link")
                .each("--ask", c.ask, "A field that is asked for, so that no shell keeps it")
                .pairs(
                    "--consent", c.consents, "What they said about a channel",
                    "CHANNEL=given|withdrawn")
                .word("--key", c.key, "Its name in another system, kept with it")
                .word("--source", c.source, "That system's name (with --key)")
                .examples(
                    std::string("  vereda contact add --turf North --set given_name=Rosa --set "
                                "phone=\"+57 601 555 0101\" --add tags=volunteer\n") +
                    contact_fields_help() + ask_help);
        });
}

void declare_contact_set(Verb& family, Chosen& chosen) {
    declare<ContactSetCommand>(
        family, chosen, "set", "Change a contact", [](Verb& verb, ContactSetCommand& c) {
            verb.text(
                    "ID", c.contact, "The contact: its id, key:KEY or key:SOURCE/KEY",
                    Need::required)
                .pairs("--set", c.set, "A field and its value; an empty value clears it")
                .pairs("--add", c.add, "One more phone, e-mail, tag or link")
                .pairs("--remove", c.remove, "One phone, e-mail, tag or link less")
                .pairs("--seen", c.seen, seen_help, "FIELD=ENTRY")
                .each("--ask", c.ask, "A field that is asked for, so that no shell keeps it")
                .pairs(
                    "--consent", c.consents, "What they said about a channel",
                    "CHANNEL=given|withdrawn")
                .examples(
                    std::string("  vereda contact set 7k2mq --set city=Bogotá --remove "
                                "tags=volunteer --consent sms=withdrawn\n") +
                    contact_fields_help() + ask_help);
        });
}

void declare_contact_hide(Verb& family, Chosen& chosen, bool restore) {
    declare<ContactHideCommand>(
        family, chosen, restore ? "restore" : "retract",
        restore ? "Bring a retracted contact back" : "Hide a contact recorded by mistake",
        [restore](Verb& verb, ContactHideCommand& c) {
            c.restore = restore;
            verb.text("ID", c.contact, "The contact", Need::required)
                .examples(
                    restore ? "  vereda contact restore 7k2mq"
                            : "  vereda contact retract 7k2mq\nNothing is erased: it can be "
                              "restored. Of a lost contact it hides what is left, from status "
                              "too.");
        });
}

void declare_contact_release(Verb& family, Chosen& chosen) {
    declare<ContactReleaseCommand>(
        family, chosen, "release", "Allow changes to a contact that a later version binds",
        [](Verb& verb, ContactReleaseCommand& c) {
            verb.text("ID", c.contact, "The contact", Need::required)
                .examples(
                    "  vereda contact release 7k2mq\nFor coordinators. A later version of this "
                    "program may bind a contact. Visits, retractions and withdrawals of consent "
                    "are possible all the same.");
        });
}

}  // namespace

void declare_contact(Verb& program, Chosen& chosen) {
    Verb family = program.verb("contact", "People, organisations and households");
    family.examples(
        "  vereda contact add --turf North --set given_name=Rosa --set phone=\"+57 601 555 0101\"\n"
        "  vereda contact list --turf North\n"
        "  vereda contact show 7k2mq\n"
        "  vereda contact set 7k2mq --set city=Bogotá --consent sms=withdrawn\n"
        "An id may be cut short as long as it names one contact; key:KEY is one too.");
    declare_contact_add(family, chosen);
    declare_contact_set(family, chosen);
    declare<ContactShowCommand>(
        family, chosen, "show", "Everything known of a contact",
        [](Verb& verb, ContactShowCommand& c) {
            verb.text(
                    "ID", c.contact, "The contact: its id, key:KEY or key:SOURCE/KEY",
                    Need::required)
                .flag("--retracted", c.retracted, "List hidden interactions as well")
                .examples(
                    "  vereda contact show 7k2mq\n  vereda contact show key:10442\n"
                    "  vereda contact show 7k2mq --retracted\n"
                    "Of a contact that is lost or not here yet it shows what is left: visits and "
                    "changes.");
        });
    declare<ContactListCommand>(
        family, chosen, "list", "Contacts by name", [](Verb& verb, ContactListCommand& c) {
            verb.word("--turf", c.turf, "Only of this turf")
                .number("--limit", c.limit, "At most this many")
                .flag("--retracted", c.retracted, "Those that are hidden")
                .examples("  vereda contact list --turf North --limit 20");
        });
    declare_contact_hide(family, chosen, false);
    declare_contact_hide(family, chosen, true);
    declare_contact_release(family, chosen);
}

namespace {

Or<AddContact> request_of(const ContactAddCommand& command) {
    auto consents = consent_texts(command.consents);
    if (!consents) return std::unexpected(consents.error());
    AddContact request{.turf = command.turf, .draft = {}};
    request.draft.kind = command.kind;
    request.draft.set = field_texts(command.set);
    request.draft.add = field_texts(command.add);
    request.draft.consents = std::move(*consents);
    if (!command.key.empty())
        request.draft.key = {command.source.empty() ? "vereda" : command.source, command.key};
    return request;
}

Or<ChangeContact> request_of(const ContactSetCommand& command) {
    auto consents = consent_texts(command.consents);
    if (!consents) return std::unexpected(consents.error());
    ChangeContact request{
        .contact = {command.contact}, .change = {}, .seen = seen_texts(command.seen)};
    request.change.set = field_texts(command.set);
    request.change.add = field_texts(command.add);
    request.change.remove = field_texts(command.remove);
    request.change.consents = std::move(*consents);
    return request;
}

// Asked last, when nothing else stands in the way.
Or<void> ask_for(const std::vector<std::string>& fields, std::vector<engine::FieldText>& set) {
    const auto answers = ask_for_fields(fields);
    if (!answers) return std::unexpected(answers.error());
    set.insert(set.end(), answers->begin(), answers->end());
    return {};
}

}  // namespace

Outcome run(Application& application, const ContactAddCommand& command) {
    if (command.key.empty() && !command.source.empty())
        return std::unexpected(problem_of(ClientProblem::source_without_key));
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto turf = desk.expect_turf(command.turf);
        if (!turf) return std::unexpected(turf.error());
        auto request = request_of(command);
        if (!request) return std::unexpected(request.error());
        const auto asked = ask_for(command.ask, request->draft.set);
        if (!asked) return std::unexpected(asked.error());
        return answer(application.report(), desk.write(*request));
    });
}

Outcome run(Application& application, const ContactSetCommand& command) {
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto contact = desk.expect_contact({command.contact});
        if (!contact) return std::unexpected(contact.error());
        auto request = request_of(command);
        if (!request) return std::unexpected(request.error());
        const auto asked = ask_for(command.ask, request->change.set);
        if (!asked) return std::unexpected(asked.error());
        return answer(application.report(), desk.write(*request));
    });
}

Outcome run(Application& application, const ContactHideCommand& command) {
    return application.with_desk([&](Desk& desk) {
        return answer(
            application.report(), desk.write(HideContact{{command.contact}, command.restore}));
    });
}

Outcome run(Application& application, const ContactReleaseCommand& command) {
    return application.with_desk([&](Desk& desk) {
        return answer(application.report(), desk.write(ReleaseContact{{command.contact}}));
    });
}

Outcome run(Application& application, const ContactShowCommand& command) {
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto contact = desk.read(ShowContact{{command.contact}, command.retracted});
        if (!contact) return std::unexpected(contact.error());
        Report& report = application.report();
        const protocol::Millis now = application.environment().clock.now();
        report.answer(json_of(*contact), contact_text(*contact, now, report.terminal()));
        return Exit::ok;
    });
}

Outcome run(Application& application, const ContactListCommand& command) {
    return application.with_desk([&](Desk& desk) {
        return answer(
            application.report(),
            desk.read(ListContacts{command.turf, command.limit, command.retracted}));
    });
}

}  // namespace vereda::client
