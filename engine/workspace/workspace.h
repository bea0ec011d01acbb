#pragma once

// Lives here: the open vault: it loads, writes (`log_writer.h`), takes in (`intake.h`) and mends.
// Begin: here, then `workspace_load.cpp` for how a vault comes to life.
// Must not know: what people mean by an action, and how the hub is reached.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/log/block_gaps.h"
#include "engine/log/block_repair.h"
#include "engine/projection/projection.h"
#include "engine/replay/snapshot.h"
#include "engine/storage/transaction.h"
#include "engine/vault/guard.h"
#include "engine/vault/key_slots.h"
#include "engine/vault/vault_lock.h"
#include "engine/workspace/environment.h"
#include "engine/workspace/identity.h"
#include "engine/workspace/intake.h"
#include "engine/workspace/kept_roster.h"
#include "engine/workspace/log_writer.h"
#include "engine/workspace/logged_texts.h"

namespace vereda::engine {

enum class WorkspaceError {
    no_vault,  ///< Nothing lies in this directory.
    occupied,  ///< A vault, or what is left of one, lies in the directory: it is never replaced.
    in_use,    ///< Another program works with the vault.
    wrong_secret,      ///< Passphrase, code or key file is not this vault's.
    no_such_slot,      ///< The vault has no passphrase (or code, or key file) at all.
    unfit_secret,      ///< Too short or too long to make a vault with.
    damaged,           ///< The vault's header is not what was written.
    log_missing,       ///< The header is there, and log.db is not, or it is empty.
    log_left_damaged,  ///< The same, and what a disk damaged of it lies beside.
    newer_version,     ///< Made by a later version of this program.
};

/// Why nothing can be opened in a directory, seen before anybody types a passphrase: `no_vault`;
/// `damaged` when files of a vault lie there and its header is gone; `log_missing` or
/// `log_left_damaged`, since SQLite would make a new log in the place of an empty one. Nothing when
/// there is a vault.
[[nodiscard]] std::optional<WorkspaceError> find_no_vault(
    FileSystem& files, const std::string& directory);

/// What a new vault is told about its owner.
struct NewVault {
    std::string member_name;
    std::string device_name;
};

struct FoundingOffer {
    NewVault owner;
    std::string workspace_name;
    std::optional<protocol::HubEntry> hub;
    std::optional<protocol::FoundingToken> token;  ///< Of that hub.
};

class Workspace;

/// A vault just made, and the secrets that are shown once.
struct NewWorkspace {
    std::unique_ptr<Workspace> workspace{};
    ByteArray<16> recovery_code{};  ///< Opens this vault (protocol/printed_key.h).
    /// Of a founder: appoints coordinators when all are gone.
    std::optional<ByteArray<32>> recovery_key_seed{};
};

/// Why a vault writes a new log. After all but the last one it may be a copy of another, and
/// `old-copy` keeps the number (docs/protocol/vault.md).
enum class WhyNewLog : std::uint8_t {
    copied = 0,         ///< Its guard lies in another file than it was written to.
    guard_damaged = 1,  ///< Or the guard is of an earlier day.
    guard_gone = 2,
    log_went_back = 3,  ///< The guard names blocks, or an incarnation, that the log has not.
    lost_blocks = 4,    ///< The disk lost blocks of an own log; never kept.
};

/// Of a verdict that needs a new incarnation.
[[nodiscard]] WhyNewLog why_new_log(GuardVerdict verdict);

/// How the vault stood when it was opened; what the owner should hear of it.
struct OpeningReport {
    bool rebuilt = false;          ///< No usable snapshot: the projection was read from the log.
    bool new_incarnation = false;  ///< It writes a new log from now on.
    WhyNewLog why_new_log{};       ///< With `new_incarnation`.
    bool salvaged = false;         ///< log.db was written again from what its disk has left of it.
    bool damaged = false;          ///< Its pages are damaged, and it cannot be written again.
    bool may_have_lost_work = false;  ///< Rows of what lies here only do not read any more.
    bool lost_work = false;           ///< Open entries did not open any more (queries/lost_work.h).
    bool cut_roster = false;  ///< A part of the roster is damaged: the next sync reads it again.
    std::size_t renamed_entries = 0;  ///< Open entries that got new ids because of that.
};

/// One laptop's vault, open: its log, its projection and the keys to both. For one thread. When
/// anything throws StorageFailure, let go of it and open the vault again: what was acknowledged is
/// there.
class Workspace {
  public:
    struct Options {
        bool index_notes = false;
        int compression_level = 16;  ///< Of closed blocks: 5 % smaller than 9 on the field day, for
                                     ///< 10 ms more a full block.
        BlockOpener* opener = nullptr;  ///< For rebuilding; null: on this thread.
        /// Blocks read so far, while the projection is rebuilt; `total` is 0, as nobody has counted
        /// them. May be empty.
        std::function<void(std::size_t done, std::size_t total)> on_progress;
    };

