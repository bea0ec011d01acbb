#include "protocol/roster/roster_entry.h"
#include "protocol/sync/leaf.h"
#include "server/store/sqlite/sqlite_statements.h"

/// A new hub epoch: the leaves stay, every chain over them begins again.
namespace vereda::server {
namespace {

using engine::Row;
using engine::Statement;
using engine::StorageFailure;
using engine::StorageFault;
using protocol::Acceptance;
using protocol::ChainHash;
using protocol::TurfId;
using protocol::WorkspaceId;

class Rechaining {
  public:
    Rechaining(engine::Database& database, std::uint64_t epoch)
        : database_(database), epoch_(epoch) {}

    void run() {
        Statement workspaces(database_, "SELECT no, workspace FROM workspaces");
        for (const Row& row : workspaces.query()) {
            rechain_roster({row.integer(0)}, row.id<WorkspaceId>(1));
        }
        Statement streams(
            database_,
            "SELECT streams.no, turf, workspaces.workspace FROM streams"
            " JOIN workspaces ON workspaces.no = streams.workspace");
        for (const Row& row : streams.query()) {
            rechain_stream({row.integer(0)}, row.id<TurfId>(1), row.id<WorkspaceId>(2));
        }
        Statement(database_, "UPDATE hub SET epoch = ?1").run(epoch_);
    }

  private:
    void rechain_roster(WorkspaceNo no, const WorkspaceId& workspace) {
        ChainHash chain = protocol::chain_start(workspace, epoch_, {});
        Statement entries(
            database_,
            "SELECT id, entry, position, accepted_ms FROM roster WHERE workspace = ?1"
            " ORDER BY position");
        Statement update(database_, "UPDATE roster SET chain = ?2 WHERE id = ?1");
        for (const Row& row : entries.query(no)) {
            const auto entry = protocol::parse_roster_entry(row.blob(1));
            if (!entry) throw StorageFailure(StorageFault::corrupt, "a stored roster entry");
            const Acceptance leaf{static_cast<std::uint64_t>(row.integer(2)) + 1, {row.integer(3)}};
            chain = protocol::chain_next(
                chain, encode_leaf(leaf_of(workspace, protocol::hash_of(workspace, *entry)), leaf));
            update.run(row.integer(0), chain);
        }
    }

    void rechain_stream(StreamNo no, const TurfId& turf, const WorkspaceId& workspace) {
        ChainHash chain = protocol::chain_start(workspace, epoch_, turf);
        Statement(database_, "UPDATE streams SET first_chain = ?2 WHERE no = ?1").run(no, chain);
        Statement blocks(
            database_,
            "SELECT id, block, seq, accepted_ms FROM blocks WHERE stream = ?1 ORDER BY seq");
        Statement update(database_, "UPDATE blocks SET chain = ?2 WHERE id = ?1");
        for (const Row& row : blocks.query(no)) {
            const auto block = protocol::parse_block(workspace, row.blob(1));
            if (!block) throw StorageFailure(StorageFault::corrupt, "a stored block");
            const Acceptance leaf{static_cast<std::uint64_t>(row.integer(2)), {row.integer(3)}};
            chain = protocol::chain_next(chain, encode_leaf(leaf_of(workspace, *block), leaf));
            update.run(row.integer(0), chain);
        }
    }

    engine::Database& database_;
    const std::uint64_t epoch_;
};

}  // namespace

void SqliteStore::begin_epoch(std::uint64_t epoch) {
    VEREDA_ASSERT(epoch > epoch_);
    engine::Transaction transaction(database_);
    Rechaining(database_, epoch).run();
    note_loss();
    transaction.commit();
    epoch_ = epoch;
    if (epoch_listener_) epoch_listener_();
}

/// The present epoch has not been served yet; what it lacks came after the newest leaf that is
/// left, or after what an earlier restore had left: that may not be back yet.
void SqliteStore::note_loss() {
    Statement(
        database_,
        "UPDATE hub SET epoch_began_ms = NULL, lost_since_ms = min("
        " coalesce(lost_since_ms, 9223372036854775807), max("
        "  coalesce((SELECT accepted_ms FROM blocks ORDER BY id DESC LIMIT 1), 0),"
        "  coalesce((SELECT accepted_ms FROM roster ORDER BY id DESC LIMIT 1), 0)))")
        .run();
}

std::optional<protocol::Millis> SqliteStore::epoch_began() {
    const auto ms = Statement(database_, "SELECT epoch_began_ms FROM hub").query_integer();
    return ms ? std::optional(protocol::Millis{*ms}) : std::nullopt;
}

void SqliteStore::note_epoch_began(protocol::Millis now) {
    Statement(database_, "UPDATE hub SET epoch_began_ms = ?1").run(now);
}

std::optional<protocol::Millis> SqliteStore::lost_since() {
    const auto ms = Statement(database_, "SELECT lost_since_ms FROM hub").query_integer();
    return ms ? std::optional(protocol::Millis{*ms}) : std::nullopt;
}

}  // namespace vereda::server
