#include <algorithm>

#include "engine/log/log_rows.h"

namespace vereda::engine {

std::vector<LogStore::BlockRow> LogStore::block_rows(LogOrdinal log, std::uint64_t first_block) {
    std::vector<BlockRow> rows;
    Statement select(
        *database_,
        "SELECT id, first_seq, count FROM blocks WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
    const auto number = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
    for (const Row& row : select.query(block_id(log, first_block), last_block_id(log))) {
        if (row.integer(0) < block_id(log, first_block)) continue;  // rotten, and out of its order
        rows.push_back(
            {number(row.integer(0) - block_id(log, 0)),
             {number(row.integer(1))},
             number(row.integer(2))});
    }
    return rows;
}

void LogStore::mend_row(const StoredBlock& block) {
    Statement(
        *database_,
        "UPDATE blocks SET first_seq = ?2, count = ?3, roster_position = ?4, hash = ?5 "
        "WHERE id = ?1")
        .run(
            block_id(block.log, block.block_no), block.first_seq, block.count,
            block.roster_position, block.hash);
    load_head(block.log);
}

void LogStore::cut_log(LogOrdinal log, std::uint64_t first_block) {
    for (const char* table : {"blocks", "copies"}) {
        Statement(*database_, std::string("DELETE FROM ") + table + " WHERE id BETWEEN ?1 AND ?2")
            .run(block_id(log, first_block), last_block_id(log));
    }
    set_pushed(log, std::min(pushed(log), first_block));
    load_head(log);
}

std::vector<LogStore::Place> LogStore::block_places() {
    Statement select(*database_, "SELECT id FROM blocks ORDER BY id");
    return places_of(select.query());
}

bool LogStore::has_block_without_log() {
    Statement next(*database_, "SELECT min(id) FROM blocks WHERE id > ?1");
    auto id = Statement(*database_, "SELECT min(id) FROM blocks").query_integer();
    while (id) {
        const LogOrdinal log = LocalDot{*id}.log();  // a block's id is laid out as a dot
        if (!has_log(log) || !info(log).described) return true;
        id = next.query_integer(last_block_id(log));
    }
    return false;
}

void LogStore::drop_row(LogOrdinal log, std::uint64_t block_no) {
    ++revision_;
    const std::int64_t id = block_id(log, block_no);
    Statement select(
        *database_,
        "SELECT a.stream_seq, a.accepted FROM acceptances a JOIN blocks b ON b.id = a.id WHERE "
        "a.id = ?1 AND (b.stream_seq IS NOT a.stream_seq OR b.accepted IS NOT a.accepted)");
    std::optional<std::pair<std::int64_t, std::int64_t>> said;
    for (const Row& row : select.query(id)) said = {row.integer(0), row.integer(1)};
    Statement(*database_, "DELETE FROM blocks WHERE id = ?1").run(id);
    if (said)
        Statement(*database_, "INSERT OR REPLACE INTO acceptances VALUES (?1, ?2, ?3)")
            .run(id, said->first, said->second);
    load_head(log);
}

void LogStore::keep_copy(LogOrdinal log, std::uint64_t block_no, ByteView bytes) {
    Statement(*database_, "INSERT OR REPLACE INTO copies(id, bytes) VALUES (?1, ?2)")
        .run(block_id(log, block_no), bytes);
}

std::optional<Bytes> LogStore::copy_of(LogOrdinal log, std::uint64_t block_no) {
    Statement select(*database_, "SELECT bytes FROM copies WHERE id = ?1");
    return one_blob(select.query(block_id(log, block_no)));
}

void LogStore::drop_copy(LogOrdinal log, std::uint64_t block_no) {
    Statement(*database_, "DELETE FROM copies WHERE id = ?1").run(block_id(log, block_no));
}

std::vector<LogStore::Place> LogStore::copies_without_block() {
    Statement select(
        *database_, "SELECT id FROM copies WHERE id NOT IN (SELECT id FROM blocks) ORDER BY id");
    return places_of(select.query());
}

std::uint64_t LogStore::accepted_end(LogOrdinal log, std::uint64_t from) {
    Statement select(*database_, "SELECT 1 FROM acceptances WHERE id = ?1");
    while (select.query_integer(block_id(log, from))) ++from;
    return from;
}

std::vector<LogStore::MovedAcceptance> LogStore::moved_acceptances() {
    Statement select(
        *database_,
        "SELECT a.id, b.id FROM blocks b CROSS JOIN acceptances a ON a.stream_seq = b.stream_seq "
        "AND a.accepted = b.accepted LEFT JOIN blocks own ON own.id = a.id WHERE b.stream_seq IS "
        "NOT NULL AND b.id NOT IN (SELECT id FROM acceptances) AND (own.stream_seq IS NOT "
        "a.stream_seq OR own.accepted IS NOT a.accepted) ORDER BY b.id, a.id");
    std::vector<MovedAcceptance> moved;
    for (const Row& row : select.query())
        moved.push_back({place_of(row.integer(0)), place_of(row.integer(1))});
    return moved;
}

void LogStore::put_acceptance_back(const MovedAcceptance& moved) {
    Statement(*database_, "UPDATE OR REPLACE acceptances SET id = ?2 WHERE id = ?1")
        .run(
            block_id(moved.from.first, moved.from.second),
            block_id(moved.to.first, moved.to.second));
}

std::uint64_t LogStore::acknowledged_blocks(LogOrdinal log, std::uint64_t end) {
    Statement select(*database_, "SELECT max(id) FROM acceptances WHERE id BETWEEN ?1 AND ?2");
    const auto last = select.query_integer(block_id(log, 0), block_id(log, end) - 1);
    const auto accepted = last ? static_cast<std::uint64_t>(*last - block_id(log, 0)) + 1 : 0;
    return std::max(accepted, pushed(log));
}

void LogStore::forget_acknowledged(LogOrdinal log) {
    const std::uint64_t end = end_of(log);
    Statement(*database_, "DELETE FROM acceptances WHERE id BETWEEN ?1 AND ?2")
        .run(block_id(log, end), last_block_id(log));
    set_pushed(log, std::min(pushed(log), end));
}

void LogStore::put_block(const StoredBlock& block) {
    ++revision_;
    insert_row(block);
    load_head(block.log);
}

std::optional<std::uint64_t> LogStore::first_copy(LogOrdinal log) {
    Statement select(*database_, "SELECT min(id) FROM copies WHERE id BETWEEN ?1 AND ?2");
    const auto id = select.query_integer(block_id(log, 0), last_block_id(log));
    return id ? std::optional(static_cast<std::uint64_t>(*id - block_id(log, 0))) : std::nullopt;
}

void LogStore::forget_copies(LogOrdinal log, std::uint64_t before_block) {
    if (before_block == 0) return;
    Statement(*database_, "DELETE FROM copies WHERE id BETWEEN ?1 AND ?2")
        .run(block_id(log, 0), block_id(log, before_block) - 1);
}

}  // namespace vereda::engine
