#include <algorithm>

#include "client/commands/commands.h"
#include "client/lost_work_answer.h"
#include "client/set_aside_answer.h"
#include "client/shown_names.h"
#include "client/terminal/display_text.h"
#include "client/terminal/table.h"
#include "client/unproven_answer.h"
#include "engine/queries/record_ids.h"
#include "engine/queries/workspace_status.h"
#include "protocol/text_id.h"

namespace vereda::client {

void declare_status(Verb& program, Chosen& chosen) {
    declare<StatusCommand>(
        program, chosen, "status", "How this laptop stands", [](Verb& verb, StatusCommand&) {
            verb.examples(
                "  vereda status\n"
                "Two laptops whose digests are the same hold exactly the same.");
        });
}

namespace {

Json json_of(engine::Workspace& workspace, const engine::TurfStatus& turf) {
    return JsonObject()
        .add("name", turf.name)
        .add("id", protocol::text_id(workspace.store().turf(turf.turf).view()))
        .add("digest", to_text(turf.digest))
        .add("contacts", turf.contacts)
        .add("interactions", turf.interactions)
        .add("conflicts", turf.conflicts)
        .done();
}

Json json_of_missing(engine::Workspace& workspace, const engine::WorkspaceStatus& status) {
    const engine::RecordIds ids(workspace);
    JsonArray array;
    for (const engine::MissingContact& contact : status.missing_contacts) {
        array.add(JsonObject()
                      .add("contact", ids.text_of(contact.id))
                      .add("lost", contact.lost)
                      .add("interactions", contact.interactions)
                      .done());
    }
    return array.done();
}

Json json_of(engine::Workspace& workspace, const engine::WorkspaceStatus& status) {
    JsonArray turfs;
    for (const engine::TurfStatus& turf : status.turfs) turfs.add(json_of(workspace, turf));
    JsonObject object;
    object.add("workspace", status.workspace)
        .add("member", status.member)
        .add("member_id", protocol::text_id(workspace.identity().member.view()))
        .add("device", status.device)
        .add("device_id", protocol::text_id(workspace.identity().keys.device().view()))
        .add("role", status.role)
        .add("contacts", status.contacts)
        .add("interactions", status.interactions)
        .add("conflicts", status.conflicts)
        .add("unsynced", status.unsynced)
        .add("waits_for_roster", status.waits.roster)
        .add("waits_for_quota", status.waits.quota)
        .add("pending", status.pending)
        .add("damaged", status.damaged)
        .add("old_copy", status.old_copy)
        .add("lost", json_of_lost(workspace, status.lost))
        .add("missing_contacts", json_of_missing(workspace, status))
        .add("withheld", status.withheld)
        .add("no_authority", status.no_authority)
        .add("unknown", status.unknown)
        .add("waiting", status.waiting)
        .add("own_waiting", status.own_waiting)
        .add("forks", status.forks)
        .add("roster_forks", status.roster_forks)
        .add("unproven", json_of_unproven(status))
        .add("set_aside", json_of_set_aside(workspace, status.set_aside))
        .add("turfs", turfs.done())
        .add("digest", to_text(status.digest));
    if (status.waits.come_again) object.add("come_again_ms", status.waits.come_again->value);
    return object.done();
}

void add_oddity(std::string& text, std::uint64_t count, const char* one, const char* many) {
    if (count != 0) text += counted(count, one, many) + "\n";
}

// Of a lost block nothing says for sure how much was in it.
std::string damage_text(std::uint64_t count) {
    if (count == 0) return {};
    return "at least " +
           counted(
               count, "entry that this disk has damaged or lost: the next sync asks for it",
               "entries that this disk has damaged or lost: the next sync asks for them") +
           "\n";
}

std::string old_copy_text(engine::Workspace& workspace) {
    return "This vault may be an older copy. " +
           catalogue().say(words_for_old_copy(workspace.may_catch_up())) + "\n";
}

std::string oddities(engine::Workspace& workspace, const engine::WorkspaceStatus& status) {
    std::string text;
    add_oddity(
        text, status.waits.roster,
        "of those waits for the roster: the hub lacks what it was written by",
        "of those wait for the roster: the hub lacks what they were written by");
    add_oddity(
        text, status.waits.quota, "of those waits for room in this laptop's share of a day",
        "of those wait for room in this laptop's share of a day");
    add_oddity(
        text, status.pending, "entry that does not open here yet",
        "entries that do not open here yet");
    text += damage_text(status.damaged);
    if (status.old_copy) text += old_copy_text(workspace);
    if (!status.lost.empty()) {
        text += "Work of yours that this disk destroyed before the hub had it:\n" +
                lost_work_text(workspace, status.lost);
    }
    add_oddity(
        text, status.withheld, "entry withheld by somebody, without an order",
        "entries withheld by somebody, without an order");
    add_oddity(
        text, status.no_authority, "entry whose author might not write it",
        "entries whose authors might not write them");
    add_oddity(
        text, status.unknown, "entry that this version cannot read",
        "entries that this version cannot read");
    add_oddity(
        text, status.waiting, "block that waits for one before it",
        "blocks that wait for others before them");
    add_oddity(
        text, status.forks, "block beside another one in its place",
        "blocks beside others in their places");
    add_oddity(
        text, status.roster_forks, "fork of the roster: ask your coordinator",
        "forks of the roster: ask your coordinator");
    return text;
}

/// This laptop's owner, as others see the name.
std::string owner_text(engine::Workspace& workspace, const engine::WorkspaceStatus& status) {
    const engine::Author owner{
        status.member, status.device, workspace.identity().member,
        workspace.identity().keys.device()};
    ShownNames names(workspace);
    return names.member(owner) + " (" + status.role + ") on " + names.device(owner);
}

/// What shows under no name: a line for each contact, the first ten.
std::string missing_text(engine::Workspace& workspace, const engine::WorkspaceStatus& status) {
    constexpr std::size_t shown_max = 10;
    const engine::RecordIds ids(workspace);
    const auto& missing = status.missing_contacts;
    std::string text;
    for (std::size_t at = 0; at < std::min(missing.size(), shown_max); ++at) {
        const engine::MissingContact& contact = missing[at];
        text += contact.interactions == 0
                    ? std::string("Changes belong")
                    : counted(contact.interactions, "visit belongs", "visits belong");
        text += contact.lost ? " to a contact that is lost" : " to a contact that is not here";
        text += ": `vereda contact show " + ids.text_of(contact.id) + "`\n";
    }
    if (missing.size() > shown_max)
        text += "and so on, of " + counted(missing.size(), "such contact") + "\n";
    return text;
}

std::string text_of(
    engine::Workspace& workspace, const engine::WorkspaceStatus& status, const Terminal& terminal) {
    const Style style(terminal.color);
    std::string text = style.bold(printable(status.workspace)) + "\n";
    text += printable(owner_text(workspace, status)) + "\n\n";
    text += counted(status.contacts, "contact") + ", " +
            counted(status.interactions, "interaction") + ", " +
            counted(status.conflicts, "conflict") + "\n";
    if (!workspace.has_hub()) {
        text += "It lives on this laptop alone, without a hub.\n";
    } else if (status.unsynced == 0 && status.own_waiting != 0) {
        text +=
            counted(
                status.own_waiting, "block of this laptop waits", "blocks of this laptop wait") +
            " for others that its disk has lost; the hub may lack them, too.\n";
    } else if (status.unsynced == 0 && (status.has_damage || !status.lost.empty())) {
        text += "What is whole on this disk is at the hub; it has not kept everything.\n";
    } else if (status.unsynced == 0 && status.old_copy) {
        text += "What this copy of the vault holds is at the hub.\n";
    } else if (status.unsynced == 0) {
        text += "Everything recorded here is at the hub.\n";
    } else {
        text += counted(status.unsynced, "entry", "entries") + " not synced yet: `vereda sync`\n";
    }
    text += style.warning(oddities(workspace, status));
    text += style.warning(missing_text(workspace, status));
    text += style.warning(unproven_text(workspace, status));
    text += set_aside_text(workspace, status.set_aside);
    using Align = Table::Align;
    Table table(
        {{"Turf"},
         {"Contacts", Align::right},
         {"Interactions", Align::right},
         {"Conflicts", Align::right},
         {"Digest"}});
    for (const engine::TurfStatus& turf : status.turfs) {
        table.add(
            {turf.name, std::to_string(turf.contacts), std::to_string(turf.interactions),
             std::to_string(turf.conflicts), to_text(turf.digest).substr(0, 16)});
    }
    return text + "\n" + table.text(terminal) + "All together: " + to_text(status.digest) + "\n";
}

}  // namespace

Outcome run(Application& application, const StatusCommand&) {
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        engine::WorkspaceStatus status = engine::status_of(workspace);
        if (workspace.beginnings().joining) {
            status.member = workspace.beginnings().member_name;
            status.device = workspace.beginnings().device_name;
            application.report().note(Sentence{"remark.not_joined_yet"});
        }
        application.report().answer(
            json_of(workspace, status),
            text_of(workspace, status, application.report().terminal()));
        return Exit::ok;
    });
}

}  // namespace vereda::client
