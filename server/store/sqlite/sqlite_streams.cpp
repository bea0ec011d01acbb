#include "server/store/sqlite/sqlite_streams.h"

namespace vereda::server {
using engine::Row;
using engine::Rows;
using protocol::ChainHash;

SqliteStreams::SqliteStreams(engine::Database& database, SqliteMemory& memory)
    : database_(database),
      memory_(memory),
      find_(database, "SELECT no, first_chain FROM streams WHERE workspace = ?1 AND turf = ?2"),
      end_(database, "SELECT seq, chain FROM blocks WHERE stream = ?1 ORDER BY seq DESC LIMIT 1"),
      add_(database, "INSERT INTO streams (workspace, turf, first_chain) VALUES (?1, ?2, ?3)"),
      first_chain_(database, "SELECT first_chain FROM streams WHERE no = ?1"),
      chain_at_(database, "SELECT chain FROM blocks WHERE stream = ?1 AND seq = ?2"),
      blocks_after_(
          database,
          "SELECT block, seq, accepted_ms, chain, evidence, size FROM blocks"
          " WHERE stream = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq"),
      put_block_(
          database,
          "INSERT INTO blocks"
          " (stream, seq, log, block_no, evidence, size, accepted_ms, chain, block)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      put_place_(database, sqlite_put_place) {}

std::optional<StreamEnd> SqliteStreams::find(WorkspaceNo workspace, const protocol::TurfId& turf) {
    const auto known = memory_.streams.find({workspace, turf});
    if (known != memory_.streams.end()) return memory_.ends.at(known->second);
    Rows rows = find_.query(workspace, turf);
    if (!rows.next()) return std::nullopt;
    StreamEnd end{{rows.integer(0)}, 0, rows.id<ChainHash>(1)};
    Rows last = end_.query(end.no);
    if (last.next()) {
        end.seq = static_cast<std::uint64_t>(last.integer(0));
        end.chain = last.id<ChainHash>(1);
    }
    memory_.streams[{workspace, turf}] = end.no;
    memory_.ends[end.no] = end;
    return end;
}

StreamNo SqliteStreams::add(
    WorkspaceNo workspace, const protocol::TurfId& turf, const ChainHash& first) {
    add_.run(workspace, turf, first);
    const StreamNo no{database_.last_insert_rowid()};
    memory_.streams[{workspace, turf}] = no;
    memory_.ends[no] = {no, 0, first};
    return no;
}

void SqliteStreams::put(const NewBlock& block) {
    put_block_.run(
        block.stream, block.leaf.stream_seq, block.log, block.block_no,
        static_cast<int>(block.evidence), block.block.size(), block.leaf.accepted, block.chain,
        block.block);
    put_place_.run(
        block.log, block.block_no, block.hash, block.last_seq, static_cast<int>(block.evidence),
        block.leaf.stream_seq, block.leaf.accepted, block.block.size());
    const auto known = memory_.ends.find(block.stream);
    if (known != memory_.ends.end()) {
        known->second = {block.stream, block.leaf.stream_seq, block.chain};
    }
    memory_.count_block(block.workspace, block.author);
    ++memory_.leaves;
}

std::optional<ChainHash> SqliteStreams::chain_at(StreamNo stream, std::uint64_t seq) {
    Rows rows = seq == 0 ? first_chain_.query(stream) : chain_at_.query(stream, seq);
    if (!rows.next()) return std::nullopt;
    return rows.id<ChainHash>(0);
}

namespace {

/// A row of block, seq, accepted_ms, chain, evidence.
StoredBlock block_of(const Row& row) {
    const ByteView block = row.blob(0);
    return {
        .block = Bytes(block.begin(), block.end()),
        .leaf = {static_cast<std::uint64_t>(row.integer(1)), {row.integer(2)}},
        .chain = row.id<ChainHash>(3),
        .evidence = row.integer(4) != 0};
}

}  // namespace

std::vector<StoredBlock> SqliteStreams::blocks_after(
    StreamNo stream, std::uint64_t seq, std::uint64_t before, std::size_t bytes_max,
    std::size_t overhead, bool at_least_one) {
    std::vector<StoredBlock> blocks;
    std::size_t bytes = 0;
    for (const Row& row : blocks_after_.query(stream, seq, before)) {
        bytes += static_cast<std::size_t>(row.integer(5)) + overhead;
        if (bytes > bytes_max && !(blocks.empty() && at_least_one)) break;
        blocks.push_back(block_of(row));
    }
    return blocks;
}

}  // namespace vereda::server
