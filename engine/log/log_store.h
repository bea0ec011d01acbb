#pragma once

// Lives here: what is kept: logs, blocks, branches, open entries, the hub's places, and their
// mending.
// Begin: here, then `local_dot.h` and `references.h` for how things are numbered.
// Must not know: what shows: it keeps what came, valid or not.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/log/hub_places.h"
#include "engine/log/local_dot.h"
#include "engine/log/references.h"
#include "engine/log/waiting_room.h"
#include "engine/storage/statement.h"
#include "protocol/ids.h"
#include "protocol/log/preamble.h"
#include "protocol/sync/message.h"

namespace vereda::engine {

/// Where a log that forked goes on under another name (engine/log/branches.h).
struct Branch {
    LogOrdinal root;    ///< The log, by its own name.
    LogOrdinal parent;  ///< Root or branch that has the block before the first one.
    std::uint64_t first_block = 0;
    protocol::Seq first_seq;
    auto operator<=>(const Branch&) const = default;
};

/// A log, or a branch of one, as this laptop knows it. Device, turf and incarnation are unknown
/// while it has only been mentioned.
struct LogInfo {
    protocol::LogId log;
    bool described = false;
    protocol::DeviceId device;
    TurfNumber turf;
    protocol::Incarnation incarnation;
    std::optional<Branch> branch;  ///< Absent for a log under its own name.
};

/// The last closed block of a log.
struct BlockHead {
    std::uint64_t block_no = 0;
    protocol::Seq last_seq;
    protocol::BlockHash hash;
    /// A later block of the log has seen at least as much of the roster.
    protocol::RosterPosition roster_position;
};

/// How a stored block read when it was last tried.
enum class BlockState : std::uint8_t {
    open = 0,
    pending = 1,   ///< Does not open: no key yet, or somebody's payload is wrong.
    withheld = 2,  ///< Opened, with empty slots.
    damaged = 3,   ///< Whole once; this disk has spoilt it. Asked for again.
};

/// Entries of one log, the last one included.
struct SeqRange {
    protocol::Seq first;
    protocol::Seq last;
};

struct StoredBlock {
    LogOrdinal log;
    std::uint64_t block_no = 0;
    protocol::Seq first_seq;
    std::uint32_t count = 0;
    BlockState state = BlockState::open;
    protocol::RosterPosition roster_position;
    protocol::BlockHash hash;
    std::optional<protocol::Acceptance> acceptance;  ///< Once the hub has it.
    Bytes bytes;  ///< As received or closed: header, signature, payload.

    [[nodiscard]] SeqRange entries() const { return {first_seq, {first_seq.value + count - 1}}; }
};

/// Where a block stands, found by its hash.
struct BlockPlaceInLog {
    LogOrdinal log;  ///< The log or branch that has it; of a block that is not read, the log.
    std::uint64_t block_no = 0;
    protocol::Seq first_seq;
    std::uint32_t count = 0;
    protocol::RosterPosition roster_position;
    protocol::BlockHash hash;
    bool is_read = true;  ///< False beyond the bound on branches: it proves, and says nothing.

    [[nodiscard]] SeqRange entries() const { return {first_seq, {first_seq.value + count - 1}}; }
};

/// Why an own entry could not be closed into a block.
enum class WhySetAside : std::uint8_t {
    missing = 1,    ///< What it refers to is not here, or was set aside itself.
    too_large = 2,  ///< It is more than a block of its own holds.
};

/// An own entry that could not be closed: its log has a `void` entry in its place.
struct SetAsideEntry {
    LocalDot dot;
    WhySetAside why{};
    Bytes sealed;  ///< In the open form, as it lay among the open ones.
};

struct OpenEntry {
    LocalDot dot;
    bool from_outside = false;  ///< Made from an imported sheet: closed into blocks of their own.
    Bytes sealed;
};

/// log.db: everything that must survive, and nothing readable. Own open entries one by one, closed
/// blocks of all logs, the roster, sealed secrets, the place in each of the hub's streams. Callers
/// group changes in a Transaction on `database()`; what is committed is on disk. Throws
/// StorageFailure; after that, drop it and open the vault again.
class LogStore {
  public:
    /// Of a block: its log, and its number there.
    using Place = std::pair<LogOrdinal, std::uint64_t>;

