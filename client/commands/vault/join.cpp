#include "client/api/vault_json.h"
#include "client/commands/commands.h"
#include "client/commands/vault/name_in_use.h"
#include "client/commands/vault/new_vault.h"
#include "client/desk/names.h"
#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/vault_problem.h"
#include "client/line/hub_problem.h"
#include "engine/queries/queries.h"
#include "protocol/printed_key.h"

namespace vereda::client {

void declare_join(Verb& program, Chosen& chosen) {
    declare<JoinCommand>(
        program, chosen, "join", "Join a workspace with an invite code",
        [](Verb& verb, JoinCommand& c) {
            verb.text("CODE", c.code, "The code that a coordinator sent: VEREDA-…", Need::required)
                .text("--member", c.member, "Your name, as the others will see it", Need::required)
                .text("--device", c.device, "A name for this laptop", Need::required)
                .examples(
                    "  vereda join VEREDA-… --member Bruno --device \"old laptop\"\n"
                    "Shows a recovery code, once: write it on paper. Where somebody has the name "
                    "already, or one that looks like it, it asks for another one.");
        });
}

namespace {

std::string beginning_of(const VaultMade& made) {
    if (!made.joined.value_or(false))
        return said_line({"answer.joined.not_synced", {{"vault", made.vault}}});
    return said_line(
        {"answer.joined",
         {{"workspace", made.workspace},
          {"vault", made.vault},
          {"count", made.pulled.value_or(0)}}});
}

std::string joined_text(const VaultMade& made, const Style& style) {
    std::string text = beginning_of(made) + "\n" + said_line({"answer.paper"});
    text +=
        "  " + said_line({"answer.recovery_code"}) + "    " + style.bold(made.recovery_code) + "\n";
    if (!made.key_file.empty())
        text += "\n" + said_line({"answer.key_file", {{"file", made.key_file}}});
    return text;
}

}  // namespace

Outcome run(Application& application, const JoinCommand& command) {
    const auto owner = read_owner(command.member, command.device);
    if (!owner) return std::unexpected(owner.error());
    const auto code = protocol::parse_invite_code(command.code);
    if (!code) return std::unexpected(problem_of(code.error()));
    if (const auto refused = refuse_occupied(application)) return std::unexpected(*refused);
    const auto origin = http::parse_origin(code->hub_url);
    if (!origin) return std::unexpected(problem_of(ClientProblem::bad_hub_url, code->hub_url));
    const auto card = ask_for_card(application.environment(), *origin, code->hub_pin);
    if (!card) return std::unexpected(when_nothing_was_made(card.error()));

    const auto secret = application.secret_to_create();
    if (!secret) return std::unexpected(secret.error());
    const std::string& vault = application.settings().vault;
    auto made = make_or_discard(application, *secret, [&] {
        return engine::Workspace::join(
            application.environment(), vault, secret->view(), *owner, *code,
            application.workspace_options());
    });
    if (!made) return std::unexpected(problem_of(made.error(), vault));

    const FirstSync first = sync_new_vault(application, *made, *secret);
    if (first.discarded) return std::unexpected(*first.problem);
    const VaultMade answer{
        .workspace = engine::Queries(*made->workspace).workspace_name(),
        .vault = vault,
        .recovery_code = protocol::print_recovery_code(made->recovery_code),
        .joined = !first.problem,
        .pulled = first.report.pulled_entries,
        .key_file = secret->made_file};
    Report& report = application.report();
    report.answer(json_of(answer), joined_text(answer, report.style()));
    if (first.problem) return std::unexpected(*first.problem);
    settle_names(application, *made->workspace);  // after the code that is to be written down
    return Exit::ok;
}

}  // namespace vereda::client
