#include "engine/log/log_store.h"

#include <algorithm>

#include "engine/log/log_schema.h"
#include "engine/storage/migrations.h"

namespace vereda::engine {
namespace {

constexpr const char* block_columns =
    "id, first_seq, count, state, roster_position, stream_seq, accepted, hash, bytes";

std::int64_t block_id(LogOrdinal log, std::uint64_t block_no) {
    VEREDA_ASSERT(block_no >> LocalDot::seq_bits == 0);
    return static_cast<std::int64_t>(std::uint64_t{log.value} << LocalDot::seq_bits | block_no);
}

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

std::vector<Bytes> all_blobs(Statement& select) {
    std::vector<Bytes> found;
    for (const Row& row : select.query())
        found.emplace_back(row.blob(0).begin(), row.blob(0).end());
    return found;
}

std::optional<Bytes> one_blob(Rows rows) {
    if (!rows.next()) return std::nullopt;
    return Bytes(rows.blob(0).begin(), rows.blob(0).end());
}

}  // namespace

std::expected<LogStore, LogStore::OpenError> LogStore::open(Database& database) {
    if (!migrate(database, log_migrations())) return std::unexpected(OpenError::newer_version);
    LogStore store(database);
    store.load_directory();
    return store;
}

LogStore::LogStore(Database& database)
    : database_(&database),
      logs_(1),
      heads_(1),
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
              " FROM blocks WHERE id BETWEEN ?1 AND ?2 AND first_seq + count > ?3 ORDER BY id") {}

void LogStore::load_directory() {
    Statement turfs(*database_, "SELECT turf FROM turfs ORDER BY number");
    for (const Row& row : turfs.query()) turfs_.push_back(row.id<protocol::TurfId>(0));
    Statement logs(
        *database_,
        "SELECT log, device, turf, incarnation, root, parent, first_block, first_seq FROM logs "
        "ORDER BY ordinal");
    for (const Row& row : logs.query()) {
        const LogOrdinal ordinal{static_cast<std::uint32_t>(logs_.size())};
        logs_.push_back(read_log(row));
        ordinals_[logs_.back().log] = ordinal;
        if (logs_.back().branch) branches_[logs_.back().branch->root].push_back(ordinal);
        heads_.emplace_back();
    }
    for (std::uint32_t log = 1; log < logs_.size(); ++log) load_head({log});
}

void LogStore::load_head(LogOrdinal log) {
    Statement last(
        *database_,
        "SELECT id, first_seq, count, hash, roster_position FROM blocks WHERE id BETWEEN ?1 AND ?2 "
        "ORDER BY id DESC LIMIT 1");
    Rows rows = last.query(block_id(log, 0), block_id({log.value + 1}, 0) - 1);
    heads_[log.value].reset();
    if (!rows.next()) return;
    heads_[log.value] = BlockHead{
        .block_no = static_cast<std::uint64_t>(rows.integer(0) - block_id(log, 0)),
        .last_seq = {static_cast<std::uint64_t>(rows.integer(1) + rows.integer(2) - 1)},
        .hash = rows.id<protocol::BlockHash>(3),
        .roster_position = {static_cast<std::uint64_t>(rows.integer(4))}};
}

LogOrdinal LogStore::ordinal_of(const protocol::LogId& log) {
    const auto found = ordinals_.find(log);
    if (found != ordinals_.end()) return found->second;
    const LogOrdinal ordinal{static_cast<std::uint32_t>(logs_.size())};
    Statement(*database_, "INSERT INTO logs(ordinal, log) VALUES (?1, ?2)").run(ordinal, log);
    logs_.push_back({.log = log});
    heads_.emplace_back();
    ordinals_[log] = ordinal;
    return ordinal;
}

std::optional<LogOrdinal> LogStore::find_log(const protocol::LogId& log) const {
    const auto found = ordinals_.find(log);
    return found == ordinals_.end() ? std::nullopt : std::optional(found->second);
}

