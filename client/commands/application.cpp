#include "client/commands/application.h"

#include <cstdlib>

#include "client/desk/problems/vault_problem.h"
#include "client/words/catalogue.h"
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
    return ask_passphrase(catalogue().say("ask.passphrase"));
}

Or<VaultSecret> Application::secret_to_create() {
    return load_new_secret(files_, settings_.passphrase_file, settings_.key_file, entropy_);
}

Outcome Application::with_workspace(const std::function<Outcome(engine::Workspace&)>& work) {
    // First, so that nobody types a passphrase in vain.
    if (const auto error = engine::find_no_vault(files_, settings_.vault))
        return std::unexpected(problem_of(*error, settings_.vault));
    auto secret = secret_to_open();
    if (!secret) return std::unexpected(secret.error());
    return with_workspace(*secret, work);
}

Outcome Application::with_desk(const std::function<Outcome(Desk&)>& work) {
    return with_workspace([&](engine::Workspace& workspace) {
        Desk desk(workspace, {.phone_region = settings_.phone_region});
        return work(desk);
    });
}

Outcome Application::with_workspace(
    const VaultSecret& secret, const std::function<Outcome(engine::Workspace&)>& work) {
    auto options = workspace_options();
    const auto bar = report_.progress(catalogue().say("progress.reading_log"), 0);
    options.on_progress = [&bar](std::size_t done, std::size_t) { bar->advance_to(done); };
    auto opened =
        engine::Workspace::open(environment_, settings_.vault, secret.view(), std::move(options));
    if (!opened) return std::unexpected(problem_of(opened.error(), settings_.vault));
    bar->clear();
    engine::Workspace& workspace = **opened;
    tell_how_it_opened(workspace);
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
        report_.note(Sentence{"remark.no_room_for_snapshot"});
    }
}

void Application::tell_how_it_opened(engine::Workspace& workspace) {
    const engine::OpeningReport& opening = workspace.opening();
    if (opening.salvaged) {
        report_.note(Sentence{"remark.log_salvaged"});
    }
    if (opening.damaged) {
        report_.note(Sentence{"remark.log_damaged"});
    }
    if (opening.may_have_lost_work && !opening.lost_work) {
        report_.note(Sentence{"remark.may_have_lost_work"});
    }
    if (opening.lost_work) {
        report_.note(Sentence{"remark.work_lost"});
    }
    if (opening.cut_roster) {
        report_.note(Sentence{"remark.roster_damaged"});
    }
    if (!opening.new_incarnation) return;
    std::string words = catalogue().say(why_new_log(opening.why_new_log));
    if (const std::size_t count = opening.renamed_entries; count != 0)
        words += " " + catalogue().say("remark.renamed_entries", {{"count", count}});
    if (workspace.old_copy())
        words += " " + catalogue().say(old_copy_sentence(workspace.may_catch_up()));
    report_.note(words);
}

// What this disk has lost may be all that a colleague's proof lacks.
void Application::tell_of_damage(engine::Workspace& workspace) {
    const bool waits = workspace.projection().unproven().count() != 0;
    report_.note(waits ? Sentence{"remark.damaged.with_removals"} : Sentence{"remark.damaged"});
}

// Once, also when a vault of an older program is read by the rule of this one.
void Application::tell_what_waits(engine::Workspace& workspace) {
    const std::size_t blocks = engine::news_of_waiting(workspace);
    if (blocks == 0) return;
    report_.note(Sentence{"remark.unproven_removals", {{"count", blocks}}});
}

}  // namespace vereda::client