    [[nodiscard]] static std::expected<std::unique_ptr<Workspace>, WorkspaceError> open(
        Environment& environment, const std::string& directory, const KeySecret& secret,
        Options options);
    /// A new vault and a new workspace, not yet on its hub (`sync::Session` brings it there).
    [[nodiscard]] static std::expected<NewWorkspace, WorkspaceError> found(
        Environment& environment, const std::string& directory, const KeySecret& secret,
        const FoundingOffer& offer, Options options);
    /// A new vault for a device that has an invite and has not used it yet.
    [[nodiscard]] static std::expected<NewWorkspace, WorkspaceError> join(
        Environment& environment, const std::string& directory, const KeySecret& secret,
        const NewVault& owner, const protocol::InviteCode& code, Options options);

    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    // ---- writing: one action, one durable commit; or many between `group` and `commit`
    /// Appends an action to the own log of `turf`. Durable on return, within a group once that is
    /// committed.
    LocalDot append(TurfNumber turf, const EntryDraft& draft);
    void begin_group();
    void commit_group();
    [[nodiscard]] bool in_group() const { return group_.has_value(); }

    /// Closes open entries into blocks and renews the guard: afterwards they may be sent. What no
    /// block can hold is set aside and shows no more (`queries/set_aside.h` names it).
    LogWriter::Closed close_blocks();
    /// Starts a new incarnation: the vault was copied or restored, or the hub knows newer blocks of
    /// this very device. Open entries get new ids there; how many.
    std::size_t begin_incarnation();

    /// Writes a snapshot when the log has grown enough since the last one, or when `always`.
    bool save_snapshot(bool always = false);

    // ---- taking in; each in a transaction of its own
    struct Received {
        std::size_t entries = 0;
        std::size_t refused = 0;
        std::size_t forks = 0;
        std::size_t damaged = 0;       ///< Blocks whose payload its carrier has spoilt.
        std::size_t without_room = 0;  ///< Blocks that may not wait: too many of theirs do already.
        std::size_t unread = 0;        ///< Blocks beyond the bound on branches: kept, not read.
    };
    Received receive(std::vector<BlockOpener::Job> blocks, BlockOpener& opener);
    /// The hub has taken a block of this vault, then; in the caller's transaction.
    void note_acceptance(
        LogOrdinal log, std::uint64_t block_no, const protocol::Acceptance& acceptance);
    /// Verified roster entries go on the end; the first error stops.
    std::expected<std::size_t, RosterError> extend_roster(
        std::span<const protocol::ServedEntry> entries);
    /// The roster's entries as the vault keeps them, read from there.
    [[nodiscard]] std::vector<Bytes> kept_roster();
    /// Keeps the request with which a change of this laptop's goes to the hub, for a hub that has
    /// to be given it again (kept_roster.h). Durable on return.
    void keep_change(protocol::RosterPosition position, ByteView request);
    /// Those of them that are on the roster.
    [[nodiscard]] std::map<protocol::RosterPosition, Bytes> kept_changes();
    /// A turf key that a wrap gave.
    [[nodiscard]] std::expected<void, Keyring::AddError> add_key(
        const protocol::TurfId& turf, protocol::Epoch epoch, ByteView key);
    /// After keys or roster entries came: blocks that waited for them. How many entries that read.
    std::size_t retry();
    /// Tells the others, in `common`, what this member and this laptop are called.
    void name_owner(const NewVault& owner);
    void save_identity();
    void set_beginnings(Beginnings beginnings);

    // ---- reading
    [[nodiscard]] const Identity& identity() const { return identity_; }
    [[nodiscard]] const Beginnings& beginnings() const { return beginnings_; }
    [[nodiscard]] const Roster& roster() const { return roster_; }
    [[nodiscard]] const Keyring& keyring() const { return keyring_; }
    [[nodiscard]] LogStore& store() { return store_; }
    /// What shows. When names have changed since it was last asked for, because a log forked, the
    /// whole log is read again here: once, however many blocks of a sync had a fork in them.
    [[nodiscard]] Projection& projection();
    [[nodiscard]] LogWriter& writer();
    [[nodiscard]] Environment& environment() { return environment_; }
    [[nodiscard]] const OpeningReport& opening() const { return opening_; }
    /// Why this may be an older copy of the vault, until a sync has fetched all that the hub has.
    /// A vault without a hub says it until it is closed.
    [[nodiscard]] std::optional<WhyNewLog> old_copy() const { return old_copy_; }
    /// False when no sync can fetch what an older copy lacks: there is no hub, or as far as the
    /// roster and the hub's last answer say, this device may not read there any more.
    [[nodiscard]] bool may_catch_up();
    /// True when others keep what this vault has sent.
    [[nodiscard]] bool has_hub() const { return roster_.hub() || beginnings_.joining; }
    [[nodiscard]] const VaultKey& vault_key() const { return key_; }
    [[nodiscard]] const std::string& directory() const { return directory_; }
    /// The turf's number here; it has one once the roster names it.
    [[nodiscard]] TurfNumber number_of(const protocol::TurfId& turf);

