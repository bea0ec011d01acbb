#include "engine/log/log_store.h"

#include <algorithm>
#include <utility>

#include "engine/log/log_rows.h"
#include "engine/log/log_schema.h"
#include "engine/log/packed_names.h"
#include "engine/log/twins.h"
#include "engine/storage/migrations.h"
#include "engine/storage/transaction.h"

namespace vereda::engine {
namespace {

LogInfo read_log(const Row& row) {
    const auto number = [&row](int column) {
        return static_cast<std::uint64_t>(row.integer(column));
    };
    const auto ordinal = [&row](int column) {
        return LogOrdinal{static_cast<std::uint32_t>(row.integer(column))};
    };
    LogInfo info{.log = row.id<protocol::LogId>(0)};
    if (row.is_null(1)) return info;
    info.described = true;
    info.device = row.id<protocol::DeviceId>(1);
    info.turf = {static_cast<std::uint32_t>(row.integer(2))};
    info.incarnation = row.id<protocol::Incarnation>(3);
    if (!row.is_null(4)) info.branch = Branch{ordinal(4), ordinal(5), number(6), {number(7)}};
    return info;
}

// Throws when a rotten row has a number that no log can have.
LogOrdinal read_ordinal(const Row& row, int column) {
    const std::int64_t ordinal = row.integer(column);
    if (ordinal < 1 || ordinal >= LogOrdinal::end)
        throw StorageFailure(StorageFault::corrupt, "the number of a log");
    return {static_cast<std::uint32_t>(ordinal)};
}

// After a missing row every turf would be taken for another one, and its work would not open.
void expect_number(std::int64_t number, std::size_t expected) {
    if (std::cmp_not_equal(number, expected))
        throw StorageFailure(StorageFault::corrupt, "the name of a turf or a log");
}

void expect_name(const LogInfo& info) {
    if (info.log == protocol::LogId{})
        throw StorageFailure(StorageFault::corrupt, "the name of a turf or a log");
}

// Of id, first_seq, count, hash, roster_position.
BlockHead read_head(const Row& row) {
    return {
        .block_no = LocalDot{row.integer(0)}.seq().value,
        .last_seq = {static_cast<std::uint64_t>(row.integer(1) + row.integer(2) - 1)},
        .hash = row.id<protocol::BlockHash>(3),
        .roster_position = {static_cast<std::uint64_t>(row.integer(4))}};
}

}  // namespace

std::expected<LogStore, LogStore::OpenError> LogStore::open(Database& database) {
    mend_schema_version(database, log_migrations());
    if (!migrate(database, log_migrations())) return std::unexpected(OpenError::newer_version);
    Transaction transaction(database);
    std::vector<std::string> mended = mend_by_twins(database);
    transaction.commit();
    database.exec(log_triggers());
    LogStore store(database);
    store.mended_ = std::move(mended);
    store.load_directory();
    return store;
}

LogStore::LogStore(Database& database)
    : database_(&database),
      waiting_room_(database),
      hub_places_(database),
      logs_(1),
      insert_log_(database, "INSERT INTO logs(ordinal, log) VALUES (?1, ?2)"),
      describe_log_(
          database,
          "INSERT INTO logs(ordinal, device, turf, incarnation, log) VALUES (?1, ?2, ?3, ?4, ?5) "
          "ON CONFLICT(ordinal) DO UPDATE SET device = ?2, turf = ?3, incarnation = ?4"),
      insert_block_(
          database,
          "INSERT INTO blocks(id, first_seq, count, state, roster_position, stream_seq, accepted, "
          "hash, bytes) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      insert_open_(
          database, "INSERT INTO open_entries(id, from_outside, sealed) VALUES (?1, ?2, ?3)"),
      block_holding_(
          database, std::string("SELECT ") + block_columns +
                        " FROM blocks WHERE id BETWEEN ?1 AND ?2 AND first_seq <= ?3 ORDER BY id "
                        "DESC LIMIT 1"),
      blocks_after_(
          database,
          std::string("SELECT ") + block_columns +
              " FROM blocks WHERE id BETWEEN ?1 AND ?2 AND first_seq + count > ?3 ORDER BY id"),
      blocks_beginning_with_(
          database,
          "SELECT id, first_seq, count, roster_position, hash FROM blocks WHERE substr(hash, 1, 8) "
          "= ?1 ORDER BY id"),
      unread_beginning_with_(
          database,
          "SELECT log << 40 | block_no, first_seq, count, roster_position, hash FROM unread WHERE "
          "hash BETWEEN ?1 AND ?2 ORDER BY hash") {}

void LogStore::load_directory() {
    Statement turfs(*database_, "SELECT turf, number FROM turfs ORDER BY number");
    for (const Row& row : turfs.query()) {
        expect_number(row.integer(1), turfs_.size());
        turfs_.push_back(row.id<protocol::TurfId>(0));
    }
    load_mentioned();
    load_logs();
    for (std::size_t number = 1; number < logs_.size(); ++number) expect_name(logs_[number]);
    load_heads();
}

// Eight million logs that somebody made up, some 60 MB of blocks, end the numbers: nothing more is
// read then, and nothing is lost.
void LogStore::put_log(LogOrdinal ordinal, LogInfo info) {
    if (ordinal.value >= LogOrdinal::end)
        throw StorageFailure(StorageFault::disk_full, "there are no more numbers for logs");
    if (ordinal.value >= logs_.size()) logs_.resize(ordinal.value + 1);
    ordinals_[info.log] = ordinal;
    logs_[ordinal.value] = std::move(info);
}

void LogStore::load_mentioned() {
    Statement mentioned(*database_, "SELECT first_ordinal, names FROM mentioned");
    for (const Row& row : mentioned.query()) {
        LogOrdinal ordinal = read_ordinal(row, 0);
        for (const protocol::LogId& name : unpack_names(row.blob(1))) {
            put_log(ordinal, {.log = name});
            ++ordinal.value;
        }
    }
}

void LogStore::load_logs() {
    Statement logs(
        *database_,
        "SELECT log, device, turf, incarnation, root, parent, first_block, first_seq, ordinal FROM "
        "logs ORDER BY ordinal");
    for (const Row& row : logs.query()) {
        const LogOrdinal ordinal = read_ordinal(row, 8);
        LogInfo info = read_log(row);
        if (info.branch) branches_[info.branch->root].push_back(ordinal);
        put_log(ordinal, std::move(info));
    }
}

// One query for all: a log that is only mentioned costs no look at the blocks.
void LogStore::load_heads() {
    Statement last(
        *database_,
        "SELECT b.id, b.first_seq, b.count, b.hash, b.roster_position FROM logs JOIN blocks b ON "
        "b.id = (SELECT max(id) FROM blocks WHERE id BETWEEN ordinal << 40 AND (ordinal + 1 << 40) "
        "- 1) WHERE device IS NOT NULL");
    for (const Row& row : last.query()) {
        const LocalDot packed{row.integer(0)};  // a block's id is laid out as a dot
        heads_[packed.log()] = read_head(row);
    }
}

void LogStore::load_head(LogOrdinal log) {
    Statement last(
        *database_,
        "SELECT id, first_seq, count, hash, roster_position FROM blocks WHERE id BETWEEN ?1 AND ?2 "
        "ORDER BY id DESC LIMIT 1");
    Rows rows = last.query(block_id(log, 0), last_block_id(log));
    heads_.erase(log);
    if (rows.next()) heads_[log] = read_head(rows);
}

LogOrdinal LogStore::ordinal_of(const protocol::LogId& log) {
    const auto found = ordinals_.find(log);
    if (found != ordinals_.end()) return found->second;
    const LogOrdinal ordinal = next_ordinal();
    insert_log_.run(ordinal, log);
    put_log(ordinal, {.log = log});
    return ordinal;
}

void LogStore::mention(std::span<const protocol::LogId> logs) {
    const LogOrdinal first = next_ordinal();
    std::vector<protocol::LogId> names;
    for (const protocol::LogId& log : logs) {
        if (ordinals_.contains(log)) continue;
        put_log(next_ordinal(), {.log = log});
        names.push_back(log);
    }
    if (names.empty()) return;
    Statement(*database_, "INSERT INTO mentioned(first_ordinal, names) VALUES (?1, ?2)")
        .run(first, pack_names(names));
}

std::optional<LogOrdinal> LogStore::find_log(const protocol::LogId& log) const {
    const auto found = ordinals_.find(log);
    return found == ordinals_.end() ? std::nullopt : std::optional(found->second);
}

void LogStore::describe(LogOrdinal log, const LogInfo& info) {
    VEREDA_ASSERT(logs_.at(log.value).log == info.log && !logs_[log.value].described);
    ++revision_;
    describe_log_.run(log, info.device, info.turf, info.incarnation, info.log);
    if (info.branch) {
        Statement(
            *database_,
            "UPDATE logs SET root = ?2, parent = ?3, first_block = ?4, first_seq = ?5 "
            "WHERE ordinal = ?1")
            .run(
                log, info.branch->root, info.branch->parent, info.branch->first_block,
                info.branch->first_seq);
        branches_[info.branch->root].push_back(log);
    }
    logs_[log.value] = info;
    logs_[log.value].described = true;
}

LogOrdinal LogStore::root_of(LogOrdinal log) const {
    const std::optional<Branch>& branch = info(log).branch;
    return branch ? branch->root : log;
}

std::vector<LogOrdinal> LogStore::family_of(LogOrdinal root) const {
    std::vector<LogOrdinal> family{root};
    const auto found = branches_.find(root);
    if (found != branches_.end())
        family.insert(family.end(), found->second.begin(), found->second.end());
    return family;
}

std::uint64_t LogStore::first_block(LogOrdinal log) const {
    const std::optional<Branch>& branch = info(log).branch;
    return branch ? branch->first_block : 0;
}

std::uint64_t LogStore::end_of(LogOrdinal log) const {
    const std::optional<BlockHead>& last = head(log);
    return last ? last->block_no + 1 : first_block(log);
}

void LogStore::move_tail(LogOrdinal from, std::uint64_t first_block, LogOrdinal to) {
    VEREDA_ASSERT(!head(to) && open_entries(from).empty());
    ++revision_;
    const std::int64_t shift = block_id(to, 0) - block_id(from, 0);
    Statement(*database_, "UPDATE blocks SET id = id + ?3 WHERE id BETWEEN ?1 AND ?2")
        .run(block_id(from, first_block), last_block_id(from), shift);
    Statement(*database_, "UPDATE copies SET id = id + ?3 WHERE id BETWEEN ?1 AND ?2")
        .run(block_id(from, first_block), last_block_id(from), shift);
    for (const LogOrdinal other : family_of(root_of(from))) {
        std::optional<Branch>& branch = logs_[other.value].branch;
        if (other == to || !branch || branch->parent != from || branch->first_block <= first_block)
            continue;
        branch->parent = to;
        Statement(*database_, "UPDATE logs SET parent = ?2 WHERE ordinal = ?1").run(other, to);
    }
    set_pushed(to, std::max(pushed(from), first_block));
    set_pushed(from, std::min(pushed(from), first_block));
    load_head(from);
    load_head(to);
}

void LogStore::stop_reading(LogOrdinal log, std::uint64_t first_block) {
    ++revision_;
    const LogOrdinal root = root_of(log);
    const std::int64_t first = block_id(log, first_block), last = last_block_id(log);
    Statement(
        *database_,
        "INSERT INTO unread(hash, log, block_no, first_seq, count, roster_position, served) SELECT "
        "hash, ?3, id & ?4, first_seq, count, roster_position, bytes FROM blocks WHERE id BETWEEN "
        "?1 AND ?2 ON CONFLICT DO NOTHING")
        .run(first, last, root, (std::int64_t{1} << LocalDot::seq_bits) - 1);
    for (const char* table : {"blocks", "copies"})
        Statement(*database_, std::string("DELETE FROM ") + table + " WHERE id BETWEEN ?1 AND ?2")
            .run(first, last);
    set_pushed(log, std::min(pushed(log), first_block));
    load_head(log);
    if (log != root && first_block == this->first_block(log)) forget_branch(log);
}

// Its number stays taken, as that of a log which is only mentioned.
void LogStore::forget_branch(LogOrdinal branch) {
    std::erase(branches_[root_of(branch)], branch);
    logs_[branch.value] = {.log = logs_[branch.value].log};
    Statement(
        *database_,
        "UPDATE logs SET device = NULL, turf = NULL, incarnation = NULL, root = NULL, parent = "
        "NULL, first_block = NULL, first_seq = NULL WHERE ordinal = ?1")
        .run(branch);
}

TurfNumber LogStore::number_of(const protocol::TurfId& turf) {
    if (const auto found = find_turf(turf)) return *found;
    const TurfNumber number{static_cast<std::uint32_t>(turfs_.size())};
    Statement(*database_, "INSERT INTO turfs(number, turf) VALUES (?1, ?2)").run(number, turf);
    turfs_.push_back(turf);
    return number;
}

std::optional<TurfNumber> LogStore::find_turf(const protocol::TurfId& turf) const {
    for (std::uint32_t i = 0; i < turfs_.size(); ++i) {
        if (turfs_[i] == turf) return TurfNumber{i};
    }
    return std::nullopt;
}

}  // namespace vereda::engine
