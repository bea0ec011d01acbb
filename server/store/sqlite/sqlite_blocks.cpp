#include "engine/storage/storage_failure.h"
#include "protocol/log/block.h"
#include "server/store/sqlite/sqlite_statements.h"

namespace vereda::server {
using engine::Row;
using engine::Rows;
using engine::Statement;
using engine::StorageFailure;
using engine::StorageFault;

namespace {

/// A row of block, seq, accepted_ms, chain, evidence.
StoredBlock block_of(const Row& row) {
    const ByteView block = row.blob(0);
    return {
        .block = Bytes(block.begin(), block.end()),
        .leaf = {static_cast<std::uint64_t>(row.integer(1)), {row.integer(2)}},
        .chain = row.id<protocol::ChainHash>(3),
        .evidence = row.integer(4) != 0};
}

}  // namespace

std::vector<StoredBlock> SqliteStore::blocks_after(
    StreamNo stream, std::uint64_t seq, std::uint64_t before, std::size_t bytes_max,
    std::size_t overhead, bool at_least_one) {
    std::vector<StoredBlock> blocks;
    std::size_t bytes = 0;
    for (const Row& row : sql_->blocks_after.query(stream, seq, before)) {
        bytes += static_cast<std::size_t>(row.integer(5)) + overhead;
        if (bytes > bytes_max && !(blocks.empty() && at_least_one)) break;
        blocks.push_back(block_of(row));
    }
    return blocks;
}

LogNo SqliteStore::add_log(
    WorkspaceNo workspace, const protocol::LogId& log, const protocol::DeviceId& device) {
    sql_->add_log.run(workspace, log, device);
    return {database_.last_insert_rowid()};
}

std::vector<StoredLog> SqliteStore::logs_of(
    WorkspaceNo workspace, const protocol::DeviceId& device) {
    std::vector<StoredLog> logs;
    for (const Row& row : sql_->logs_of.query(workspace, device)) {
        logs.push_back({.no = {row.integer(0)}, .log = row.id<protocol::LogId>(1)});
    }
    return logs;
}

namespace {

/// A row of block_no, hash, last_seq, seq, accepted_ms.
Place place_of(const Row& row) {
    return {
        .block_no = static_cast<std::uint64_t>(row.integer(0)),
        .hash = row.id<protocol::BlockHash>(1),
        .last_seq = {static_cast<std::uint64_t>(row.integer(2))},
        .leaf = {static_cast<std::uint64_t>(row.integer(3)), {row.integer(4)}}};
}

}  // namespace

/// The main branch is walked back from its end, because it was taken in in order; the others have
/// an index of their own.
std::vector<TakenBlock> SqliteStore::taken_since(LogNo log, protocol::Millis since) {
    std::vector<TakenBlock> taken;
    for (const Row& row : sql_->newest_places.query(log)) {
        if (row.integer(4) < since.value) break;
        taken.push_back({{row.integer(4)}, static_cast<std::uint64_t>(row.integer(5)), false});
    }
    for (const Row& row : sql_->branches_since.query(log, since)) {
        taken.push_back({{row.integer(0)}, static_cast<std::uint64_t>(row.integer(1)), true});
    }
    return taken;
}

std::optional<Place> SqliteStore::tip_of(LogNo log) {
    Rows rows = sql_->newest_places.query(log);
    if (!rows.next()) return std::nullopt;
    return place_of(rows);
}

std::optional<Place> SqliteStore::find_place(
    LogNo log, std::uint64_t block_no, const protocol::BlockHash& hash) {
    Rows rows = sql_->find_place.query(log, block_no, hash);
    if (!rows.next()) return std::nullopt;
    return place_of(rows);
}

void SqliteStore::put_block(const NewBlock& block) {
    sql_->put_block.run(
        block.stream, block.leaf.stream_seq, block.log, block.block_no,
        static_cast<int>(block.evidence), block.block.size(), block.leaf.accepted, block.chain,
        block.block);
    sql_->put_place.run(
        block.log, block.block_no, block.hash, block.last_seq, static_cast<int>(block.evidence),
        block.leaf.stream_seq, block.leaf.accepted, block.block.size());
    ++leaves_;
}

/// A store of before has blocks without places. Once, in one transaction.
void SqliteStore::place_blocks_of_before() {
    if (Statement(database_, "SELECT placed FROM hub").query_integer().value_or(0) != 0) return;
    engine::Transaction transaction(database_);
    Statement blocks(
        database_,
        "SELECT blocks.log, block_no, evidence, seq, accepted_ms, size, block,"
        " workspaces.workspace FROM blocks JOIN logs ON logs.no = blocks.log"
        " JOIN workspaces ON workspaces.no = logs.workspace ORDER BY blocks.id");
    for (const Row& row : blocks.query()) {
        const auto block = protocol::parse_block(row.id<protocol::WorkspaceId>(7), row.blob(6));
        if (!block) throw StorageFailure(StorageFault::corrupt, "a stored block");
        sql_->put_place.run(
            row.integer(0), row.integer(1), block->hash, block->core.last_seq(), row.integer(2),
            row.integer(3), row.integer(4), row.integer(5));
    }
    Statement(database_, "UPDATE hub SET placed = 1").run();
    transaction.commit();
}

}  // namespace vereda::server
