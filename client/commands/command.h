#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client/terminal/private_text.h"

/// What was typed, as values: one small struct for each command. Nothing is looked up yet.
namespace vereda::client {

/// Where the vault is, what opens it, and how to answer: the options of every command.
struct Settings {
    std::string vault;  ///< Directory.
    std::string passphrase_file;
    std::string key_file;
    std::string phone_region;  ///< ISO 3166, for numbers typed without +; may be empty.
    bool json = false;
};

using NameValue = std::pair<std::string, std::string>;

struct InitCommand {
    std::string workspace, member, device;
    std::string hub, pin, token;  ///< All or none.
};
struct JoinCommand {
    std::string code;
    std::string member, device;
};
struct TurfAddCommand {
    std::string name;
};
struct TurfListCommand {};
struct InviteCommand {
    std::string role;
    std::vector<std::string> turfs;
    std::int64_t valid_for_ms = 0;
};
struct RecoverCommand {
    std::string code_file;  ///< Empty: asked for on the terminal.
    std::string new_passphrase_file, new_key_file;
};
struct PassphraseCommand {
    std::string new_passphrase_file, new_key_file;
    bool new_recovery_code = false;
};

struct ContactAddCommand {
    std::string turf, kind;
    std::vector<NameValue> set, add, consents;
    std::vector<std::string> ask;  ///< Fields whose values are asked for.
    std::string key, source;
};
struct ContactSetCommand {
    std::string contact;
    std::vector<NameValue> set, add, remove, consents;
    std::vector<NameValue> seen;   ///< Of a field, an entry that was shown.
    std::vector<std::string> ask;  ///< Fields whose values are asked for.
};
struct ContactShowCommand {
    std::string contact;
    bool retracted = false;  ///< Lists retracted interactions as well.
};
struct ContactListCommand {
    std::string turf;
    std::optional<std::uint64_t> limit;
    bool retracted = false;
};
struct ContactHideCommand {
    std::string contact;
    bool restore = false;
};
struct ContactReleaseCommand {
    std::string contact;
};
struct SearchCommand {
    std::vector<std::string> words;
    std::optional<std::uint64_t> limit;
};
struct ConsentLiftCommand {
    std::string contact, channel, evidence;
};
struct InteractionAddCommand {
    std::string contact, kind, outcome, at;
    PrivateText note;
};
struct InteractionCorrectCommand {
    std::string interaction;
    std::optional<std::string> kind, outcome, at;
    std::optional<PrivateText> note;
    std::vector<NameValue> seen;
};
struct InteractionReleaseCommand {
    std::string interaction;
};
struct InteractionHideCommand {
    std::string interaction;
    bool restore = false;
};

struct ImportCommand {
    std::string file, turf, source, key_column, encoding;
    std::vector<NameValue> map;
    std::string dates;  ///< "day-first" or "month-first"; empty: as the sheet's dates prove.
    bool dry_run = false;
};
struct ExportCommand {
    std::string file;  ///< Empty or "-": standard output.
    std::string turf;
    bool jsonl = false;
    bool interactions = false;
    bool replace = false;  ///< A file that is there may go.
};
struct BatchCommand {
    std::string file;  ///< Empty or "-": standard input.
    std::uint64_t commit_every = 1;
};
struct SyncCommand {
    std::optional<std::uint64_t> watch_s;  ///< Again and again, after so many seconds.
};
struct StatusCommand {};
struct ConflictsListCommand {
    std::string turf;
};
struct ConflictsSettleCommand {
    std::string record, field, value;  ///< A contact, or an interaction by one of its fields.
    std::vector<NameValue> seen;
};
struct HistoryCommand {
    std::string contact;
};
struct AuditVerifyCommand {};
struct AuditReplayCommand {
    std::string until;
};

using Command = std::variant<
    InitCommand, JoinCommand, TurfAddCommand, TurfListCommand, InviteCommand, RecoverCommand,
    PassphraseCommand, ContactAddCommand, ContactSetCommand, ContactShowCommand, ContactListCommand,
    ContactHideCommand, ContactReleaseCommand, SearchCommand, ConsentLiftCommand,
    InteractionAddCommand, InteractionCorrectCommand, InteractionHideCommand,
    InteractionReleaseCommand, ImportCommand, ExportCommand, BatchCommand, SyncCommand,
    StatusCommand, ConflictsListCommand, ConflictsSettleCommand, HistoryCommand, AuditVerifyCommand,
    AuditReplayCommand>;

}  // namespace vereda::client
