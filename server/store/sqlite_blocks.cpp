#include "server/store/sqlite_statements.h"

namespace vereda::server {
using engine::Row;
using engine::Rows;

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

std::vector<LogUse> SqliteStore::logs_of(WorkspaceNo workspace, const protocol::DeviceId& device) {
    std::vector<LogUse> logs;
    for (const Row& row : sql_->logs_of.query(workspace, device)) {
        logs.push_back(
            {.no = {row.integer(0)},
             .log = row.id<protocol::LogId>(1),
             .bytes = static_cast<std::uint64_t>(row.integer(2)),
             .evidence_bytes = static_cast<std::uint64_t>(row.integer(3))});
    }
    return logs;
}

std::uint64_t SqliteStore::bytes_since(LogNo log, protocol::Millis since) {
    return static_cast<std::uint64_t>(sql_->bytes_since.query_integer(log, since).value_or(0));
}

std::optional<StoredBlock> SqliteStore::tip_of(LogNo log) {
    Rows rows = sql_->tip_of.query(log);
    if (!rows.next()) return std::nullopt;
    return block_of(rows);
}

std::vector<StoredBlock> SqliteStore::blocks_at(LogNo log, std::uint64_t block_no) {
    std::vector<StoredBlock> blocks;
    for (const Row& row : sql_->blocks_at.query(log, block_no)) blocks.push_back(block_of(row));
    return blocks;
}

void SqliteStore::put_block(const NewBlock& block) {
    sql_->put_block.run(
        block.stream, block.leaf.stream_seq, block.log, block.block_no,
        static_cast<int>(block.evidence), block.block.size(), block.leaf.accepted, block.chain,
        block.block);
    ++leaves_;
}

}  // namespace vereda::server
