#include <algorithm>

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

BlockPlaceInLog read_place(const Row& row, bool is_read) {
    const LocalDot packed{row.integer(0)};  // a block's id is laid out as a dot
    return {
        .log = packed.log(),
        .block_no = packed.seq().value,
        .first_seq = {static_cast<std::uint64_t>(row.integer(1))},
        .count = static_cast<std::uint32_t>(row.integer(2)),
        .roster_position = {static_cast<std::uint64_t>(row.integer(3))},
        .hash = row.id<protocol::BlockHash>(4),
        .is_read = is_read};
}

protocol::Seq last_seq(const StoredBlock& block) {
    return {block.first_seq.value + block.count - 1};
}

}  // namespace

const std::optional<BlockHead>& LogStore::head(LogOrdinal log) const {
    static const std::optional<BlockHead> none;
    const auto found = heads_.find(log);
    return found == heads_.end() ? none : found->second;
}

void LogStore::append_block(const StoredBlock& block) {
    ++revision_;
    const std::optional<BlockHead>& before = head(block.log);
    const std::optional<Branch>& branch = info(block.log).branch;
    const std::uint64_t first_seq = branch ? branch->first_seq.value : 1;
    const bool follows = block.block_no == end_of(block.log) &&
                         block.first_seq.value == (before ? before->last_seq.value + 1 : first_seq);
    // Only rows that rotted since they were read can say otherwise.
    if (!follows)
        throw StorageFailure(StorageFault::corrupt, "a block does not follow on the last one");
    insert_row(block);
    heads_[block.log] =
        BlockHead{block.block_no, last_seq(block), block.hash, block.roster_position};
}

void LogStore::insert_row(const StoredBlock& block) {
    const auto& leaf = block.acceptance;
    insert_block_.run(
        block_id(block.log, block.block_no), block.first_seq, block.count,
        static_cast<int>(block.state), block.roster_position,
        leaf ? std::optional(leaf->stream_seq) : std::nullopt,
        leaf ? std::optional(leaf->accepted) : std::nullopt, block.hash, block.bytes);
}

void LogStore::set_block_state(LogOrdinal log, std::uint64_t block_no, BlockState state) {
    Statement(*database_, "UPDATE blocks SET state = ?2 WHERE id = ?1")
        .run(block_id(log, block_no), static_cast<int>(state));
}

void LogStore::replace_block(
    LogOrdinal log, std::uint64_t block_no, ByteView bytes, BlockState state) {
    ++revision_;
    Statement(*database_, "UPDATE blocks SET bytes = ?2, state = ?3 WHERE id = ?1")
        .run(block_id(log, block_no), bytes, static_cast<int>(state));
}

void LogStore::set_acceptance(
    LogOrdinal log, std::uint64_t block_no, const protocol::Acceptance& acceptance) {
    ++revision_;
    Statement(*database_, "UPDATE blocks SET stream_seq = ?2, accepted = ?3 WHERE id = ?1")
        .run(block_id(log, block_no), acceptance.stream_seq, acceptance.accepted);
    Statement(*database_, "DELETE FROM copies WHERE id = ?1").run(block_id(log, block_no));
}

void LogStore::set_stream_seq(LogOrdinal log, std::uint64_t block_no, std::uint64_t stream_seq) {
    Statement(*database_, "UPDATE blocks SET stream_seq = ?2 WHERE id = ?1")
        .run(block_id(log, block_no), stream_seq);
}

std::optional<StoredBlock> LogStore::block(LogOrdinal log, std::uint64_t block_no) {
    Statement select(
        *database_, std::string("SELECT ") + block_columns + " FROM blocks WHERE id = ?1");
    Rows rows = select.query(block_id(log, block_no));
    return rows.next() ? std::optional(read_block(rows)) : std::nullopt;
}

std::optional<StoredBlock> LogStore::block_holding(LocalDot dot) {
    Rows rows = block_holding_.query(block_id(dot.log(), 0), last_block_id(dot.log()), dot.seq());
    if (!rows.next()) return std::nullopt;
    StoredBlock block = read_block(rows);
    return last_seq(block) >= dot.seq() ? std::optional(std::move(block)) : std::nullopt;
}

std::vector<BlockPlaceInLog> LogStore::blocks_beginning_with(
    const protocol::BlockHashStart& start) {
    std::vector<BlockPlaceInLog> found;
    for (const Row& row : blocks_beginning_with_.query(ByteView(start)))
        found.push_back(read_place(row, true));
    protocol::BlockHash first, last;
    last.bytes.fill(0xff);
    std::ranges::copy(start, first.bytes.begin());
    std::ranges::copy(start, last.bytes.begin());
    for (const Row& row : unread_beginning_with_.query(first, last))
        found.push_back(read_place(row, false));
    std::erase_if(found, [this](const BlockPlaceInLog& place) { return !has_log(place.log); });
    return found;
}

std::optional<BlockPlaceInLog> LogStore::find_block(const protocol::BlockHash& hash) {
    protocol::BlockHashStart start;
    std::copy_n(hash.bytes.begin(), start.size(), start.begin());
    for (const BlockPlaceInLog& place : blocks_beginning_with(start)) {
        if (place.hash == hash) return place;
    }
    return std::nullopt;
}

void LogStore::visit_blocks(
    LogOrdinal log, protocol::Seq read, const std::function<bool(const StoredBlock&)>& visit) {
    Rows rows = blocks_after_.query(block_id(log, 0), last_block_id(log), read.value + 1);
    while (rows.next()) {
        if (!visit(read_block(rows))) return;
    }
}

std::vector<LogStore::Place> LogStore::blocks_in_state(BlockState state) {
    // The index alone would answer, and may have rotted by itself.
    Statement select(
        *database_,
        "SELECT b.id FROM blocks i JOIN blocks b ON b.id = i.id WHERE i.state = ?1 AND i.state > "
        "0 AND b.state = ?1");
    auto found = places_of(select.query(static_cast<int>(state)));
    std::erase_if(found, [this](const auto& block) { return !has_log(block.first); });
    return found;
}

void LogStore::note_restamped(LogOrdinal log, std::uint64_t block_no) {
    Statement(*database_, "INSERT INTO restamped(block) VALUES (?1) ON CONFLICT DO NOTHING")
        .run(block_id(log, block_no));
}

std::vector<LogStore::Place> LogStore::restamped() {
    Statement select(*database_, "SELECT block FROM restamped");
    return places_of(select.query());
}

void LogStore::forget_restamped() { database_->exec("DELETE FROM restamped"); }

void LogStore::want_again(LogOrdinal log, std::uint64_t block_no) {
    const std::optional<StoredBlock> stored = block(log, block_no);
    if (!stored || !stored->acceptance) return;
    const LogInfo& whose = info(log);
    hub_places_.want(whose.turf, *stored->acceptance, stored->hash, whose.device);
}

void LogStore::keep_unread(const BlockPlaceInLog& place, ByteView bytes) {
    ++revision_;
    Statement(
        *database_,
        "INSERT INTO unread(hash, log, block_no, first_seq, count, roster_position, served) VALUES "
        "(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING")
        .run(
            place.hash, place.log, place.block_no, place.first_seq, place.count,
            place.roster_position, bytes);
}

std::int64_t LogStore::unread_count() {
    return Statement(*database_, "SELECT count(*) FROM unread").query_integer().value_or(0);
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
    std::erase_if(found, [this](LogOrdinal log) { return !has_log(log); });
    return found;
}

}  // namespace vereda::engine
