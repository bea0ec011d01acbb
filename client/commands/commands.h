#pragma once

// Lives here: what all commands stand on: how each is declared, the open vault, the help.
// Begin: here, then `application.h`; the other commands are in the folders within.
// Must not know: the hub, how the log merges, what stands on a wire.

#include "client/commands/application.h"
#include "client/commands/verb.h"

/// Every command: how it is typed (`declare_…`) and what it does (`run`). One file each, or one for
/// a family. A run's problem is told by main; its answer it gives itself.
namespace vereda::client {

/// All of them.
void declare_commands(Verb& program, Chosen& chosen);

void declare_init(Verb& program, Chosen& chosen);
void declare_join(Verb& program, Chosen& chosen);
void declare_turf(Verb& program, Chosen& chosen);
void declare_invite(Verb& program, Chosen& chosen);
void declare_secrets(Verb& program, Chosen& chosen);  ///< recover, passphrase
void declare_contact(Verb& program, Chosen& chosen);
void declare_search(Verb& program, Chosen& chosen);
void declare_consent(Verb& program, Chosen& chosen);
void declare_interaction(Verb& program, Chosen& chosen);
void declare_import(Verb& program, Chosen& chosen);
void declare_export(Verb& program, Chosen& chosen);
void declare_batch(Verb& program, Chosen& chosen);
void declare_sync(Verb& program, Chosen& chosen);
void declare_status(Verb& program, Chosen& chosen);
void declare_conflicts(Verb& program, Chosen& chosen);
void declare_history(Verb& program, Chosen& chosen);
void declare_audit(Verb& program, Chosen& chosen);

[[nodiscard]] Outcome run(Application& application, const InitCommand& command);
[[nodiscard]] Outcome run(Application& application, const JoinCommand& command);
[[nodiscard]] Outcome run(Application& application, const TurfAddCommand& command);
[[nodiscard]] Outcome run(Application& application, const TurfListCommand& command);
[[nodiscard]] Outcome run(Application& application, const InviteCommand& command);
[[nodiscard]] Outcome run(Application& application, const RecoverCommand& command);
[[nodiscard]] Outcome run(Application& application, const PassphraseCommand& command);
[[nodiscard]] Outcome run(Application& application, const ContactAddCommand& command);
[[nodiscard]] Outcome run(Application& application, const ContactSetCommand& command);
[[nodiscard]] Outcome run(Application& application, const ContactShowCommand& command);
[[nodiscard]] Outcome run(Application& application, const ContactListCommand& command);
[[nodiscard]] Outcome run(Application& application, const ContactHideCommand& command);
[[nodiscard]] Outcome run(Application& application, const ContactReleaseCommand& command);
[[nodiscard]] Outcome run(Application& application, const SearchCommand& command);
[[nodiscard]] Outcome run(Application& application, const ConsentLiftCommand& command);
[[nodiscard]] Outcome run(Application& application, const InteractionAddCommand& command);
[[nodiscard]] Outcome run(Application& application, const InteractionCorrectCommand& command);
[[nodiscard]] Outcome run(Application& application, const InteractionHideCommand& command);
[[nodiscard]] Outcome run(Application& application, const InteractionReleaseCommand& command);
[[nodiscard]] Outcome run(Application& application, const ImportCommand& command);
[[nodiscard]] Outcome run(Application& application, const ExportCommand& command);
[[nodiscard]] Outcome run(Application& application, const BatchCommand& command);
[[nodiscard]] Outcome run(Application& application, const SyncCommand& command);
[[nodiscard]] Outcome run(Application& application, const StatusCommand& command);
[[nodiscard]] Outcome run(Application& application, const ConflictsListCommand& command);
[[nodiscard]] Outcome run(Application& application, const ConflictsSettleCommand& command);
[[nodiscard]] Outcome run(Application& application, const HistoryCommand& command);
[[nodiscard]] Outcome run(Application& application, const AuditVerifyCommand& command);
[[nodiscard]] Outcome run(Application& application, const AuditReplayCommand& command);

}  // namespace vereda::client
