#include "client/api/vault_json.h"
#include "client/commands/commands.h"
#include "client/commands/vault/new_vault.h"
#include "client/desk/names.h"
#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/vault_problem.h"
#include "client/line/hub_problem.h"
#include "protocol/printed_key.h"

namespace vereda::client {

void declare_init(Verb& program, Chosen& chosen) {
    declare<InitCommand>(
        program, chosen, "init", "Found a workspace, on a hub or for this laptop alone",
        [](Verb& verb, InitCommand& c) {
            verb.text("--workspace", c.workspace, "Name of the workspace", Need::required)
                .text("--member", c.member, "Your name, as the others will see it", Need::required)
                .text("--device", c.device, "A name for this laptop", Need::required)
                .word("--hub", c.hub, "Address of the hub: https://name:port")
                .word("--pin", c.pin, "Its pin, as `vereda-hub serve` prints it")
                .word("--token", c.token, "A founding token from `vereda-hub token`")
                .examples(
                    "  vereda init --workspace \"Barrio Norte\" --member Ana --device \"Ana's "
                    "laptop\"\n"
                    "  vereda init --workspace \"Barrio Norte\" --member Ana --device office \\\n"
                    "      --hub https://hub.example.org:8443 --pin sha256//… --token 0123…\n"
                    "Shows a recovery code and a recovery key, once: write both on paper.");
        });
}

namespace {

/// The hub that a new workspace comes to.
struct FoundingHub {
    protocol::HubEntry entry;
    protocol::FoundingToken token;
};

std::optional<protocol::FoundingToken> parse_token(std::string_view text) {
    protocol::FoundingToken token;
    if (text.size() != 2 * token.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return std::nullopt;
        token.bytes[i / 2] = static_cast<std::uint8_t>(token.bytes[i / 2] << 4 | digit);
    }
    return token;
}

Or<FoundingHub> meet_hub(Application& application, const InitCommand& command) {
    const auto origin = http::parse_origin(command.hub);
    if (!origin) return std::unexpected(problem_of(ClientProblem::bad_hub_url, command.hub));
    const auto pin = http::parse_pin(command.pin);
    if (!pin) return std::unexpected(problem_of(ClientProblem::bad_pin, command.pin));
    const auto token = parse_token(command.token);
    if (!token) return std::unexpected(problem_of(ClientProblem::bad_token));

    const auto card = ask_for_card(application.environment(), *origin, *pin);
    if (!card) return std::unexpected(when_nothing_was_made(card.error()));
    return FoundingHub{
        {.url = origin->url(),
         .pin = *pin,
         .signing_key = card->signing_key,
         .epoch = card->hub_epoch},
        *token};
}

std::string founded_text(const VaultMade& made, const Style& style) {
    std::string text =
        said_line({"answer.founded", {{"workspace", made.workspace}, {"vault", made.vault}}}) +
        "\n";
    text += said_line({"answer.paper.both"}) + "\n";
    text += "  " + said_line({"answer.recovery_code"}) + "    " + style.bold(made.recovery_code) +
            "\n\n";
    text += "  " + said_line({"answer.recovery_key"}) + "    " +
            style.bold(made.recovery_key.value_or("")) + "\n\n";
    if (!made.key_file.empty())
        text += said_line({"answer.key_file", {{"file", made.key_file}}}) + "\n";
    return text + said_line({"answer.founded.next"});
}

/// What was typed, and where there is a hub, what it showed of itself.
Or<engine::FoundingOffer> offer_of(Application& application, const InitCommand& command) {
    const auto workspace = read_name(command.workspace);
    if (!workspace) return std::unexpected(workspace.error());
    const auto owner = read_owner(command.member, command.device);
    if (!owner) return std::unexpected(owner.error());
    const bool all = !command.hub.empty() && !command.pin.empty() && !command.token.empty();
    const bool none = command.hub.empty() && command.pin.empty() && command.token.empty();
    if (!all && !none) return std::unexpected(problem_of(ClientProblem::hub_options_apart));
    if (const auto refused = refuse_occupied(application)) return std::unexpected(*refused);

    engine::FoundingOffer offer{.owner = *owner, .workspace_name = *workspace};
    if (none) return offer;
    const auto hub = meet_hub(application, command);
    if (!hub) return std::unexpected(hub.error());
    offer.hub = hub->entry;
    offer.token = hub->token;
    return offer;
}

}  // namespace

Outcome run(Application& application, const InitCommand& command) {
    const auto offer = offer_of(application, command);
    if (!offer) return std::unexpected(offer.error());
    const auto secret = application.secret_to_create();
    if (!secret) return std::unexpected(secret.error());
    const std::string& vault = application.settings().vault;
    auto founded = make_or_discard(application, *secret, [&] {
        return engine::Workspace::found(
            application.environment(), vault, secret->view(), *offer,
            application.workspace_options());
    });
    if (!founded) return std::unexpected(problem_of(founded.error(), vault));

    FirstSync first;
    if (offer->hub) first = sync_new_vault(application, *founded, *secret);
    if (first.discarded) return std::unexpected(*first.problem);
    const VaultMade made{
        .workspace = offer->workspace_name,
        .vault = vault,
        .recovery_code = protocol::print_recovery_code(founded->recovery_code),
        .recovery_key = protocol::print_recovery_key(*founded->recovery_key_seed),
        .on_hub = offer->hub && !first.problem,
        .key_file = secret->made_file};
    Report& report = application.report();
    report.answer(json_of(made), founded_text(made, report.style()));
    if (first.problem) return std::unexpected(*first.problem);
    return Exit::ok;
}

}  // namespace vereda::client
