#pragma once

// Lives here: what a store of a hub can do.
// Begin: here.
// Must not know: any one database: those are in the folders within.

#include <optional>
#include <vector>

#include "protocol/sync/message.h"

/// What a hub keeps, behind an interface of its own: SQLite beside the program, later a database
/// that many hubs share. One thread at a time. Everything here throws engine::StorageFailure when
/// the disk fails.
namespace vereda::server {

/// Numbers that a store gives to long names; they mean nothing outside it.
struct WorkspaceNo {
    std::int64_t value = 0;
    auto operator<=>(const WorkspaceNo&) const = default;
};
struct StreamNo {
    std::int64_t value = 0;
    auto operator<=>(const StreamNo&) const = default;
};
struct LogNo {
    std::int64_t value = 0;
    auto operator<=>(const LogNo&) const = default;
};

/// Where a stream stands: its last leaf.
struct StreamEnd {
    StreamNo no;
    std::uint64_t seq = 0;
    protocol::ChainHash chain;
};

/// A block as received, with its leaf and the stream's chain after it.
struct StoredBlock {
    Bytes block;
    protocol::Acceptance leaf;
    protocol::ChainHash chain;
    bool evidence = false;  ///< On a branch that lost: served, but never the log's tip.
};

struct NewBlock {
    StreamNo stream;
    LogNo log;
    std::uint64_t block_no = 0;
    bool evidence = false;
    protocol::Acceptance leaf;
    protocol::ChainHash chain;
    protocol::BlockHash hash;
    protocol::Seq last_seq;
    ByteView block;
};

/// Where a stored block stands in its log: all that judging another one needs, without its bytes.
struct Place {
    std::uint64_t block_no = 0;
    protocol::BlockHash hash;
    protocol::Seq last_seq;
    protocol::Acceptance leaf;
};

struct StoredLog {
    LogNo no;
    protocol::LogId log;
};

/// What a block took of its author's quota.
struct TakenBlock {
    protocol::Millis accepted;
    std::uint64_t size = 0;
    bool evidence = false;
};

struct StoredEntry {
    Bytes entry;
    protocol::Acceptance leaf;
    protocol::ChainHash chain;
};

/// An invite's share, and the device that it was released to.
struct StoredShare {
    protocol::InviteShare share;
    std::optional<protocol::DeviceId> released_to;
};

using TokenHash = ByteArray<32>;

class Store {
  public:
    virtual ~Store() = default;

    /// Writing happens between `begin` and `commit`: all of it durable when `commit` returns, or
    /// none of it.
    virtual void begin() = 0;
    virtual void commit() = 0;
    /// Undoes what was written since `begin`; nothing to undo is no error.
    virtual void rollback() noexcept = 0;
    /// Work that a store puts off until the answers of a transaction have gone out. Not within
    /// `begin` and `commit`.
    virtual void tidy() = 0;

    /// Grows when the data was restored from a copy: streams then carry other chains.
    [[nodiscard]] virtual std::uint64_t hub_epoch() const = 0;
    /// Begins epoch `epoch`, a later one: every stream's chain is computed again over the leaves
    /// that are there. Durable; not within `begin` and `commit`.
    virtual void begin_epoch(std::uint64_t epoch) = 0;

    /// When the present epoch was first served; nothing until `note_epoch_began`, and in epoch 1.
    [[nodiscard]] virtual std::optional<protocol::Millis> epoch_began() = 0;
    /// Within `begin` and `commit`.
    virtual void note_epoch_began(protocol::Millis now) = 0;
    /// The newest leaf that was left when an epoch after the first began, the earliest of all such
    /// times: what the restored hub lacks came later than this. Nothing where that is not known.
    [[nodiscard]] virtual std::optional<protocol::Millis> lost_since() = 0;

