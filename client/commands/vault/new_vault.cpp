#include "client/commands/vault/new_vault.h"

#include <filesystem>

#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/vault_problem.h"
#include "client/words/catalogue.h"
#include "engine/vault/vault_files.h"

namespace vereda::client {
namespace {

// The files of a vault made a moment ago, and its directory if nothing else is in it.
void discard(Application& application, const VaultSecret& secret) {
    engine::SystemFiles& files = application.files();
    const std::string& directory = application.settings().vault;
    for (const std::string_view name :
         {engine::header_file_name, engine::guard_file_name, engine::snapshot_file_name,
          engine::log_file_name, engine::lock_file_name}) {
        const std::string path = engine::vault_path(directory, name);
        for (const char* const ending : {"", "-wal", "-shm", "-journal", ".new"}) {
            files.remove(path + ending);
        }
    }
    if (!secret.made_file.empty()) files.remove(secret.made_file);
    std::error_code not_empty;
    std::filesystem::remove(directory, not_empty);
}

// True when the hub itself, by its signature, said no to this vault's very first message, for good.
bool was_turned_down(const engine::Workspace& workspace, const engine::sync::Report& session) {
    const engine::Beginnings& beginnings = workspace.beginnings();
    if (!beginnings.founding && !beginnings.joining) return false;
    if (session.trouble != engine::sync::Trouble::refused) return false;
    switch (session.refusal.value_or(protocol::Refusal::failed)) {
        case protocol::Refusal::failed:
        case protocol::Refusal::too_fast:
        case protocol::Refusal::over_quota:
        case protocol::Refusal::clock_differs:
        case protocol::Refusal::repeated:
        case protocol::Refusal::restored:
            return false;  // these pass: the next sync sends the same again
        default:
            return true;
    }
}

// Nothing when all went well. A disk that fails here is a problem as any other, for the codes to
// be written on paper are still to be shown.
std::optional<Problem> converse_first(
    Application& application, engine::NewWorkspace& made, HubLine& line,
    engine::sync::Report& report) {
    const auto bar = application.report().progress(catalogue().say("progress.syncing"), 0);
    engine::sync::Session session(*made.workspace, application.opener(), {});
    try {
        const auto done = line.run(session, [&](const engine::sync::Report& so_far) {
            bar->advance_to(so_far.pushed_entries + so_far.pulled_entries);
        });
        report = session.report();
        if (!done) return done.error();
        application.save_snapshot(*made.workspace);
        return std::nullopt;
    } catch (const engine::StorageFailure& failure) {
        report = session.report();
        return problem_of(failure.fault(), failure.what());
    }
}

}  // namespace

std::optional<Problem> refuse_occupied(Application& application) {
    engine::KeySlots slots(application.files(), application.settings().vault);
    if (!slots.is_occupied()) return std::nullopt;
    return problem_of(engine::WorkspaceError::occupied, application.settings().vault);
}

Or<protocol::HubCard> ask_for_card(
    engine::Environment& environment, const http::Origin& origin, const http::TlsPin& pin) {
    LinkOptions options;
    options.hub = origin;
    options.pin = pin;
    SyncLink link(
        std::move(options), crypto::SigningKey::generate(environment.entropy), environment.clock,
        environment.entropy);
    auto card = read_hub_card(link);
    if (!card) return card;
    const auto own = http::parse_origin(card->public_url);
    if (!own || *own != origin) {
        return std::unexpected(problem_of(ClientProblem::hub_calls_itself, card->public_url));
    }
    return card;
}

MadeVault make_or_discard(
    Application& application, const VaultSecret& secret, const std::function<MadeVault()>& make) {
    try {
        return make();
    } catch (const engine::StorageFailure&) {
        discard(application, secret);
        throw;
    }
}

FirstSync sync_new_vault(
    Application& application, engine::NewWorkspace& made, const VaultSecret& secret) {
    FirstSync first;
    auto line = HubLine::to_hub_of(*made.workspace);
    if (!line) return {.problem = line.error()};
    first.problem = converse_first(application, made, *line, first.report);
    if (!first.problem) return first;
    if (was_turned_down(*made.workspace, first.report)) {
        made.workspace.reset();
        discard(application, secret);
        first.discarded = true;
    }
    return first;
}

}  // namespace vereda::client