    enum class OpenError { newer_version };
    /// Brings the schema up to date. Error: `newer_version` for a vault of a later program; it is
    /// left alone.
    [[nodiscard]] static std::expected<LogStore, OpenError> open(Database& database);

    [[nodiscard]] Database& database() { return *database_; }
    /// The small tables in which opening mended a row (engine/log/twins.h).
    [[nodiscard]] const std::vector<std::string>& mended_tables() const { return mended_; }

    // ---- names and numbers
    /// Gives the log a number if it has none.
    [[nodiscard]] LogOrdinal ordinal_of(const protocol::LogId& log);
    /// Gives a number to each log that has none: a block names them and nobody has them. They cost
    /// about what their ids cost on the wire (engine/log/packed_names.h).
    void mention(std::span<const protocol::LogId> logs);
    [[nodiscard]] std::optional<LogOrdinal> find_log(const protocol::LogId& log) const;
    [[nodiscard]] const LogInfo& info(LogOrdinal log) const { return logs_.at(log.value); }
    [[nodiscard]] std::uint32_t log_count() const {
        return static_cast<std::uint32_t>(logs_.size() - 1);
    }
    /// False for a number that no log has, as a rotten row may name it.
    [[nodiscard]] bool has_log(LogOrdinal log) const {
        return log.value >= 1 && log.value <= log_count();
    }
    void describe(LogOrdinal log, const LogInfo& info);
    /// The log that `log` is a branch of, or itself.
    [[nodiscard]] LogOrdinal root_of(LogOrdinal log) const;
    /// The log `root` and all its branches.
    [[nodiscard]] std::vector<LogOrdinal> family_of(LogOrdinal root) const;
    [[nodiscard]] bool has_forked(LogOrdinal root) const { return branches_.contains(root); }
    /// The number of the first block that lies under this name.
    [[nodiscard]] std::uint64_t first_block(LogOrdinal log) const;
    /// The number of the block that comes next.
    [[nodiscard]] std::uint64_t end_of(LogOrdinal log) const;
    /// The blocks of `from` from `first_block` on, and the branches that left it there, now belong
    /// to the branch `to`, which has none. No open entry may be of `from`, or refer to it.
    void move_tail(LogOrdinal from, std::uint64_t first_block, LogOrdinal to);
    /// The blocks of `log` from `first_block` on are kept and no more read. If that is all of a
    /// branch, it is none any more. No branch may have left it there.
    void stop_reading(LogOrdinal log, std::uint64_t first_block);
    [[nodiscard]] TurfNumber number_of(const protocol::TurfId& turf);
    [[nodiscard]] bool has_turf(TurfNumber number) const { return number.value < turfs_.size(); }
    [[nodiscard]] std::optional<TurfNumber> find_turf(const protocol::TurfId& turf) const;
    [[nodiscard]] const protocol::TurfId& turf(TurfNumber number) const {
        return turfs_.at(number.value);
    }

    /// Another number once blocks came, moved or are known better: what was read of them before may
    /// mean something else.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }

