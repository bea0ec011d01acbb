#include "engine/log/waiting_room.h"

namespace vereda::engine {
namespace {

// No position of a roster: such a block waits for what will not come.
constexpr std::int64_t never = -1;

std::int64_t count_rows(Database& database, const char* sql) {
    return Statement(database, sql).query_integer().value_or(0);
}

WaitingRoom::Kept read_kept(const Row& row, int hash) {
    const ByteView served = row.blob(hash + 1);
    return {row.id<protocol::BlockHash>(hash), Bytes(served.begin(), served.end())};
}

std::optional<std::int64_t> position_awaited(const WaitingRoom::Awaited& awaited) {
    if (awaited.other_roster) return never;
    if (!awaited.roster) return std::nullopt;
    return static_cast<std::int64_t>(awaited.roster->value);
}

}  // namespace

WaitingRoom::WaitingRoom(Database& database) : database_(&database) {
    const std::int64_t unsorted = count_rows(database, "SELECT count(*) FROM waiting");
    has_unsorted_ = unsorted != 0;
    count_ = unsorted + count_rows(database, "SELECT count(*) FROM waiting_room");
}

bool WaitingRoom::keep(
    const protocol::BlockHash& hash, const protocol::DeviceId& device, const Awaited& awaited,
    ByteView kept) {
    Statement present(*database_, "SELECT 1 FROM waiting_room WHERE hash = ?1");
    if (present.query_integer(hash)) return true;
    if (count_of(device) >= share) return false;
    Statement(
        *database_,
        "INSERT INTO waiting_room(hash, device, previous, position, served) VALUES (?1, ?2, ?3, "
        "?4, ?5)")
        .run(hash, device, awaited.block, position_awaited(awaited), kept);
    ++count_;
    return true;
}

std::vector<WaitingRoom::Kept> WaitingRoom::take(Rows rows) {
    std::vector<Kept> taken;
    std::vector<std::int64_t> ids;
    for (const Row& row : rows) {
        ids.push_back(row.integer(0));
        taken.push_back(read_kept(row, 1));
    }
    forget(ids);
    return taken;
}

void WaitingRoom::forget(const std::vector<std::int64_t>& rows) {
    Statement remove(*database_, "DELETE FROM waiting_room WHERE rowid = ?1");
    for (const std::int64_t row : rows) remove.run(row);
    count_ -= static_cast<std::int64_t>(rows.size());
}

std::int64_t WaitingRoom::count_of(const protocol::DeviceId& device) {
    Statement select(*database_, "SELECT count(*) FROM waiting_room WHERE device = ?1");
    return select.query_integer(device).value_or(0);
}

std::vector<WaitingRoom::Kept> WaitingRoom::of(const protocol::DeviceId& device) {
    std::vector<Kept> kept;
    Statement select(*database_, "SELECT hash, served FROM waiting_room WHERE device = ?1");
    for (const Row& row : select.query(device)) kept.push_back(read_kept(row, 0));
    return kept;
}

void WaitingRoom::forget(const protocol::BlockHash& hash) {
    Statement select(*database_, "SELECT rowid FROM waiting_room WHERE hash = ?1");
    if (const auto row = select.query_integer(hash)) forget(std::vector{*row});
}

std::vector<WaitingRoom::Kept> WaitingRoom::take_after(const protocol::BlockHash& predecessor) {
    if (count_ == 0) return {};
    Statement select(
        *database_,
        "SELECT rowid, hash, served FROM waiting_room WHERE previous = ?1 ORDER BY rowid");
    return take(select.query(predecessor));
}

std::vector<WaitingRoom::Kept> WaitingRoom::take_within_roster(std::uint64_t entries) {
    if (count_ == 0) return {};
    Statement select(
        *database_,
        "SELECT rowid, hash, served FROM waiting_room WHERE position >= 0 AND position < ?1 "
        "ORDER BY rowid");
    return take(select.query(entries));
}

std::vector<WaitingRoom::Kept> WaitingRoom::take_after_closing() {
    if (count_ == 0) return {};
    Statement select(
        *database_,
        "SELECT rowid, hash, served FROM waiting_room WHERE previous IS NULL AND position IS NULL "
        "ORDER BY rowid");
    return take(select.query());
}

std::vector<WaitingRoom::Kept> WaitingRoom::take_unsorted() {
    if (!has_unsorted_) return {};
    std::vector<Kept> taken;
    Statement select(*database_, "SELECT hash, served FROM waiting ORDER BY rowid");
    for (const Row& row : select.query()) taken.push_back(read_kept(row, 0));
    database_->exec("DELETE FROM waiting");
    count_ -= static_cast<std::int64_t>(taken.size());
    has_unsorted_ = false;
    return taken;
}

}  // namespace vereda::engine
