#include "client/commands/commands.h"
#include "client/commands/contact_answer.h"
#include "client/commands/vocabulary_help.h"
#include "client/lookup.h"
#include "client/words.h"

namespace vereda::client {
namespace {

void declare_interaction_add(Verb& family, Chosen& chosen) {
    declare<InteractionAddCommand>(
        family, chosen, "add", "Record a visit, call or meeting",
        [](Verb& verb, InteractionAddCommand& c) {
            verb.text("CONTACT", c.contact, "With whom: an id, or key:KEY", Need::required)
                .word("--kind", c.kind, "door, call, meeting …", Need::required)
                .word("--outcome", c.outcome, "spoke, no_answer, call_back …", Need::required)
                .text("--note", c.note, "What was said")
                .word("--at", c.at, "When, if not now: 2026-03-01T17:30")
                .examples(
                    std::string("  vereda interaction add 7k2mq --kind door --outcome spoke --note "
                                "\"wants a lift to the polling station\"\n") +
                    interaction_words_help());
        });
}

void declare_interaction_correct(Verb& family, Chosen& chosen) {
    declare<InteractionCorrectCommand>(
        family, chosen, "correct", "Correct what was recorded",
        [](Verb& verb, InteractionCorrectCommand& c) {
            verb.text("ID", c.interaction, "The interaction", Need::required)
                .word("--kind", c.kind, "Another kind")
                .text("--outcome", c.outcome, "Another outcome")
                .text("--note", c.note, "Another note")
                .word("--at", c.at, "Another time")
                .pairs("--seen", c.seen, seen_help, "FIELD=ENTRY")
                .examples(
                    std::string("  vereda interaction correct 4t9ab --outcome call_back\n") +
                    interaction_words_help());
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

}  // namespace

void declare_interaction(Verb& program, Chosen& chosen) {
    Verb family = program.verb("interaction", "Visits, calls and meetings");
    family.examples(
        "  vereda interaction add 7k2mq --kind door --outcome spoke --note \"wants a lift\"\n"
        "  vereda interaction correct 4t9ab --outcome call_back\n"
        "  vereda interaction retract 4t9ab\n"
        "`vereda contact show ID` shows the ids of a contact's interactions.");
    declare_interaction_add(family, chosen);
    declare_interaction_correct(family, chosen);
    declare_interaction_hide(family, chosen, false);
    declare_interaction_hide(family, chosen, true);
}

Outcome run(Application& application, const InteractionAddCommand& command) {
    engine::InteractionDraft draft{
        .kind = command.kind, .outcome = command.outcome, .note = command.note, .at = {}};
    if (!command.at.empty()) {
        const auto at = find_time(command.at, application.environment().clock);
        if (!at) return std::unexpected(at.error());
        draft.at = *at;
    }
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        engine::RecordIds ids(workspace);
        const auto contact = find_contact(ids, command.contact);
        if (!contact) return std::unexpected(contact.error());
        const auto added = engine::People(workspace).add_interaction(*contact, draft);
        if (!added) return std::unexpected(words_for(added.error()));
        if (draft.at) {
            tell_if_far_ahead(application.report(), *draft.at, workspace.environment().clock);
        }
        return answer_visit_added(application, workspace, *added, *contact);
    });
}

Outcome run(Application& application, const InteractionCorrectCommand& command) {
    engine::InteractionChange change{
        .kind = command.kind, .outcome = command.outcome, .note = command.note, .at = {}};
    if (command.at) {
        const auto at = find_time(*command.at, application.environment().clock);
        if (!at) return std::unexpected(at.error());
        change.at = *at;
    }
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        engine::RecordIds ids(workspace);
        const auto interaction = find_interaction(ids, command.interaction);
        if (!interaction) return std::unexpected(interaction.error());
        auto seen = find_seen_of_interaction(ids, *interaction, seen_texts(command.seen));
        if (!seen) return std::unexpected(seen.error());
        change.seen = std::move(*seen);
        const auto corrected = engine::People(workspace).correct_interaction(*interaction, change);
        if (corrected && change.at) {
            tell_if_far_ahead(application.report(), *change.at, workspace.environment().clock);
        }
        return answer_change(application, workspace, *interaction, corrected);
    });
}

Outcome run(Application& application, const InteractionHideCommand& command) {
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        engine::RecordIds ids(workspace);
        const auto interaction = find_interaction(ids, command.interaction);
        if (!interaction) return std::unexpected(interaction.error());
        engine::People people(workspace);
        return answer_change(
            application, workspace, *interaction,
            command.restore ? people.restore_interaction(*interaction)
                            : people.retract_interaction(*interaction));
    });
}

}  // namespace vereda::client