    // ---- blocks, each log's in order
    [[nodiscard]] const std::optional<BlockHead>& head(LogOrdinal log) const;
    void append_block(const StoredBlock& block);
    void set_block_state(LogOrdinal log, std::uint64_t block_no, BlockState state);
    /// The same block with a whole payload in place of one that did not open.
    void replace_block(LogOrdinal log, std::uint64_t block_no, ByteView bytes, BlockState state);
    void set_acceptance(
        LogOrdinal log, std::uint64_t block_no, const protocol::Acceptance& acceptance);
    /// A block that shows at its acceptance and no longer at its author's time, until a snapshot
    /// has that.
    void note_restamped(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] std::vector<Place> restamped();
    void forget_restamped();
    /// Its place in the hub's stream, which a new epoch of the hub may move; the time stays.
    void set_stream_seq(LogOrdinal log, std::uint64_t block_no, std::uint64_t stream_seq);
    [[nodiscard]] std::optional<StoredBlock> block(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] std::optional<StoredBlock> block_holding(LocalDot dot);
    /// What the row of a block says, without its bytes.
    struct BlockRow {
        std::uint64_t block_no = 0;
        protocol::Seq first_seq;
        std::uint64_t count = 0;
    };
    /// Of `log`, from this block on.
    [[nodiscard]] std::vector<BlockRow> block_rows(LogOrdinal log, std::uint64_t first_block);
    /// Writes the columns of a block's row that follow from its bytes.
    void mend_row(const StoredBlock& block);
    /// The blocks of `log` from this one on are gone.
    void cut_log(LogOrdinal log, std::uint64_t first_block);
    /// Every place in which a row of a block stands, in order. Rot may name a log that there is
    /// not.
    [[nodiscard]] std::vector<Place> block_places();
    /// True when a block stands under a number that no described log has. Reads a row of each log.
    [[nodiscard]] bool has_block_without_log();
    /// Removes a row that is no block of `log`. What the hub said of the block that belongs there
    /// stays.
    void drop_row(LogOrdinal log, std::uint64_t block_no);
    /// Own blocks lie here twice until the hub has acknowledged them.
    void keep_copy(LogOrdinal log, std::uint64_t block_no, ByteView bytes);
    [[nodiscard]] std::optional<Bytes> copy_of(LogOrdinal log, std::uint64_t block_no);
    void drop_copy(LogOrdinal log, std::uint64_t block_no);
    /// The places of copies where no block stands. Rot may name a log that there is not.
    [[nodiscard]] std::vector<Place> copies_without_block();
    /// How many blocks of `log` the hub has or had: as `pushed` says, and `acceptances` of blocks
    /// before `end`.
    [[nodiscard]] std::uint64_t acknowledged_blocks(LogOrdinal log, std::uint64_t end);
    /// The first number from `from` on of which `acceptances` has no row.
    [[nodiscard]] std::uint64_t accepted_end(LogOrdinal log, std::uint64_t from);
    /// A row of `acceptances` that is not its block's, and a block that lacks such a row and has
    /// that place in the stream.
    struct MovedAcceptance {
        Place from;
        Place to;
    };
    [[nodiscard]] std::vector<MovedAcceptance> moved_acceptances();
    void put_acceptance_back(const MovedAcceptance& moved);
    /// Forgets all signs that the log was longer than it is now.
    void forget_acknowledged(LogOrdinal log);
    /// Puts a block back that was missing.
    void put_block(const StoredBlock& block);
    /// The first block of which a copy is kept: what the hub has is before it.
    [[nodiscard]] std::optional<std::uint64_t> first_copy(LogOrdinal log);
    /// All blocks whose hash begins so, of whatever log or branch; normally none or one.
    [[nodiscard]] std::vector<BlockPlaceInLog> blocks_beginning_with(
        const protocol::BlockHashStart& start);
    /// Where the block of that very hash stands.
    [[nodiscard]] std::optional<BlockPlaceInLog> find_block(const protocol::BlockHash& hash);
    /// Every block of `log` that holds an entry after `read`, in order. `visit` returns false to
    /// stop.
    void visit_blocks(
        LogOrdinal log, protocol::Seq read, const std::function<bool(const StoredBlock&)>& visit);
    [[nodiscard]] std::vector<Place> blocks_in_state(BlockState state);

    // ---- blocks that have no place in their log yet, or never will
    [[nodiscard]] WaitingRoom& waiting_room() { return waiting_room_; }
    [[nodiscard]] std::int64_t waiting_count() const { return waiting_room_.count(); }
    /// Asks the hub for a stored block again, if its place in the hub's stream is known.
    void want_again(LogOrdinal log, std::uint64_t block_no);
    /// A block of `root` beyond the bound on branches.
    void keep_unread(const BlockPlaceInLog& place, ByteView bytes);
    [[nodiscard]] std::int64_t unread_count();
    /// A signed block that contradicts the one before it: evidence, never read.
    void keep_misfit(
        const protocol::BlockHash& hash, LogOrdinal log, std::uint64_t block_no, ByteView bytes);
    [[nodiscard]] std::vector<LogOrdinal> misfits();  ///< The log of each.

