#pragma once

#include <functional>
#include <memory>
#include <string>

#include "client/answers/report.h"
#include "client/commands/command.h"
#include "client/commands/threaded_opener.h"
#include "client/desk/desk.h"
#include "client/terminal/vault_secret.h"
#include "crypto/entropy.h"
#include "engine/clock.h"
#include "engine/storage/system_files.h"
#include "engine/vault/vault_files.h"
#include "engine/workspace/workspace.h"

namespace vereda::client {

/// What every command works with: the settings, the world, and where answers go.
class Application {
  public:
    Application(Settings settings, Report& report);

    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] Report& report() { return report_; }
    [[nodiscard]] engine::Environment& environment() { return environment_; }
    [[nodiscard]] engine::SystemFiles& files() { return files_; }
    /// Opens blocks on a second thread.
    [[nodiscard]] engine::BlockOpener& opener() { return opener_; }
    /// As the program uses workspaces. VEREDA_COMPRESSION_LEVEL sets zstd's level, for measuring.
    [[nodiscard]] engine::Workspace::Options workspace_options();

    /// Opens the vault, runs `work` on it and closes it again, with a new snapshot when one is due.
    [[nodiscard]] Outcome with_workspace(const std::function<Outcome(engine::Workspace&)>& work);
    /// The same with a secret at hand, for commands that open the vault again and again.
    [[nodiscard]] Outcome with_workspace(
        const VaultSecret& secret, const std::function<Outcome(engine::Workspace&)>& work);
    /// The same at its desk.
    [[nodiscard]] Outcome with_desk(const std::function<Outcome(Desk&)>& work);
    /// A new snapshot, when one is due. Nothing depends on it: a full disk only causes a note.
    void save_snapshot(engine::Workspace& workspace);

    /// The secret that the settings name, else asked for on the terminal.
    [[nodiscard]] Or<VaultSecret> secret_to_open();
    /// For a new vault: a passphrase is asked for twice, a key file that is not there is made.
    [[nodiscard]] Or<VaultSecret> secret_to_create();

  private:
    void tell_how_it_opened(engine::Workspace& workspace);
    void tell_of_damage(engine::Workspace& workspace);
    void tell_what_waits(engine::Workspace& workspace);

    Settings settings_;
    Report& report_;
    engine::SystemFiles files_;
    engine::SystemClock clock_;
    crypto::SystemEntropy entropy_;
    engine::Environment environment_;
    ThreadedOpener opener_;
};

}  // namespace vereda::client
