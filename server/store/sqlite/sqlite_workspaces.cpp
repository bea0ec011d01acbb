#include "server/store/sqlite/sqlite_workspaces.h"

#include "engine/storage/transaction.h"
#include "server/store/sqlite/sqlite_epoch.h"

namespace vereda::server {
using engine::Rows;
using engine::Statement;

namespace {

std::uint64_t query_unsigned(engine::Database& database, std::string_view sql) {
    return static_cast<std::uint64_t>(Statement(database, sql).query_integer().value_or(0));
}

}  // namespace

SqliteWorkspaces::SqliteWorkspaces(engine::Database& database, SqliteMemory& memory)
    : database_(database),
      memory_(memory),
      all_(database, "SELECT workspace FROM workspaces ORDER BY no"),
      add_(
          database,
          "INSERT INTO workspaces (workspace, token, confirmed_epoch) VALUES (?1, ?2, ?3)"),
      of_token_(database, "SELECT workspace FROM workspaces WHERE token = ?1"),
      confirm_(database, "UPDATE workspaces SET confirmed_epoch = ?2 WHERE no = ?1"),
      find_(database, "SELECT no, confirmed_epoch FROM workspaces WHERE workspace = ?1"),
      roster_size_(
          database, "SELECT coalesce(max(position) + 1, 0) FROM roster WHERE workspace = ?1") {
    refresh();
}

void SqliteWorkspaces::refresh() {
    memory_.epoch = query_unsigned(database_, "SELECT epoch FROM hub");
    memory_.leaves = query_unsigned(database_, "SELECT max(id) FROM blocks") +
                     query_unsigned(database_, "SELECT max(id) FROM roster");
}

std::vector<protocol::WorkspaceId> SqliteWorkspaces::all() {
    std::vector<protocol::WorkspaceId> all;
    for (const engine::Row& row : all_.query()) all.push_back(row.id<protocol::WorkspaceId>(0));
    return all;
}

WorkspaceNo SqliteWorkspaces::add(const protocol::WorkspaceId& workspace, const TokenHash& token) {
    add_.run(workspace, token, memory_.epoch);
    const WorkspaceNo no{database_.last_insert_rowid()};
    memory_.numbers[workspace] = no;
    memory_.workspaces[no] = {.confirmed_in = memory_.epoch, .roster_size = 0};
    return no;
}

std::optional<protocol::WorkspaceId> SqliteWorkspaces::of_token(const TokenHash& token) {
    Rows rows = of_token_.query(token);
    if (!rows.next()) return std::nullopt;
    return rows.id<protocol::WorkspaceId>(0);
}

void SqliteWorkspaces::confirm_roster(WorkspaceNo workspace) {
    confirm_.run(workspace, memory_.epoch);
    const auto known = memory_.workspaces.find(workspace);
    if (known != memory_.workspaces.end()) known->second.confirmed_in = memory_.epoch;
}

/// From the database into memory; false when there is no such workspace.
bool SqliteWorkspaces::learn(const protocol::WorkspaceId& workspace) {
    Rows rows = find_.query(workspace);
    if (!rows.next()) return false;
    const WorkspaceNo no{rows.integer(0)};
    const auto size = roster_size_.query_integer(no).value_or(0);
    memory_.numbers[workspace] = no;
    memory_.workspaces[no] = {
        .confirmed_in = static_cast<std::uint64_t>(rows.integer(1)),
        .roster_size = static_cast<std::uint64_t>(size)};
    return true;
}

std::optional<WorkspaceStanding> SqliteWorkspaces::standing(
    const protocol::WorkspaceId& workspace) {
    if (!memory_.numbers.contains(workspace) && !learn(workspace)) return std::nullopt;
    const WorkspaceNo no = memory_.numbers.at(workspace);
    const SqliteMemory::KnownWorkspace& known = memory_.workspaces.at(no);
    WorkspaceStanding standing;
    standing.no = no;
    standing.epoch = memory_.epoch;
    standing.confirmed_in = known.confirmed_in;
    standing.roster_size = known.roster_size;
    return standing;
}

/// Another connection may have been first.
void SqliteWorkspaces::begin_epoch(std::uint64_t epoch) {
    engine::Transaction transaction(database_);
    memory_.forget();
    refresh();
    if (memory_.epoch >= epoch) return;
    rechain(database_, epoch);
    note_loss();
    transaction.commit();
    memory_.epoch = epoch;
    if (epoch_listener_) epoch_listener_();
}

/// The present epoch has not been served yet; what it lacks came after the newest leaf that is
/// left, or after what an earlier restore had left: that may not be back yet.
void SqliteWorkspaces::note_loss() {
    Statement(
        database_,
        "UPDATE hub SET epoch_began_ms = NULL, lost_since_ms = min("
        " coalesce(lost_since_ms, 9223372036854775807), max("
        "  coalesce((SELECT accepted_ms FROM blocks ORDER BY id DESC LIMIT 1), 0),"
        "  coalesce((SELECT accepted_ms FROM roster ORDER BY id DESC LIMIT 1), 0)))")
        .run();
}

std::optional<protocol::Millis> SqliteWorkspaces::epoch_began() {
    const auto ms = Statement(database_, "SELECT epoch_began_ms FROM hub").query_integer();
    return ms ? std::optional(protocol::Millis{*ms}) : std::nullopt;
}

void SqliteWorkspaces::note_epoch_began(protocol::Millis now) {
    Statement(database_, "UPDATE hub SET epoch_began_ms = ?1").run(now);
}

std::optional<protocol::Millis> SqliteWorkspaces::lost_since() {
    const auto ms = Statement(database_, "SELECT lost_since_ms FROM hub").query_integer();
    return ms ? std::optional(protocol::Millis{*ms}) : std::nullopt;
}

}  // namespace vereda::server
