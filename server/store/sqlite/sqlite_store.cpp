#include "server/store/sqlite/sqlite_store.h"

#include "engine/storage/migrations.h"
#include "server/store/sqlite/sqlite_epoch.h"
#include "server/store/sqlite/sqlite_schema.h"

namespace vereda::server {

SqliteStore::SqliteStore(engine::Database database, bool shared)
    : database_(std::move(database)),
      shared_(shared),
      workspaces_(database_, memory_),
      streams_(database_, memory_),
      logs_(database_),
      rosters_(database_, memory_),
      committed_leaves_(memory_.leaves) {}

std::expected<std::unique_ptr<SqliteStore>, OpenStoreError> SqliteStore::open(
    const engine::DatabaseOptions& options) {
    engine::DatabaseOptions ours = options;
    ours.checkpoints = engine::DatabaseOptions::Checkpoints::when_asked;
    engine::Database database(ours);
    if (!engine::migrate(database, sqlite_schema)) {
        return std::unexpected(OpenStoreError::newer_database);
    }
    place_blocks_of_before(database);
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(database), options.shared));
}

namespace {

using Kind = engine::Transaction::Kind;

}  // namespace

Standing SqliteStore::begin(const Footprint& footprint) {
    writes_ = footprint.writes;
    open_.emplace(database_, writes_ ? Kind::writes : Kind::reads);
    if (shared_) note_others();
    Standing standing;
    for (const auto& [id, part] : footprint.workspaces) {
        auto stands = workspaces_.standing(id);
        if (!stands) continue;
        for (const protocol::TurfId& turf : part.turfs) {
            stands->streams[turf] = streams_.find(stands->no, turf).value_or(StreamEnd{});
        }
        for (const protocol::DeviceId& device : part.devices) {
            stands->devices[device] = memory_.version_of(stands->no, device);
        }
        standing.emplace(id, *std::move(stands));
    }
    return standing;
}

/// What another connection has committed makes everything remembered doubtful.
void SqliteStore::note_others() {
    const std::int64_t version = database_.data_version();
    if (version == seen_) return;
    memory_.forget();
    workspaces_.refresh();
    committed_leaves_ = memory_.leaves;
    seen_ = version;
}

void SqliteStore::commit() {
    VEREDA_ASSERT(open_.has_value());
    open_->commit();
    open_.reset();
    if (!writes_) return;
    committed_leaves_ = memory_.leaves;
    if (listener_) listener_(committed_leaves_);
}

void SqliteStore::rollback() noexcept {
    if (open_ && writes_) memory_.forget();
    open_.reset();
    memory_.leaves = committed_leaves_;
}

}  // namespace vereda::server
