#include "client/api/vault_json.h"
#include "client/commands/commands.h"
#include "client/commands/vault/synchronise.h"
#include "client/desk/lookup.h"
#include "client/desk/problems/client_problem.h"
#include "client/desk/times/duration.h"
#include "client/line/hub_problem.h"
#include "client/terminal/qr.h"
#include "engine/schema/value_text.h"

namespace vereda::client {

void declare_invite(Verb& program, Chosen& chosen) {
    declare<InviteCommand>(
        program, chosen, "invite", "Make an invite code for one laptop (coordinators)",
        [](Verb& verb, InviteCommand& c) {
            verb.choice(
                    "--role", c.role, {"coordinator", "organiser", "auditor"},
                    "What the newcomer may do", Need::required)
                .texts("--turf", c.turfs, "A turf for the newcomer; coordinators get all")
                .duration("--expires", c.valid_for_ms, "7d", "How long it is good for (7d)")
                .examples(
                    "  vereda invite --role organiser --turf North --turf South\n"
                    "  vereda invite --role auditor --turf North --expires 2d\n"
                    "Send the code by a way that only the newcomer reads: it lets in one laptop, "
                    "once.");
        });
}

namespace {

protocol::Role role_of(const std::string& word) {
    if (word == "coordinator") return protocol::Role::coordinator;
    return word == "auditor" ? protocol::Role::auditor : protocol::Role::organiser;
}

Or<engine::InviteOffer> offer_of(engine::Workspace& workspace, const InviteCommand& command) {
    engine::InviteOffer offer{
        .role = role_of(command.role), .turfs = {}, .valid_for_ms = command.valid_for_ms};
    if (offer.role == protocol::Role::organiser && command.turfs.empty()) {
        return std::unexpected(problem_of(ClientProblem::turf_needed));
    }
    for (const std::string& name : command.turfs) {
        const auto turf = find_turf(workspace, name);
        if (!turf) return std::unexpected(turf.error());
        offer.turfs.push_back(workspace.store().turf(*turf));
    }
    if (offer.role == protocol::Role::coordinator) offer.turfs.clear();
    return offer;
}

Or<protocol::InviteCode> make_invite(
    Application& application, engine::Workspace& workspace, const engine::InviteOffer& offer) {
    auto line = HubLine::to_hub_of(workspace);
    if (!line) return std::unexpected(line.error());
    // What the newcomer will find at the hub: names, turfs, everything recorded here until now.
    if (auto synced = converse(application, workspace, *line); !synced) {
        return std::unexpected(synced.error());
    }
    engine::sync::TurfKeys keys(workspace.keyring());
    std::optional<protocol::InviteCode> code;
    engine::sync::RosterChange change(
        workspace,
        [&](const engine::RosterWriter& writer)
            -> std::expected<engine::sync::ChangeOffer, engine::RosterWriteError> {
            auto invited = writer.invite(offer, keys.source(), workspace.environment().clock);
            if (!invited) return std::unexpected(invited.error());
            code = invited->code;
            return engine::sync::ChangeOffer{
                .entries = {std::move(invited->entry)},
                .share = protocol::InviteShare{invited->share}};
        });
    if (auto done = line->run(change); !done) return std::unexpected(done.error());
    return *code;
}

std::string text_of(const InviteCommand& command, const std::string& code, const Terminal& out) {
    std::string text = qr_picture(code, out);
    const std::string time = format_duration(command.valid_for_ms);
    return text + Style(out.color).bold(code) + "\n\n" +
           said_line({"answer.invite", {{"role", command.role}, {"time", time}}});
}

}  // namespace

Outcome run(Application& application, const InviteCommand& command) {
    return application.with_workspace([&](engine::Workspace& workspace) -> Outcome {
        const auto offer = offer_of(workspace, command);
        if (!offer) return std::unexpected(offer.error());
        const protocol::Millis now = workspace.environment().clock.now();
        const auto code = make_invite(application, workspace, *offer);
        if (!code) return std::unexpected(when_nothing_was_made(code.error()));
        const std::string printed = protocol::print_invite_code(*code);
        const InviteShown invite{
            printed, command.role, engine::time_text({now.value + command.valid_for_ms})};
        application.report().answer(
            json_of(invite), text_of(command, printed, application.report().terminal()));
        return Exit::ok;
    });
}

}  // namespace vereda::client
