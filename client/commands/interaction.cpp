#include "client/answers/written_answer.h"
#include "client/commands/commands.h"
#include "client/commands/seen_help.h"
#include "client/commands/vocabulary_help.h"
#include "client/desk/lookup.h"
#include "client/terminal/private_text.h"

namespace vereda::client {
namespace {

constexpr const char* note_help =
    "\nA note in the command line stays in the shell's history. --note at its end, with\n"
    "nothing behind it, asks for the note; --note - reads it from standard input.";

void declare_interaction_add(Verb& family, Chosen& chosen) {
    declare<InteractionAddCommand>(
        family, chosen, "add", "Record a visit, call or meeting",
        [](Verb& verb, InteractionAddCommand& c) {
            verb.text("CONTACT", c.contact, "With whom: an id, or key:KEY", Need::required)
                .word("--kind", c.kind, "door, call, meeting …", Need::required)
                .word("--outcome", c.outcome, "spoke, no_answer, call_back …", Need::required)
                .private_text("--note", c.note, "What was said; asked for if it is left open")
                .word("--at", c.at, "When, if not now: 2026-03-01T17:30")
                .examples(
                    std::string("  vereda interaction add 7k2mq --kind door --outcome spoke --note "
                                "\"wants a lift to the polling station\"\n") +
                    interaction_words_help() + note_help);
        });
}

void declare_interaction_correct(Verb& family, Chosen& chosen) {
    declare<InteractionCorrectCommand>(
        family, chosen, "correct", "Correct what was recorded",
        [](Verb& verb, InteractionCorrectCommand& c) {
            verb.text("ID", c.interaction, "The interaction", Need::required)
                .word("--kind", c.kind, "Another kind")
                .text("--outcome", c.outcome, "Another outcome")
                .private_text("--note", c.note, "Another note; asked for if it is left open")
                .word("--at", c.at, "Another time")
                .pairs("--seen", c.seen, seen_help, "FIELD=ENTRY")
                .examples(
                    std::string("  vereda interaction correct 4t9ab --outcome call_back\n") +
                    interaction_words_help() + note_help);
        });
}

void declare_interaction_hide(Verb& family, Chosen& chosen, bool restore) {
    declare<InteractionHideCommand>(
        family, chosen, restore ? "restore" : "retract",
        restore ? "Bring a retracted interaction back" : "Hide one recorded by mistake",
        [restore](Verb& verb, InteractionHideCommand& c) {
            c.restore = restore;
            verb.text("ID", c.interaction, "The interaction", Need::required)
                .examples(
                    restore ? "  vereda interaction restore 4t9ab"
                            : "  vereda interaction retract 4t9ab");
        });
}

void declare_interaction_release(Verb& family, Chosen& chosen) {
    declare<InteractionReleaseCommand>(
        family, chosen, "release", "Allow changes to one that a later version binds",
        [](Verb& verb, InteractionReleaseCommand& c) {
            verb.text("ID", c.interaction, "The interaction", Need::required)
                .examples("  vereda interaction release 4t9ab\nFor coordinators.");
        });
}

}  // namespace

void declare_interaction(Verb& program, Chosen& chosen) {
    Verb family = program.verb("interaction", "Visits, calls and meetings");
    family.examples(
        "  vereda interaction add 7k2mq --kind door --outcome spoke --note \"wants a lift\"\n"
        "  vereda interaction correct 4t9ab --outcome call_back\n"
        "  vereda interaction retract 4t9ab\n"
        "`vereda contact show ID` shows the ids of a contact's interactions, with --retracted "
        "also of those that are hidden.");
    declare_interaction_add(family, chosen);
    declare_interaction_correct(family, chosen);
    declare_interaction_hide(family, chosen, false);
    declare_interaction_hide(family, chosen, true);
    declare_interaction_release(family, chosen);
}

namespace {

/// A time that was typed, if one was.
Or<std::optional<protocol::Millis>> time_typed(
    Application& application, const std::optional<std::string>& typed) {
    if (!typed || typed->empty()) return std::nullopt;
    const auto time = find_time(*typed, application.environment().clock);
    if (!time) return std::unexpected(time.error());
    return *time;
}

}  // namespace

Outcome run(Application& application, const InteractionAddCommand& command) {
    const auto note = read_if_piped(command.note);
    if (!note) return std::unexpected(note.error());
    const auto at = time_typed(application, command.at);
    if (!at) return std::unexpected(at.error());
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto contact = desk.expect_contact({command.contact});
        if (!contact) return std::unexpected(contact.error());
        auto said = read_private(*note, "note");
        if (!said) return std::unexpected(said.error());
        const AddInteraction request{
            {command.contact}, {command.kind, command.outcome, std::move(*said), *at}};
        return answer(application.report(), desk.write(request));
    });
}

Outcome run(Application& application, const InteractionCorrectCommand& command) {
    const auto note = read_if_piped(command.note.value_or(PrivateText{}));
    if (!note) return std::unexpected(note.error());
    const auto at = time_typed(application, command.at);
    if (!at) return std::unexpected(at.error());
    return application.with_desk([&](Desk& desk) -> Outcome {
        const auto interaction = desk.expect_interaction(command.interaction);
        if (!interaction) return std::unexpected(interaction.error());
        CorrectInteraction request{
            command.interaction,
            {.kind = command.kind, .outcome = command.outcome, .note = {}, .at = *at},
            seen_texts(command.seen)};
        if (command.note) {
            auto said = read_private(*note, "note");
            if (!said) return std::unexpected(said.error());
            request.change.note = std::move(*said);
        }
        return answer(application.report(), desk.write(request));
    });
}

Outcome run(Application& application, const InteractionReleaseCommand& command) {
    return application.with_desk([&](Desk& desk) {
        return answer(application.report(), desk.write(ReleaseInteraction{command.interaction}));
    });
}

Outcome run(Application& application, const InteractionHideCommand& command) {
    return application.with_desk([&](Desk& desk) {
        return answer(
            application.report(),
            desk.write(HideInteraction{command.interaction, command.restore}));
    });
}

}  // namespace vereda::client
