#include "server/store/sqlite/sqlite_epoch.h"

#include "engine/storage/statement.h"
#include "engine/storage/transaction.h"
#include "protocol/roster/roster_entry.h"
#include "protocol/sync/leaf.h"
#include "server/store/numbers.h"
#include "server/store/sqlite/sqlite_streams.h"

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

void rechain(engine::Database& database, std::uint64_t epoch) { Rechaining(database, epoch).run(); }

void place_blocks_of_before(engine::Database& database) {
    if (Statement(database, "SELECT placed FROM hub").query_integer().value_or(0) != 0) return;
    engine::Transaction transaction(database);
    Statement put_place(database, sqlite_put_place);
    Statement blocks(
        database,
        "SELECT blocks.log, block_no, evidence, seq, accepted_ms, size, block,"
        " workspaces.workspace FROM blocks JOIN logs ON logs.no = blocks.log"
        " JOIN workspaces ON workspaces.no = logs.workspace ORDER BY blocks.id");
    for (const Row& row : blocks.query()) {
        const auto block = protocol::parse_block(row.id<WorkspaceId>(7), row.blob(6));
        if (!block) throw StorageFailure(StorageFault::corrupt, "a stored block");
        put_place.run(
            row.integer(0), row.integer(1), block->hash, block->core.last_seq(), row.integer(2),
            row.integer(3), row.integer(4), row.integer(5));
    }
    Statement(database, "UPDATE hub SET placed = 1").run();
    transaction.commit();
}

}  // namespace vereda::server
