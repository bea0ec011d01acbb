#pragma once

// Lives here: the store on SQLite.
// Begin: here, then `sqlite_schema.h`.
// Must not know: requests and their judging.

#include <expected>
#include <functional>
#include <memory>

#include "engine/storage/database.h"
#include "engine/storage/transaction.h"
#include "server/store/sqlite/sqlite_logs.h"
#include "server/store/sqlite/sqlite_memory.h"
#include "server/store/sqlite/sqlite_rosters.h"
#include "server/store/sqlite/sqlite_streams.h"
#include "server/store/sqlite/sqlite_workspaces.h"
#include "server/store/store.h"

namespace vereda::server {

enum class OpenStoreError { newer_database };

/// The store in one SQLite file, beside the program: WAL, synchronous FULL, one durable commit per
/// group.
///
///     blocks    one row per block in order of acceptance, so that the file only grows at its end;
///               the block as received. by_stream (stream, seq): pulls
///     places    (log, block_no, hash): tips, siblings, quotas. A push is judged by it alone;
///               a block's bytes are read when they are served
///
/// Ids of turfs, logs and devices stand in clear, as they do in every block's header; there is
/// nothing else to read. A group that writes locks the whole file: alone, it waits for nobody, and
/// most of what `begin` answers is remembered.
class SqliteStore final : public Store {
  public:
    /// Opens or makes the database. Error: `newer_database`.
    [[nodiscard]] static std::expected<std::unique_ptr<SqliteStore>, OpenStoreError> open(
        const engine::DatabaseOptions& options);

    /// Objects ever taken in, all of them durable: what a guard file compares.
    [[nodiscard]] std::uint64_t leaves() const { return committed_leaves_; }
    /// Called after every commit of a group that wrote, with `leaves()`.
    void on_commit(std::function<void(std::uint64_t)> listener) { listener_ = std::move(listener); }
    /// Called after every beginning of an epoch here.
    void on_epoch(std::function<void()> listener) { workspaces_.on_epoch(std::move(listener)); }
    /// Empties the write-ahead log into the database.
    void checkpoint() { database_.checkpoint(); }

    [[nodiscard]] Standing begin(const Footprint& footprint) override;
    void commit() override;
    void rollback() noexcept override;
    void tidy() override { database_.checkpoint_if_due(); }
    [[nodiscard]] bool is_shared() const override { return shared_; }

    [[nodiscard]] Workspaces& workspaces() override { return workspaces_; }
    [[nodiscard]] Streams& streams() override { return streams_; }
    [[nodiscard]] Logs& logs() override { return logs_; }
    [[nodiscard]] Rosters& rosters() override { return rosters_; }

  private:
    SqliteStore(engine::Database database, bool shared);
    void note_others();

    engine::Database database_;
    const bool shared_;
    SqliteMemory memory_;
    SqliteWorkspaces workspaces_;
    SqliteStreams streams_;
    SqliteLogs logs_;
    SqliteRosters rosters_;
    std::optional<engine::Transaction> open_;
    bool writes_ = false;  ///< The open one.
    std::function<void(std::uint64_t)> listener_;
    std::uint64_t committed_leaves_ = 0;
    std::int64_t seen_ = 0;  ///< The database's version, of others' commits.
};

}  // namespace vereda::server