void LogStore::describe(LogOrdinal log, const LogInfo& info) {
    VEREDA_ASSERT(logs_.at(log.value).log == info.log && !logs_[log.value].described);
    Statement(
        *database_, "UPDATE logs SET device = ?2, turf = ?3, incarnation = ?4 WHERE ordinal = ?1")
        .run(log, info.device, info.turf, info.incarnation);
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

void LogStore::move_tail(LogOrdinal from, std::uint64_t first_block, LogOrdinal to) {
    VEREDA_ASSERT(!head(to) && open_entries(from).empty());
    const std::int64_t shift = block_id(to, 0) - block_id(from, 0);
    Statement(*database_, "UPDATE blocks SET id = id + ?3 WHERE id BETWEEN ?1 AND ?2")
        .run(block_id(from, first_block), block_id({from.value + 1}, 0) - 1, shift);
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

const std::optional<BlockHead>& LogStore::head(LogOrdinal log) const {
    return heads_.at(log.value);
}

void LogStore::append_block(const StoredBlock& block) {
    const std::optional<BlockHead>& before = heads_.at(block.log.value);
    const std::optional<Branch>& branch = info(block.log).branch;
    const std::uint64_t first_seq = branch ? branch->first_seq.value : 1;
    VEREDA_ASSERT(block.block_no == (before ? before->block_no + 1 : first_block(block.log)));
    VEREDA_ASSERT(block.first_seq.value == (before ? before->last_seq.value + 1 : first_seq));
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
    VEREDA_ASSERT(served);
    Statement(*database_, "DELETE FROM waiting WHERE hash = ?1").run(hash);
    return std::move(*served);
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

void LogStore::insert_open(LocalDot dot, bool from_outside, ByteView sealed) {
    insert_open_.run(dot, from_outside ? 1 : 0, sealed);
}

std::vector<OpenEntry> LogStore::open_entries(LogOrdinal log) {
    std::vector<OpenEntry> found;
    Statement select(
        *database_,
        "SELECT id, from_outside, sealed FROM open_entries WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
    for (const Row& row : select.query(block_id(log, 0), block_id({log.value + 1}, 0) - 1)) {
        found.push_back(
            {{row.integer(0)}, row.integer(1) != 0, Bytes(row.blob(2).begin(), row.blob(2).end())});
    }
    return found;
}

std::optional<Bytes> LogStore::open_entry(LocalDot dot) {
    Statement select(*database_, "SELECT sealed FROM open_entries WHERE id = ?1");
    return one_blob(select.query(dot));
}

void LogStore::delete_open(LogOrdinal log, protocol::Seq first, protocol::Seq last) {
    Statement(*database_, "DELETE FROM open_entries WHERE id BETWEEN ?1 AND ?2")
        .run(LocalDot::of(log, first), LocalDot::of(log, last));
}

std::int64_t LogStore::open_count() {
    return Statement(*database_, "SELECT count(*) FROM open_entries").query_integer().value_or(0);
}

void LogStore::set_pushed(LogOrdinal log, std::uint64_t next_block_no) {
    Statement(
        *database_,
        "INSERT INTO pushed(log, next_block) VALUES (?1, ?2) ON CONFLICT(log) DO UPDATE SET "
        "next_block = ?2")
        .run(log, next_block_no);
}

std::uint64_t LogStore::pushed(LogOrdinal log) {
    Statement select(*database_, "SELECT next_block FROM pushed WHERE log = ?1");
    const auto next = static_cast<std::uint64_t>(select.query_integer(log).value_or(0));
    return std::max(next, first_block(log));
}

void LogStore::set_cursor(
    TurfNumber turf, const protocol::PullCursor& cursor, const protocol::SignedHead& head) {
    Statement(
        *database_,
        "INSERT INTO cursors(turf, hub_epoch, turf_seq, turf_chain, head, signature) VALUES (?1, "
        "?2, ?3, ?4, ?5, ?6) "
        "ON CONFLICT(turf) DO UPDATE SET hub_epoch = ?2, turf_seq = ?3, turf_chain = ?4, head = "
        "?5, signature = ?6")
        .run(
            turf, cursor.hub_epoch, cursor.turf_seq, cursor.turf_chain, head.head,
            ByteView(head.signature));
}

void LogStore::forget_cursor(TurfNumber turf) {
    Statement(*database_, "DELETE FROM cursors WHERE turf = ?1").run(turf);
}

std::optional<protocol::PullCursor> LogStore::cursor(TurfNumber turf) {
    Statement select(
        *database_, "SELECT hub_epoch, turf_seq, turf_chain FROM cursors WHERE turf = ?1");
    Rows rows = select.query(turf);
    if (!rows.next()) return std::nullopt;
    return protocol::PullCursor{
        this->turf(turf), static_cast<std::uint64_t>(rows.integer(0)),
        static_cast<std::uint64_t>(rows.integer(1)), rows.id<protocol::ChainHash>(2)};
}

std::optional<protocol::SignedHead> LogStore::stream_head(TurfNumber turf) {
    Statement select(*database_, "SELECT head, signature FROM cursors WHERE turf = ?1");
    Rows rows = select.query(turf);
    if (!rows.next()) return std::nullopt;
    protocol::SignedHead head{
        .head = Bytes(rows.blob(0).begin(), rows.blob(0).end()), .signature = {}};
    const ByteView signature = rows.blob(1);
    VEREDA_ASSERT(signature.size() == head.signature.size());
    std::copy(signature.begin(), signature.end(), head.signature.begin());
    return head;
}

void LogStore::append_roster(std::uint64_t position, ByteView entry) {
    Statement(*database_, "INSERT INTO roster(position, entry) VALUES (?1, ?2)")
        .run(position, entry);
}

std::vector<Bytes> LogStore::roster() {
    Statement select(*database_, "SELECT entry FROM roster ORDER BY position");
    return all_blobs(select);
}

void LogStore::put_secret(const std::string& name, ByteView sealed) {
    Statement(
        *database_,
        "INSERT INTO secrets(name, sealed) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET sealed "
        "= ?2")
        .run(name, sealed);
}

std::optional<Bytes> LogStore::secret(const std::string& name) {
    Statement select(*database_, "SELECT sealed FROM secrets WHERE name = ?1");
    return one_blob(select.query(name));
}

std::vector<std::string> LogStore::secret_names() {
    std::vector<std::string> names;
    Statement select(*database_, "SELECT name FROM secrets ORDER BY name");
    for (const Row& row : select.query()) names.emplace_back(row.text(0));
    return names;
}

void LogStore::put_meta(const std::string& name, ByteView value) {
    Statement(
        *database_,
        "INSERT INTO meta(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = ?2")
        .run(name, value);
}

void LogStore::forget_meta(const std::string& name) {
    Statement(*database_, "DELETE FROM meta WHERE name = ?1").run(name);
}

std::optional<Bytes> LogStore::meta(const std::string& name) {
    Statement select(*database_, "SELECT value FROM meta WHERE name = ?1");
    return one_blob(select.query(name));
}

}  // namespace vereda::engine