    /// Throws the projection away and reads the whole log again.
    void rebuild();

    // ---- what the disk has damaged (docs/protocol/vault.md "Damage")
    [[nodiscard]] Mishaps mishaps();
    [[nodiscard]] BlockRepair block_repair();
    [[nodiscard]] BlockGaps block_gaps();
    /// Puts back blocks that rot has moved, and what lies here as a copy only. False when a log
    /// lacks a block after that: then the next opening writes log.db again, and ends it there.
    [[nodiscard]] bool put_blocks_back();
    /// Notes what is whole by now, and forgets what was long ago.
    void settle_mishaps();
    /// A sync has read every stream to its end: an older copy lacks no more than the hub does.
    void note_caught_up();
    /// Whether the hub has just refused to serve this device a stream of its own.
    void note_reading_denied(bool is_denied);
    /// The hub has served every stream of this laptop's to its end.
    void note_streams_read();
    /// SQLite's own pages are damaged: the next opening writes log.db again from what still reads.
    void salvage_when_opened() noexcept;
    /// Ends the own log `log` before `block_no`, which is damaged here and which the hub has not:
    /// what follows and opens is written again under a new incarnation. How many entries are lost.
    std::size_t end_log(LogOrdinal log, std::uint64_t block_no);
    /// False while a part of the roster is damaged and has not been read again: until then nothing
    /// is closed, since a block must not say that it has seen less than the one before it.
    [[nodiscard]] bool has_whole_roster();

  private:
    Workspace(
        Environment& environment, std::string directory, VaultLock lock, VaultKey key,
        std::unique_ptr<Database> database, LogStore store, Options options);
    [[nodiscard]] static std::expected<std::unique_ptr<Workspace>, WorkspaceError> open_log(
        Environment& environment, const std::string& directory, const KeySecret& secret,
        const Options& options, bool as_it_is);
    void load();
    void expect_no_salvage();
    void note_salvage(const std::vector<std::string>& torn);
    void note_blocks_of_guard();
    void note_lost_end(LogOrdinal log, std::uint64_t last_block);
    [[nodiscard]] bool leave_cut_logs();
    [[nodiscard]] WhyNewLog why_cut_logs_end();
    void remove_old_damaged_log();
    [[nodiscard]] std::vector<LogOrdinal> served_own_logs();
    [[nodiscard]] std::size_t reopen_behind_gap(LogOrdinal log);
    void load_roster();
    void load_keys();
    void load_projection();
    void mend_secrets();
    void heal_secret(const std::string& name, const Bytes& sealed);
    void take_secret_as_lost(const std::string& name);
    /// What can be read of the kept roster, from its beginning.
    struct RosterRows {
        std::vector<Bytes> entries;
        std::vector<std::uint64_t> mended;  ///< Positions of which a row or its copy was damaged.
        std::uint64_t had = 0;              ///< So many entries lay here at least.
        bool has_more = false;              ///< Rows lie behind those that can be read.
    };
    [[nodiscard]] RosterRows roster_rows();
    [[nodiscard]] std::vector<Bytes> whole_roster();
    [[nodiscard]] std::optional<Bytes> roster_entry_kept_elsewhere(std::uint64_t position);
    void keep_roster_again(const std::vector<Bytes>& entries);
    void cut_roster(const RosterRows& rows, const protocol::RosterHash& end);
    [[nodiscard]] bool has_mended_roster();
    void mend_log();
    void mend_cursor(const RosterTurf& turf);
    [[nodiscard]] bool set_rotten_entries_aside();
    void connect();
    void read_tail();
    void read_open_entries(LogOrdinal log);
    void forget_late_snapshot();
    void rebuild_if_stale();
    [[nodiscard]] bool shows_own_future(ByteView wire);
    [[nodiscard]] std::size_t move_to_new_incarnation();
    void go_on_in_new_incarnation(std::size_t moved);
    void load_old_copy();
    void note_old_copy(WhyNewLog why);
    void check_guard();
    void write_guard();
    void start(Identity identity, Beginnings beginnings);

    Environment& environment_;
    std::string directory_;
    VaultLock lock_;
    VaultKey key_;
    std::unique_ptr<Database> database_;
    LogStore store_;
    Options options_;
    SecretSealer secrets_;
    RosterSealer roster_sealer_;
    Sealer open_sealer_;
    GuardFile guard_;
    SnapshotFile snapshot_;
    Identity identity_;
    Beginnings beginnings_;
    Roster roster_;
    Keyring keyring_;
    std::unique_ptr<Projection> projection_;
    std::unique_ptr<Replay> replay_;
    std::unique_ptr<LogWriter> writer_;
    std::unique_ptr<LoggedTexts> texts_;
    std::unique_ptr<Intake> intake_;
    std::optional<Transaction> group_;
    std::size_t since_snapshot_ = 0;
    OpeningReport opening_;
    std::optional<WhyNewLog> old_copy_;
    std::set<LogOrdinal> cut_logs_;  ///< Which the salvage of this opening left shorter.
};

}  // namespace vereda::engine