    [[nodiscard]] virtual std::optional<WorkspaceNo> find_workspace(
        const protocol::WorkspaceId& workspace) = 0;
    [[nodiscard]] virtual std::vector<protocol::WorkspaceId> workspaces() = 0;
    /// Binds the token's hash to it for good.
    virtual WorkspaceNo add_workspace(
        const protocol::WorkspaceId& workspace, const TokenHash& token) = 0;
    [[nodiscard]] virtual std::optional<protocol::WorkspaceId> workspace_of_token(
        const TokenHash& token) = 0;
    /// The last hub epoch in which a coordinator has read this workspace's roster to its end, or
    /// in which it was founded: in an earlier one the roster may lack what a backup lacked.
    [[nodiscard]] virtual std::uint64_t roster_confirmed_in(WorkspaceNo workspace) = 0;
    /// Says so of the present epoch.
    virtual void confirm_roster(WorkspaceNo workspace) = 0;

    [[nodiscard]] virtual std::optional<StreamEnd> find_stream(
        WorkspaceNo workspace, const protocol::TurfId& turf) = 0;
    /// A stream without leaves, whose chain begins with `first`.
    virtual StreamNo add_stream(
        WorkspaceNo workspace, const protocol::TurfId& turf, const protocol::ChainHash& first) = 0;
    /// The chain after leaf `seq`; nothing when the stream is shorter.
    [[nodiscard]] virtual std::optional<protocol::ChainHash> chain_at(
        StreamNo stream, std::uint64_t seq) = 0;
    /// The blocks after leaf `seq` and before leaf `before` in order, while their bytes with
    /// `overhead` each fit in `bytes_max`; at least one, if there is any, when `at_least_one`.
    [[nodiscard]] virtual std::vector<StoredBlock> blocks_after(
        StreamNo stream, std::uint64_t seq, std::uint64_t before, std::size_t bytes_max,
        std::size_t overhead, bool at_least_one) = 0;

    virtual LogNo add_log(
        WorkspaceNo workspace, const protocol::LogId& log, const protocol::DeviceId& device) = 0;
    [[nodiscard]] virtual std::vector<StoredLog> logs_of(
        WorkspaceNo workspace, const protocol::DeviceId& device) = 0;
    /// Blocks of the log that were taken in at `since` or later, in no order.
    [[nodiscard]] virtual std::vector<TakenBlock> taken_since(
        LogNo log, protocol::Millis since) = 0;
    /// The newest block that is not evidence.
    [[nodiscard]] virtual std::optional<Place> tip_of(LogNo log) = 0;
    /// One block, if it is there. Costs the same however many others claim its place.
    [[nodiscard]] virtual std::optional<Place> find_place(
        LogNo log, std::uint64_t block_no, const protocol::BlockHash& hash) = 0;
    virtual void put_block(const NewBlock& block) = 0;

    virtual void put_entry(
        WorkspaceNo workspace, protocol::RosterPosition position, ByteView entry,
        const protocol::Acceptance& leaf, const protocol::ChainHash& chain) = 0;
    /// The entries from a position on, while they fit in `bytes_max`; at least one, if there is
    /// any.
    [[nodiscard]] virtual std::vector<StoredEntry> entries_from(
        WorkspaceNo workspace, protocol::RosterPosition from, std::size_t bytes_max) = 0;

    /// The wraps below one roster entry, in the order of their leaves.
    virtual void put_wraps(
        WorkspaceNo workspace, protocol::RosterPosition position,
        const std::vector<protocol::SealedWrap>& wraps) = 0;
    [[nodiscard]] virtual std::vector<protocol::SealedWrap> wraps_at(
        WorkspaceNo workspace, protocol::RosterPosition position) = 0;
    /// The positions of entries with wraps for `recipient`, ascending.
    [[nodiscard]] virtual std::vector<protocol::RosterPosition> wrapped_for(
        WorkspaceNo workspace, const crypto::BoxPublicKey& recipient) = 0;

    virtual void put_share(
        WorkspaceNo workspace, protocol::RosterPosition invite,
        const protocol::InviteShare& share) = 0;
    [[nodiscard]] virtual std::optional<StoredShare> share_of(
        WorkspaceNo workspace, protocol::RosterPosition invite) = 0;
    virtual void release_share(
        WorkspaceNo workspace, protocol::RosterPosition invite,
        const protocol::DeviceId& device) = 0;
};

}  // namespace vereda::server
