#include "client/application.h"

#include <cstdlib>

#include "client/words.h"
#include "engine/queries/waiting_removals.h"

namespace vereda::client {

Application::Application(Settings settings, Report& report)
    : settings_(std::move(settings)),
      report_(report),
      environment_{.files = files_, .clock = clock_, .entropy = entropy_} {}

engine::Workspace::Options Application::workspace_options() {
    engine::Workspace::Options options;
    options.opener = &opener_;
    if (const char* level = std::getenv("VEREDA_COMPRESSION_LEVEL")) {
        options.compression_level = std::atoi(level);
    }
    return options;
}

Or<VaultSecret> Application::secret_to_open() {
    if (!settings_.key_file.empty()) return load_key_file(files_, settings_.key_file);
    if (!settings_.passphrase_file.empty()) {
        return load_passphrase(files_, settings_.passphrase_file);
    }
    return ask_passphrase("Passphrase: ");
}

Or<VaultSecret> Application::secret_to_create() {
    return load_new_secret(files_, settings_.passphrase_file, settings_.key_file, entropy_);
}

Outcome Application::with_workspace(const std::function<Outcome(engine::Workspace&)>& work) {
    // First, so that nobody types a passphrase in vain.
    if (const auto error = engine::find_no_vault(files_, settings_.vault))
        return std::unexpected(words_for(*error, settings_.vault));
    auto secret = secret_to_open();
    if (!secret) return std::unexpected(secret.error());
    return with_workspace(*secret, work);
}

Outcome Application::with_workspace(
    const VaultSecret& secret, const std::function<Outcome(engine::Workspace&)>& work) {
    auto options = workspace_options();
    const auto bar = report_.progress("Reading the log", 0);
    options.on_progress = [&bar](std::size_t done, std::size_t) { bar->advance_to(done); };
    auto opened =
        engine::Workspace::open(environment_, settings_.vault, secret.view(), std::move(options));
    if (!opened) return std::unexpected(words_for(opened.error(), settings_.vault));
    bar->clear();
    engine::Workspace& workspace = **opened;
    tell_how_it_opened(workspace.opening());
    workspace.mishaps().has_damage() ? tell_of_damage(workspace) : tell_what_waits(workspace);
    Outcome outcome = [&] {
        try {
            return work(workspace);
        } catch (const engine::StorageFailure& failure) {
            if (failure.fault() == engine::StorageFault::corrupt) workspace.salvage_when_opened();
            throw;
        }
    }();
    bar->clear();
    save_snapshot(workspace);
    return outcome;
}

void Application::save_snapshot(engine::Workspace& workspace) {
    try {
        workspace.save_snapshot();
    } catch (const engine::StorageFailure& failure) {
        if (failure.fault() != engine::StorageFault::disk_full) throw;
        report_.note(
            "The disk is too full for the snapshot that makes opening fast. Nothing is lost; make "
            "room when you can.");
    }
}

void Application::tell_how_it_opened(const engine::OpeningReport& opening) {
    if (opening.salvaged) {
        report_.note(
            "The disk has damaged the vault's log. What could be read was written again, and the "
            "damaged file lies beside it. `vereda sync` fetches what others have; `vereda audit "
            "verify` says what is missing. Copy the vault to another disk.");
    }
    if (opening.damaged) {
        report_.note(
            "The disk has damaged the vault's log, and it cannot be written again here. Run "
            "`vereda sync`, so that others have what is whole, and copy the vault to another "
            "disk.");
    }
    if (opening.may_have_lost_work && !opening.lost_work) {
        report_.note(
            "The disk has damaged the place of work that was not synced yet. Some of it may be "
            "lost, and how much is unknown. Look whether your last entries are there.");
    }
    if (opening.lost_work) {
        report_.note(
            "The disk has destroyed work of yours that was not synced yet: `vereda status` names "
            "it. The rest opens; what belonged to it may not show. Copy the vault to another "
            "disk.");
    }
    if (opening.cut_roster) {
        report_.note(
            "The disk has damaged the list of members kept here: `vereda sync` reads it again. "
            "Until then some work of others may not show.");
    }
    if (!opening.new_incarnation) return;
    report_.note(
        words_for(opening.why_new_name) +
        (opening.renamed_entries == 0 ? std::string()
                                      : " " + counted(opening.renamed_entries, "entry", "entries") +
                                            " not synced before got new ids."));
}

// What this disk has lost may be all that a colleague's proof lacks.
void Application::tell_of_damage(engine::Workspace& workspace) {
    const bool waits = workspace.projection().unproven().count() != 0;
    report_.note(
        "The disk has damaged a part of what is kept here, so some people or work may not show" +
        std::string(waits ? ", and what somebody took away may show again" : "") +
        ". `vereda sync` fetches it again; `vereda audit verify` names it.");
}

// Once, also when a vault of an older program is read by the rule of this one.
void Application::tell_what_waits(engine::Workspace& workspace) {
    const std::size_t blocks = engine::news_of_waiting(workspace);
    if (blocks == 0) return;
    report_.note(
        counted(blocks, "block") +
        " took something away without proof that its author had seen it. That has no effect: what "
        "it would have taken away still shows. `vereda status` says whose.");
}

}  // namespace vereda::client
