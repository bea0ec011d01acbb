#pragma once

// Lives here: the store on SQLite.
// Begin: here, then `sqlite_schema.h`.
// Must not know: requests and their judging.

#include <expected>
#include <functional>
#include <memory>

#include "engine/storage/database.h"
#include "engine/storage/transaction.h"
#include "server/store/store.h"

namespace vereda::server {

enum class OpenStoreError { newer_database };

/// The store in one SQLite file, beside the program: WAL, synchronous FULL, one durable commit per
/// transaction.
///
///     blocks    one row per block in order of acceptance, so that the file only grows at its end;
///               the block as received. by_stream (stream, seq): pulls
///     places    (log, block_no, hash): tips, siblings, quotas. A push is judged by it alone;
///               a block's bytes are read when they are served
///
/// Ids of turfs, logs and devices stand in clear, as they do in every block's header; there is
/// nothing else to read.
class SqliteStore final : public Store {
  public:
    /// Opens or makes the database. Error: `newer_database`.
    [[nodiscard]] static std::expected<std::unique_ptr<SqliteStore>, OpenStoreError> open(
        const engine::DatabaseOptions& options);
    ~SqliteStore() override;

    /// Objects ever taken in, all of them durable: what a guard file compares.
    [[nodiscard]] std::uint64_t leaves() const { return committed_leaves_; }
    /// Called after every commit with `leaves()`.
    void on_commit(std::function<void(std::uint64_t)> listener) { listener_ = std::move(listener); }
    /// Called after every beginning of an epoch.
    void on_epoch(std::function<void()> listener) { epoch_listener_ = std::move(listener); }
    /// Empties the write-ahead log into the database.
    void checkpoint() { database_.checkpoint(); }

    void begin() override;
    void commit() override;
    void rollback() noexcept override;
    void tidy() override { database_.checkpoint_if_due(); }
    [[nodiscard]] std::uint64_t hub_epoch() const override { return epoch_; }
    void begin_epoch(std::uint64_t epoch) override;
    [[nodiscard]] std::optional<protocol::Millis> epoch_began() override;
    void note_epoch_began(protocol::Millis now) override;
    [[nodiscard]] std::optional<protocol::Millis> lost_since() override;

    [[nodiscard]] std::optional<WorkspaceNo> find_workspace(
        const protocol::WorkspaceId& workspace) override;
    [[nodiscard]] std::vector<protocol::WorkspaceId> workspaces() override;
    WorkspaceNo add_workspace(
        const protocol::WorkspaceId& workspace, const TokenHash& token) override;
    [[nodiscard]] std::optional<protocol::WorkspaceId> workspace_of_token(
        const TokenHash& token) override;
    [[nodiscard]] std::uint64_t roster_confirmed_in(WorkspaceNo workspace) override;
    void confirm_roster(WorkspaceNo workspace) override;

    [[nodiscard]] std::optional<StreamEnd> find_stream(
        WorkspaceNo workspace, const protocol::TurfId& turf) override;
    StreamNo add_stream(
        WorkspaceNo workspace, const protocol::TurfId& turf,
        const protocol::ChainHash& first) override;
    [[nodiscard]] std::optional<protocol::ChainHash> chain_at(
        StreamNo stream, std::uint64_t seq) override;
    [[nodiscard]] std::vector<StoredBlock> blocks_after(
        StreamNo stream, std::uint64_t seq, std::uint64_t before, std::size_t bytes_max,
        std::size_t overhead, bool at_least_one) override;

    LogNo add_log(
        WorkspaceNo workspace, const protocol::LogId& log,
        const protocol::DeviceId& device) override;
    [[nodiscard]] std::vector<StoredLog> logs_of(
        WorkspaceNo workspace, const protocol::DeviceId& device) override;
    [[nodiscard]] std::vector<TakenBlock> taken_since(LogNo log, protocol::Millis since) override;
    [[nodiscard]] std::optional<Place> tip_of(LogNo log) override;
    [[nodiscard]] std::optional<Place> find_place(
        LogNo log, std::uint64_t block_no, const protocol::BlockHash& hash) override;
    void put_block(const NewBlock& block) override;

    void put_entry(
        WorkspaceNo workspace, protocol::RosterPosition position, ByteView entry,
        const protocol::Acceptance& leaf, const protocol::ChainHash& chain) override;
    [[nodiscard]] std::vector<StoredEntry> entries_from(
        WorkspaceNo workspace, protocol::RosterPosition from, std::size_t bytes_max) override;
    void put_wraps(
        WorkspaceNo workspace, protocol::RosterPosition position,
        const std::vector<protocol::SealedWrap>& wraps) override;
    [[nodiscard]] std::vector<protocol::SealedWrap> wraps_at(
        WorkspaceNo workspace, protocol::RosterPosition position) override;
    [[nodiscard]] std::vector<protocol::RosterPosition> wrapped_for(
        WorkspaceNo workspace, const crypto::BoxPublicKey& recipient) override;
    void put_share(
        WorkspaceNo workspace, protocol::RosterPosition invite,
        const protocol::InviteShare& share) override;
    [[nodiscard]] std::optional<StoredShare> share_of(
        WorkspaceNo workspace, protocol::RosterPosition invite) override;
    void release_share(
        WorkspaceNo workspace, protocol::RosterPosition invite,
        const protocol::DeviceId& device) override;

  private:
    explicit SqliteStore(engine::Database database);
    void place_blocks_of_before();
    void note_loss();
    struct Statements;
    engine::Database database_;
    std::unique_ptr<Statements> sql_;
    std::optional<engine::Transaction> open_;
    std::function<void(std::uint64_t)> listener_;
    std::function<void()> epoch_listener_;
    std::uint64_t epoch_ = 1;
    std::uint64_t leaves_ = 0;
    std::uint64_t committed_leaves_ = 0;
};

}  // namespace vereda::server
