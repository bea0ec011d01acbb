#include "client/commands/commands.h"
#include "client/commands/contact_answer.h"
#include "client/commands/vocabulary_help.h"
#include "client/desk/action_problem.h"
#include "client/desk/lookup.h"
#include "client/terminal/private_text.h"

namespace vereda::client {
namespace {

// A time more than a day ahead of this laptop's clock: one of the two is wrong.
void tell_if_far_ahead(Report& report, protocol::Millis when, engine::Clock& clock) {
    if (!is_far_ahead(when, clock.now())) return;
    report.note(Sentence{"remark.in_future", {{"time", engine::time_text(when)}}});
}

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

Outcome run(Application& application, const InteractionAddCommand& command) {
    const auto note = read_if_piped(command.note);
    if (!note) return std::unexpected(note.error());
    engine::InteractionDraft draft{
        .kind = command.kind, .outcome = command.outcome, .note = {}, .at = {}};
    if (!command.at.empty()) {
        const auto at = find_time(command.at, application.environment().clock);
        if (!at) return std::unexpected(at.error());
        draft.at = *at;
    }
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        engine::RecordIds ids(workspace);
        const auto contact = find_contact(ids, command.contact);
        if (!contact) return std::unexpected(contact.error());
        auto said = read_private(*note, "note");
        if (!said) return std::unexpected(said.error());
        draft.note = std::move(*said);
        const auto added = engine::People(workspace).add_interaction(*contact, draft);
        if (!added) return std::unexpected(problem_of(added.error()));
        if (draft.at) {
            tell_if_far_ahead(application.report(), *draft.at, workspace.environment().clock);
        }
        return answer_visit_added(application, workspace, *added, *contact);
    });
}

namespace {

/// Finds the interaction that was typed, makes `change` to it and answers what came of that.
/// `change` takes the ids and the interaction, and gives a People::Result, or a Problem before it.
template <class Change>
Outcome change_interaction(Application& application, const std::string& typed, Change change) {
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        engine::RecordIds ids(workspace);
        const auto interaction = find_interaction(ids, typed);
        if (!interaction) return std::unexpected(interaction.error());
        const Or<engine::People::Result> changed = change(ids, *interaction);
        if (!changed) return std::unexpected(changed.error());
        return answer_change(application, workspace, *interaction, *changed);
    });
}

/// What a correction says of kind, outcome and time: what needs no vault.
Or<engine::InteractionChange> correction_of(
    Application& application, const InteractionCorrectCommand& command) {
    engine::InteractionChange change{
        .kind = command.kind, .outcome = command.outcome, .note = {}, .at = {}};
    if (!command.at) return change;
    const auto at = find_time(*command.at, application.environment().clock);
    if (!at) return std::unexpected(at.error());
    change.at = *at;
    return change;
}

/// The rest of a correction: what was seen, and the note, for which somebody may be asked.
Or<void> ask_for_rest(
    engine::InteractionChange& change, engine::RecordIds& ids, engine::LocalDot interaction,
    const InteractionCorrectCommand& command, const PrivateText& note) {
    auto seen = find_seen_of_interaction(ids, interaction, seen_texts(command.seen));
    if (!seen) return std::unexpected(seen.error());
    change.seen = std::move(*seen);
    if (!command.note) return {};
    auto said = read_private(note, "note");
    if (!said) return std::unexpected(said.error());
    change.note = std::move(*said);
    return {};
}

}  // namespace

Outcome run(Application& application, const InteractionCorrectCommand& command) {
    const auto note = read_if_piped(command.note.value_or(PrivateText{}));
    if (!note) return std::unexpected(note.error());
    auto change = correction_of(application, command);
    if (!change) return std::unexpected(change.error());
    const auto correct = [&](engine::RecordIds& ids,
                             engine::LocalDot interaction) -> Or<engine::People::Result> {
        const auto asked = ask_for_rest(*change, ids, interaction, command, *note);
        if (!asked) return std::unexpected(asked.error());
        engine::Workspace& workspace = ids.workspace();
        const auto corrected = engine::People(workspace).correct_interaction(interaction, *change);
        if (corrected && change->at)
            tell_if_far_ahead(application.report(), *change->at, workspace.environment().clock);
        return corrected;
    };
    return change_interaction(application, command.interaction, correct);
}

Outcome run(Application& application, const InteractionReleaseCommand& command) {
    return change_interaction(
        application, command.interaction, [](engine::RecordIds& ids, engine::LocalDot interaction) {
            return engine::People(ids.workspace()).release_interaction(interaction);
        });
}

Outcome run(Application& application, const InteractionHideCommand& command) {
    return change_interaction(
        application, command.interaction,
        [&](engine::RecordIds& ids, engine::LocalDot interaction) {
            engine::People people(ids.workspace());
            return command.restore ? people.restore_interaction(interaction)
                                   : people.retract_interaction(interaction);
        });
}

}  // namespace vereda::client
