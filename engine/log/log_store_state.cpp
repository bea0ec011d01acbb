#include "engine/log/log_rows.h"

namespace vereda::engine {

void LogStore::insert_open(LocalDot dot, bool from_outside, ByteView sealed) {
    insert_open_.run(dot, from_outside ? 1 : 0, sealed);
}

std::vector<OpenEntry> LogStore::open_entries(LogOrdinal log) {
    std::vector<OpenEntry> found;
    Statement select(
        *database_,
        "SELECT id, from_outside, sealed FROM open_entries WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
    for (const Row& row : select.query(block_id(log, 0), last_block_id(log))) {
        found.push_back(
            {{row.integer(0)}, row.integer(1) != 0, Bytes(row.blob(2).begin(), row.blob(2).end())});
    }
    return found;
}

std::optional<Bytes> LogStore::open_entry(LocalDot dot) {
    Statement select(*database_, "SELECT sealed FROM open_entries WHERE id = ?1");
    return one_blob(select.query(dot));
}

void LogStore::replace_open(LocalDot dot, ByteView sealed) {
    Statement(
        *database_,
        "INSERT OR REPLACE INTO open_entries(id, from_outside, sealed) VALUES (?1, 0, ?2)")
        .run(dot, sealed);
}

std::vector<OpenEntry> LogStore::all_open_entries() {
    std::vector<OpenEntry> found;
    Statement select(*database_, "SELECT id, from_outside, sealed FROM open_entries ORDER BY id");
    for (const Row& row : select.query()) {
        found.push_back(
            {{row.integer(0)}, row.integer(1) != 0, Bytes(row.blob(2).begin(), row.blob(2).end())});
    }
    return found;
}

void LogStore::delete_open(LogOrdinal log, protocol::Seq first, protocol::Seq last) {
    Statement(*database_, "DELETE FROM open_entries WHERE id BETWEEN ?1 AND ?2")
        .run(LocalDot::of(log, first), LocalDot::of(log, last));
}

std::int64_t LogStore::open_count() {
    return Statement(*database_, "SELECT count(*) FROM open_entries").query_integer().value_or(0);
}

void LogStore::set_aside(LocalDot dot, WhySetAside why, ByteView sealed) {
    Statement(*database_, "INSERT INTO set_aside(id, why, sealed) VALUES (?1, ?2, ?3)")
        .run(dot, static_cast<int>(why), sealed);
}

std::vector<SetAsideEntry> LogStore::set_aside_entries() {
    std::vector<SetAsideEntry> found;
    Statement select(*database_, "SELECT id, why, sealed FROM set_aside ORDER BY id");
    for (const Row& row : select.query()) {
        found.push_back(
            {{row.integer(0)},
             static_cast<WhySetAside>(row.integer(1)),
             Bytes(row.blob(2).begin(), row.blob(2).end())});
    }
    std::erase_if(found, [this](const SetAsideEntry& entry) { return !has_log(entry.dot.log()); });
    return found;
}

void LogStore::set_pushed(LogOrdinal log, std::uint64_t next_block_no) {
    Statement(
        *database_,
        "INSERT INTO pushed(log, next_block) VALUES (?1, ?2) ON CONFLICT(log) DO UPDATE SET "
        "next_block = ?2")
        .run(log, next_block_no);
    forget_copies(log, next_block_no);
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

void LogStore::forget_cursors() { database_->exec("DELETE FROM cursors"); }

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
    if (signature.size() != head.signature.size())
        throw StorageFailure(StorageFault::corrupt, "a signature of a wrong size in the database");
    std::copy(signature.begin(), signature.end(), head.signature.begin());
    return head;
}

void LogStore::append_roster(std::uint64_t position, ByteView sealed) {
    Statement(*database_, "INSERT INTO sealed_roster(position, sealed) VALUES (?1, ?2)")
        .run(position, sealed);
}

std::vector<Bytes> LogStore::sealed_roster() {
    Statement select(*database_, "SELECT sealed FROM sealed_roster ORDER BY position");
    return all_blobs(select);
}

std::vector<Bytes> LogStore::take_clear_roster() {
    Statement select(*database_, "SELECT entry FROM roster ORDER BY position");
    std::vector<Bytes> entries = all_blobs(select);
    if (!entries.empty()) database_->exec("DELETE FROM roster");
    return entries;
}

void LogStore::cut_roster(std::uint64_t first_position) {
    Statement(*database_, "DELETE FROM sealed_roster WHERE position >= ?1").run(first_position);
    Statement(*database_, "DELETE FROM roster_copies WHERE position >= ?1").run(first_position);
}

void LogStore::note_hidden_told(LocalDot record, const HiddenTold& told) {
    Statement(
        *database_,
        "INSERT INTO hidden_told(contact, retraction, work) VALUES (?1, ?2, ?3) "
        "ON CONFLICT(contact) DO UPDATE SET retraction = ?2, work = ?3")
        .run(record, told.retraction, told.work);
}

std::optional<LogStore::HiddenTold> LogStore::hidden_told(LocalDot record) {
    Statement select(*database_, "SELECT retraction, work FROM hidden_told WHERE contact = ?1");
    Rows rows = select.query(record);
    if (!rows.next()) return std::nullopt;
    return HiddenTold{{rows.integer(0)}, static_cast<std::uint64_t>(rows.integer(1))};
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

void LogStore::forget_secret(const std::string& name) {
    Statement(*database_, "DELETE FROM secrets WHERE name = ?1").run(name);
    Statement(*database_, "DELETE FROM secret_copies WHERE name = ?1").run(name);
}

std::map<std::string, Bytes> LogStore::secrets() {
    std::map<std::string, Bytes> found;
    Statement select(*database_, "SELECT name, sealed FROM secrets");
    for (const Row& row : select.query())
        found[std::string(row.text(0))] = Bytes(row.blob(1).begin(), row.blob(1).end());
    return found;
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
