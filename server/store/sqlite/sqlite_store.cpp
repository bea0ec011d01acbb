#include "server/store/sqlite/sqlite_store.h"

#include "engine/storage/migrations.h"
#include "server/store/sqlite/sqlite_schema.h"
#include "server/store/sqlite/sqlite_statements.h"

namespace vereda::server {
using engine::Rows;
using engine::Statement;
using protocol::ChainHash;

namespace {

std::uint64_t query_unsigned(engine::Database& database, std::string_view sql) {
    return static_cast<std::uint64_t>(Statement(database, sql).query_integer().value_or(0));
}

}  // namespace

SqliteStore::SqliteStore(engine::Database database)
    : database_(std::move(database)), sql_(std::make_unique<Statements>(database_)) {
    epoch_ = query_unsigned(database_, "SELECT epoch FROM hub");
    leaves_ = query_unsigned(database_, "SELECT max(id) FROM blocks") +
              query_unsigned(database_, "SELECT max(id) FROM roster");
    committed_leaves_ = leaves_;
}

SqliteStore::~SqliteStore() = default;

std::expected<std::unique_ptr<SqliteStore>, OpenStoreError> SqliteStore::open(
    const engine::DatabaseOptions& options) {
    engine::DatabaseOptions ours = options;
    ours.checkpoints = engine::DatabaseOptions::Checkpoints::when_asked;
    engine::Database database(ours);
    if (!engine::migrate(database, sqlite_schema)) {
        return std::unexpected(OpenStoreError::newer_database);
    }
    std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(database)));
    store->place_blocks_of_before();
    return store;
}

void SqliteStore::begin() { open_.emplace(database_); }

void SqliteStore::commit() {
    VEREDA_ASSERT(open_.has_value());
    open_->commit();
    open_.reset();
    committed_leaves_ = leaves_;
    if (listener_) listener_(committed_leaves_);
}

void SqliteStore::rollback() noexcept {
    open_.reset();
    leaves_ = committed_leaves_;
}

std::optional<WorkspaceNo> SqliteStore::find_workspace(const protocol::WorkspaceId& workspace) {
    const auto no = sql_->find_workspace.query_integer(workspace);
    return no ? std::optional(WorkspaceNo{*no}) : std::nullopt;
}

std::vector<protocol::WorkspaceId> SqliteStore::workspaces() {
    std::vector<protocol::WorkspaceId> all;
    for (const engine::Row& row : sql_->workspaces.query()) {
        all.push_back(row.id<protocol::WorkspaceId>(0));
    }
    return all;
}

WorkspaceNo SqliteStore::add_workspace(
    const protocol::WorkspaceId& workspace, const TokenHash& token) {
    sql_->add_workspace.run(workspace, token, epoch_);
    return {database_.last_insert_rowid()};
}

std::uint64_t SqliteStore::roster_confirmed_in(WorkspaceNo workspace) {
    const auto epoch = sql_->roster_confirmed_in.query_integer(workspace);
    return static_cast<std::uint64_t>(epoch.value_or(0));
}

void SqliteStore::confirm_roster(WorkspaceNo workspace) {
    sql_->confirm_roster.run(workspace, epoch_);
}

std::optional<protocol::WorkspaceId> SqliteStore::workspace_of_token(const TokenHash& token) {
    Rows rows = sql_->workspace_of_token.query(token);
    if (!rows.next()) return std::nullopt;
    return rows.id<protocol::WorkspaceId>(0);
}

std::optional<StreamEnd> SqliteStore::find_stream(
    WorkspaceNo workspace, const protocol::TurfId& turf) {
    Rows rows = sql_->find_stream.query(workspace, turf);
    if (!rows.next()) return std::nullopt;
    const StreamNo no{rows.integer(0)};
    Rows end = sql_->stream_end.query(no);
    if (!end.next()) return StreamEnd{no, 0, rows.id<ChainHash>(1)};
    return StreamEnd{no, static_cast<std::uint64_t>(end.integer(0)), end.id<ChainHash>(1)};
}

StreamNo SqliteStore::add_stream(
    WorkspaceNo workspace, const protocol::TurfId& turf, const ChainHash& first) {
    sql_->add_stream.run(workspace, turf, first);
    return {database_.last_insert_rowid()};
}

std::optional<ChainHash> SqliteStore::chain_at(StreamNo stream, std::uint64_t seq) {
    Rows rows = seq == 0 ? sql_->first_chain.query(stream) : sql_->chain_at.query(stream, seq);
    if (!rows.next()) return std::nullopt;
    return rows.id<ChainHash>(0);
}

}  // namespace vereda::server
