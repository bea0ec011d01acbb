#include "server/store/sqlite/sqlite_logs.h"

namespace vereda::server {
using engine::Row;
using engine::Rows;

SqliteLogs::SqliteLogs(engine::Database& database)
    : database_(database),
      add_(database, "INSERT INTO logs (workspace, log, device) VALUES (?1, ?2, ?3)"),
      of_device_(database, "SELECT no, log FROM logs WHERE workspace = ?1 AND device = ?2"),
      newest_places_(
          database,
          "SELECT block_no, hash, last_seq, seq, accepted_ms, size FROM places"
          " WHERE log = ?1 AND evidence = 0 ORDER BY block_no DESC"),
      branches_since_(
          database,
          "SELECT accepted_ms, size FROM places"
          " WHERE log = ?1 AND evidence = 1 AND accepted_ms >= ?2"),
      find_place_(
          database,
          "SELECT block_no, hash, last_seq, seq, accepted_ms FROM places"
          " WHERE log = ?1 AND block_no = ?2 AND hash = ?3") {}

LogNo SqliteLogs::add(
    WorkspaceNo workspace, const protocol::LogId& log, const protocol::DeviceId& device) {
    add_.run(workspace, log, device);
    return {database_.last_insert_rowid()};
}

std::vector<StoredLog> SqliteLogs::of_device(
    WorkspaceNo workspace, const protocol::DeviceId& device) {
    std::vector<StoredLog> logs;
    for (const Row& row : of_device_.query(workspace, device)) {
        logs.push_back({.no = {row.integer(0)}, .log = row.id<protocol::LogId>(1)});
    }
    return logs;
}

namespace {

/// A row of block_no, hash, last_seq, seq, accepted_ms.
Place place_of(const Row& row) {
    return {
        .block_no = static_cast<std::uint64_t>(row.integer(0)),
        .hash = row.id<protocol::BlockHash>(1),
        .last_seq = {static_cast<std::uint64_t>(row.integer(2))},
        .leaf = {static_cast<std::uint64_t>(row.integer(3)), {row.integer(4)}}};
}

}  // namespace

/// The main branch is walked back from its end, because it was taken in in order; the others have
/// an index of their own.
std::vector<TakenBlock> SqliteLogs::taken_since(LogNo log, protocol::Millis since) {
    std::vector<TakenBlock> taken;
    for (const Row& row : newest_places_.query(log)) {
        if (row.integer(4) < since.value) break;
        taken.push_back({{row.integer(4)}, static_cast<std::uint64_t>(row.integer(5)), false});
    }
    for (const Row& row : branches_since_.query(log, since)) {
        taken.push_back({{row.integer(0)}, static_cast<std::uint64_t>(row.integer(1)), true});
    }
    return taken;
}

std::optional<Place> SqliteLogs::tip_of(LogNo log) {
    Rows rows = newest_places_.query(log);
    if (!rows.next()) return std::nullopt;
    return place_of(rows);
}

std::optional<Place> SqliteLogs::find_place(
    LogNo log, std::uint64_t block_no, const protocol::BlockHash& hash) {
    Rows rows = find_place_.query(log, block_no, hash);
    if (!rows.next()) return std::nullopt;
    return place_of(rows);
}

}  // namespace vereda::server
