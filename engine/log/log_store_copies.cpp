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

void LogStore::drop_row(LogOrdinal log, std::uint64_t block_no) {
    Statement(*database_, "DELETE FROM blocks WHERE id = ?1").run(block_id(log, block_no));
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

std::vector<std::pair<LogOrdinal, std::uint64_t>> LogStore::copies_without_block() {
    std::vector<std::pair<LogOrdinal, std::uint64_t>> found;
    Statement select(
        *database_, "SELECT id FROM copies WHERE id NOT IN (SELECT id FROM blocks) ORDER BY id");
    for (const Row& row : select.query()) {
        const LocalDot packed{row.integer(0)};  // a block's id is laid out as a dot
        if (has_log(packed.log())) found.emplace_back(packed.log(), packed.seq().value);
    }
    return found;
}

std::uint64_t LogStore::accepted_end(LogOrdinal log) {
    Statement select(*database_, "SELECT 1 FROM acceptances WHERE id = ?1");
    std::uint64_t end = end_of(log);
    while (select.query_integer(block_id(log, end))) ++end;
    return end;
}

std::vector<std::pair<LogOrdinal, std::uint64_t>> LogStore::accepted_like(
    LogOrdinal log, std::uint64_t block_no) {
    std::vector<std::pair<LogOrdinal, std::uint64_t>> found;
    Statement select(
        *database_,
        "SELECT b.id FROM acceptances a JOIN blocks b ON b.stream_seq = a.stream_seq AND "
        "b.accepted = a.accepted WHERE a.id = ?1 AND b.id NOT IN (SELECT id FROM acceptances)");
    for (const Row& row : select.query(block_id(log, block_no))) {
        const LocalDot packed{row.integer(0)};  // a block's id is laid out as a dot
        if (has_log(packed.log())) found.emplace_back(packed.log(), packed.seq().value);
    }
    return found;
}

std::uint64_t LogStore::known_blocks(LogOrdinal log, std::uint64_t before) {
    Statement select(*database_, "SELECT max(id) FROM acceptances WHERE id BETWEEN ?1 AND ?2");
    const auto last = select.query_integer(block_id(log, 0), block_id(log, before) - 1);
    const auto accepted = last ? static_cast<std::uint64_t>(*last - block_id(log, 0)) + 1 : 0;
    return std::max(accepted, pushed(log));
}

void LogStore::forget_known_blocks(LogOrdinal log) {
    const std::uint64_t end = end_of(log);
    Statement(*database_, "DELETE FROM acceptances WHERE id BETWEEN ?1 AND ?2")
        .run(block_id(log, end), last_block_id(log));
    set_pushed(log, std::min(pushed(log), end));
}

void LogStore::put_block(const StoredBlock& block) {
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