    // ---- own entries not closed yet
    void insert_open(LocalDot dot, bool from_outside, ByteView sealed);
    [[nodiscard]] std::vector<OpenEntry> open_entries(LogOrdinal log);
    [[nodiscard]] std::optional<Bytes> open_entry(LocalDot dot);
    void replace_open(LocalDot dot, ByteView sealed);
    /// Of whatever log, in the order of their dots.
    [[nodiscard]] std::vector<OpenEntry> all_open_entries();
    void delete_open(LogOrdinal log, protocol::Seq first, protocol::Seq last);
    [[nodiscard]] std::int64_t open_count();
    /// Keeps what cannot be closed, for its owner.
    void set_aside(LocalDot dot, WhySetAside why, ByteView sealed);
    [[nodiscard]] std::vector<SetAsideEntry> set_aside_entries();

    // ---- the hub
    [[nodiscard]] HubPlaces& hub_places() { return hub_places_; }
    void set_pushed(LogOrdinal log, std::uint64_t next_block_no);
    /// Number of the first block the hub may not have.
    [[nodiscard]] std::uint64_t pushed(LogOrdinal log);
    void set_cursor(
        TurfNumber turf, const protocol::PullCursor& cursor, const protocol::SignedHead& head);
    void forget_cursor(TurfNumber turf);
    void forget_cursors();
    [[nodiscard]] std::optional<protocol::PullCursor> cursor(TurfNumber turf);
    [[nodiscard]] std::optional<protocol::SignedHead> stream_head(TurfNumber turf);

    // ---- roster, secrets, odds and ends (bytes that are opaque or sealed)
    void append_roster(std::uint64_t position, ByteView sealed);
    [[nodiscard]] std::vector<Bytes> sealed_roster();
    void cut_roster(std::uint64_t first_position);
    /// The entries that a vault made before they were sealed has in clear, taken out of it.
    [[nodiscard]] std::vector<Bytes> take_clear_roster();
    /// What this laptop's owner has been told of a retraction (engine/queries/hidden_work.h).
    struct HiddenTold {
        LocalDot retraction;     ///< The latest of others'; none.
        std::uint64_t work = 0;  ///< What others wrote: another number once it is something else.
    };
    /// `record` is a contact or an interaction.
    void note_hidden_told(LocalDot record, const HiddenTold& told);
    [[nodiscard]] std::optional<HiddenTold> hidden_told(LocalDot record);

    void put_secret(const std::string& name, ByteView sealed);
    [[nodiscard]] std::optional<Bytes> secret(const std::string& name);
    [[nodiscard]] std::map<std::string, Bytes> secrets();
    void forget_secret(const std::string& name);
    void put_meta(const std::string& name, ByteView value);
    void forget_meta(const std::string& name);
    [[nodiscard]] std::optional<Bytes> meta(const std::string& name);

  private:
    explicit LogStore(Database& database);
    void load_directory();
    void load_mentioned();
    void load_logs();
    [[nodiscard]] LogOrdinal next_ordinal() const {
        return {static_cast<std::uint32_t>(logs_.size())};
    }
    void put_log(LogOrdinal ordinal, LogInfo info);
    void load_heads();
    void load_head(LogOrdinal log);
    void insert_row(const StoredBlock& block);
    void forget_branch(LogOrdinal branch);
    void forget_copies(LogOrdinal log, std::uint64_t before_block);

    Database* database_;
    std::vector<std::string> mended_;
    WaitingRoom waiting_room_;
    HubPlaces hub_places_;
    std::uint64_t revision_ = 1;
    std::vector<LogInfo> logs_;                             // by ordinal; 0 is none
    std::map<LogOrdinal, std::optional<BlockHead>> heads_;  // of logs that have blocks
    std::map<protocol::LogId, LogOrdinal> ordinals_;
    std::map<LogOrdinal, std::vector<LogOrdinal>> branches_;  // by root
    std::vector<protocol::TurfId> turfs_;                     // by number
    Statement insert_log_;
    Statement describe_log_;
    Statement insert_block_;
    Statement insert_open_;
    Statement block_holding_;
    Statement blocks_after_;
    Statement blocks_beginning_with_;
    Statement unread_beginning_with_;
};

}  // namespace vereda::engine
