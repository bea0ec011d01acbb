#include "engine/log/log_rows.h"

namespace vereda::engine {
namespace {

StoredBlock read_block(const Row& row) {
    const std::int64_t id = row.integer(0);
    StoredBlock block;
    block.log = {static_cast<std::uint32_t>(id >> LocalDot::seq_bits)};
    block.block_no =
        static_cast<std::uint64_t>(id) & ((std::uint64_t{1} << LocalDot::seq_bits) - 1);
    block.first_seq = {static_cast<std::uint64_t>(row.integer(1))};
    block.count = static_cast<std::uint32_t>(row.integer(2));
    block.state = static_cast<BlockState>(row.integer(3));
    block.roster_position = {static_cast<std::uint64_t>(row.integer(4))};
    if (!row.is_null(5)) {
        block.acceptance =
            protocol::Acceptance{static_cast<std::uint64_t>(row.integer(5)), {row.integer(6)}};
    }
    block.hash = row.id<protocol::BlockHash>(7);
    const ByteView bytes = row.blob(8);
    block.bytes.assign(bytes.begin(), bytes.end());
    return block;
}

protocol::Seq last_seq(const StoredBlock& block) {
    return {block.first_seq.value + block.count - 1};
}

}  // namespace

const std::optional<BlockHead>& LogStore::head(LogOrdinal log) const {
    return heads_.at(log.value);
}

void LogStore::append_block(const StoredBlock& block) {
    const std::optional<BlockHead>& before = heads_.at(block.log.value);
    const std::optional<Branch>& branch = info(block.log).branch;
    const std::uint64_t first_seq = branch ? branch->first_seq.value : 1;
    const bool follows =
        block.block_no == (before ? before->block_no + 1 : first_block(block.log)) &&
        block.first_seq.value == (before ? before->last_seq.value + 1 : first_seq);
    // Only rows that rotted since they were read can say otherwise.
    if (!follows)
        throw StorageFailure(StorageFault::corrupt, "a block does not follow on the last one");
    const auto& leaf = block.acceptance;
    insert_block_.run(
        block_id(block.log, block.block_no), block.first_seq, block.count,
        static_cast<int>(block.state), block.roster_position,
        leaf ? std::optional(leaf->stream_seq) : std::nullopt,
        leaf ? std::optional(leaf->accepted) : std::nullopt, block.hash, block.bytes);
    heads_[block.log.value] =
        BlockHead{block.block_no, last_seq(block), block.hash, block.roster_position};
}

void LogStore::set_block_state(LogOrdinal log, std::uint64_t block_no, BlockState state) {
    Statement(*database_, "UPDATE blocks SET state = ?2 WHERE id = ?1")
        .run(block_id(log, block_no), static_cast<int>(state));
}

void LogStore::replace_block(
    LogOrdinal log, std::uint64_t block_no, ByteView bytes, BlockState state) {
    Statement(*database_, "UPDATE blocks SET bytes = ?2, state = ?3 WHERE id = ?1")
        .run(block_id(log, block_no), bytes, static_cast<int>(state));
}

void LogStore::set_acceptance(
    LogOrdinal log, std::uint64_t block_no, const protocol::Acceptance& acceptance) {
    Statement(*database_, "UPDATE blocks SET stream_seq = ?2, accepted = ?3 WHERE id = ?1")
        .run(block_id(log, block_no), acceptance.stream_seq, acceptance.accepted);
    Statement(*database_, "DELETE FROM copies WHERE id = ?1").run(block_id(log, block_no));
}

std::optional<StoredBlock> LogStore::block(LogOrdinal log, std::uint64_t block_no) {
    Statement select(
        *database_, std::string("SELECT ") + block_columns + " FROM blocks WHERE id = ?1");
    Rows rows = select.query(block_id(log, block_no));
    return rows.next() ? std::optional(read_block(rows)) : std::nullopt;
}

std::optional<StoredBlock> LogStore::block_holding(LocalDot dot) {
    Rows rows = block_holding_.query(
        block_id(dot.log(), 0), block_id({dot.log().value + 1}, 0) - 1, dot.seq());
    if (!rows.next()) return std::nullopt;
    StoredBlock block = read_block(rows);
    return last_seq(block) >= dot.seq() ? std::optional(std::move(block)) : std::nullopt;
}

void LogStore::visit_blocks(
    LogOrdinal log, protocol::Seq read, const std::function<bool(const StoredBlock&)>& visit) {
    Rows rows =
        blocks_after_.query(block_id(log, 0), block_id({log.value + 1}, 0) - 1, read.value + 1);
    while (rows.next()) {
        if (!visit(read_block(rows))) return;
    }
}

std::vector<std::pair<LogOrdinal, std::uint64_t>> LogStore::blocks_in_state(BlockState state) {
    std::vector<std::pair<LogOrdinal, std::uint64_t>> found;
    Statement select(*database_, "SELECT id FROM blocks WHERE state = ?1 AND state > 0");
    for (const Row& row : select.query(static_cast<int>(state))) {
        const LocalDot packed{row.integer(0)};  // a block's id is laid out as a dot
        found.emplace_back(packed.log(), packed.seq().value);
    }
    return found;
}

void LogStore::keep_waiting(
    const protocol::BlockHash& hash, const protocol::LogId& log, ByteView served) {
    Statement(
        *database_,
        "INSERT INTO waiting(hash, log, served) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .run(hash, log, served);
}

std::vector<protocol::BlockHash> LogStore::waiting() {
    std::vector<protocol::BlockHash> found;
    Statement select(*database_, "SELECT hash FROM waiting ORDER BY rowid");
    for (const Row& row : select.query()) found.push_back(row.id<protocol::BlockHash>(0));
    return found;
}

Bytes LogStore::take_waiting(const protocol::BlockHash& hash) {
    Statement select(*database_, "SELECT served FROM waiting WHERE hash = ?1");
    auto served = one_blob(select.query(hash));
    if (!served) {
        // Its hash is rotten, and the index knows it by the right one.
        database_->exec("REINDEX waiting");
        served = one_blob(select.query(hash));
    }
    Statement(*database_, "DELETE FROM waiting WHERE hash = ?1").run(hash);
    return served ? std::move(*served) : Bytes{};
}

std::int64_t LogStore::waiting_count() {
    return Statement(*database_, "SELECT count(*) FROM waiting").query_integer().value_or(0);
}

void LogStore::keep_misfit(
    const protocol::BlockHash& hash, LogOrdinal log, std::uint64_t block_no, ByteView bytes) {
    Statement(
        *database_,
        "INSERT INTO misfits(hash, log, block_no, bytes) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT DO NOTHING")
        .run(hash, log, block_no, bytes);
}

std::vector<LogOrdinal> LogStore::misfits() {
    std::vector<LogOrdinal> found;
    Statement select(*database_, "SELECT log FROM misfits ORDER BY log, block_no, hash");
    for (const Row& row : select.query())
        found.push_back({static_cast<std::uint32_t>(row.integer(0))});
    return found;
}

void LogStore::note_guess(const protocol::BlockHashStart& block) {
    Statement(*database_, "INSERT INTO guessed(hash_start) VALUES (?1) ON CONFLICT DO NOTHING")
        .run(ByteView(block));
}

bool LogStore::take_guess(const protocol::BlockHash& block) {
    const ByteView start(block.bytes.data(), protocol::BlockHashStart().size());
    Statement(*database_, "DELETE FROM guessed WHERE hash_start = ?1").run(start);
    return database_->changes() != 0;
}

}  // namespace vereda::engine
