#include "client/commands/commands.h"
#include "client/synchronise.h"
#include "client/terminal/display_text.h"
#include "client/terminal/table.h"
#include "engine/people/workspace_status.h"
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

Json json_of(engine::Workspace& workspace, const engine::WorkspaceStatus& status) {
    JsonArray turfs;
    for (const engine::TurfStatus& turf : status.turfs) turfs.add(json_of(workspace, turf));
    return JsonObject()
        .add("workspace", status.workspace)
        .add("member", status.member)
        .add("device", status.device)
        .add("role", status.role)
        .add("contacts", status.contacts)
        .add("interactions", status.interactions)
        .add("conflicts", status.conflicts)
        .add("unsynced", status.unsynced)
        .add("pending", status.pending)
        .add("damaged", status.damaged)
        .add("lost", client::json_of(status.lost))
        .add("withheld", status.withheld)
        .add("no_authority", status.no_authority)
        .add("unknown", status.unknown)
        .add("waiting", status.waiting)
        .add("forks", status.forks)
        .add("roster_forks", status.roster_forks)
        .add("turfs", turfs.done())
        .add("digest", to_text(status.digest))
        .done();
}

void add_oddity(std::string& text, std::uint64_t count, const char* one, const char* many) {
    if (count != 0) text += counted(count, one, many) + "\n";
}

std::string oddities(const engine::WorkspaceStatus& status) {
    std::string text;
    add_oddity(
        text, status.pending, "entry that does not open here yet",
        "entries that do not open here yet");
    add_oddity(
        text, status.damaged, "entry that this disk has damaged: the next sync asks for it",
        "entries that this disk has damaged: the next sync asks for them");
    if (!status.lost.empty()) {
        text += "Work of yours that this disk destroyed before the hub had it:\n" +
                client::text_of(status.lost);
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

std::string text_of(const engine::WorkspaceStatus& status, bool has_hub, const Terminal& terminal) {
    const Style style(terminal.color);
    std::string text = style.bold(printable(status.workspace)) + "\n";
    text +=
        printable(status.member) + " (" + status.role + ") on " + printable(status.device) + "\n\n";
    text += counted(status.contacts, "contact") + ", " +
            counted(status.interactions, "interaction") + ", " +
            counted(status.conflicts, "conflict") + "\n";
    if (!has_hub) {
        text += "It lives on this laptop alone, without a hub.\n";
    } else if (status.unsynced == 0) {
        text += "Everything recorded here is at the hub.\n";
    } else {
        text += counted(status.unsynced, "entry", "entries") + " not synced yet: `vereda sync`\n";
    }
    text += style.warning(oddities(status));
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
            application.report().note("This laptop has not joined yet: `vereda sync`.");
        }
        const bool has_hub = workspace.roster().hub() || workspace.beginnings().joining;
        application.report().answer(
            json_of(workspace, status), text_of(status, has_hub, application.report().terminal()));
        return Exit::ok;
    });
}

}  // namespace vereda::client
