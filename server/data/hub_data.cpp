#include "server/data/hub_data.h"

#include <algorithm>

#include "engine/storage/storage_failure.h"

namespace vereda::server {
namespace {

constexpr std::size_t seed_size = 32;

std::expected<crypto::SigningKey, OpenDataError> load_or_make_key(
    engine::FileSystem& files, const std::string& path, bool has_workspaces,
    crypto::Entropy& entropy) {
    const auto seed = files.read(path, seed_size);
    if (seed && seed->size() == seed_size) return crypto::SigningKey::from_seed(*seed);
    if (seed || seed.error() != engine::ReadFileError::missing) {
        return std::unexpected(OpenDataError::key_damaged);
    }
    if (has_workspaces) return std::unexpected(OpenDataError::key_missing);
    auto key = crypto::SigningKey::generate(entropy);
    files.write(path, key.seed());
    return key;
}

engine::FileIdentity identity_of(engine::FileSystem& files, const std::string& path) {
    const auto identity = files.identity(path);
    if (!identity) {
        throw engine::StorageFailure(engine::StorageFault::cannot_open, "no such file: " + path);
    }
    return *identity;
}

}  // namespace

std::expected<std::unique_ptr<HubData>, OpenDataError> HubData::open(
    engine::FileSystem& files, const std::string& directory, crypto::Entropy& entropy,
    HostSays word) {
    files.create_directory(directory);
    auto lock = files.lock(directory + "/hub.lock");
    if (!lock) return std::unexpected(OpenDataError::held_elsewhere);
    auto store = SqliteStore::open({.path = directory + "/hub.db", .cache_kib = 16 * 1024});
    if (!store) return std::unexpected(OpenDataError::newer_database);
    const bool has_workspaces = !(*store)->workspaces().all().empty();
    auto key = load_or_make_key(files, directory + "/hub.key", has_workspaces, entropy);
    if (!key) return std::unexpected(key.error());
    std::unique_ptr<HubData> data(
        new HubData(files, directory, *std::move(lock), *std::move(store), *std::move(key)));
    data->guard(files, directory, word);
    return data;
}

HubData::HubData(
    engine::FileSystem& files, const std::string& directory, std::unique_ptr<engine::FileLock> lock,
    std::unique_ptr<SqliteStore> store, crypto::SigningKey key)
    : lock_(std::move(lock)),
      store_(std::move(store)),
      tokens_(files, tokens_path(directory)),
      key_(std::move(key)) {}

void HubData::guard(engine::FileSystem& files, const std::string& directory, HostSays word) {
    const std::string path = directory + "/hub.guard";
    const auto database = identity_of(files, directory + "/hub.db");
    const auto before = HubGuard::load(files, path);
    // Nothing was ever served: no one can have seen an earlier epoch.
    const bool is_new = !before && store_->leaves() == 0;
    const bool is_ours = before && HubGuard::vouches(
                                       *before, identity_of(files, path), database,
                                       store_->workspaces().hub_epoch(), store_->leaves());
    restored_ = !is_new && (!is_ours || word == HostSays::restored);
    if (restored_) {
        Workspaces& workspaces = store_->workspaces();
        workspaces.begin_epoch(std::max(workspaces.hub_epoch(), before ? before->epoch : 0) + 1);
    }
    const auto renew = [this, &files, path, database] {
        guard_ = std::make_unique<HubGuard>(
            files, path, store_->workspaces().hub_epoch(), database, store_->leaves());
    };
    renew();
    store_->on_commit([this](std::uint64_t leaves) { guard_->note(leaves); });
    store_->on_epoch(renew);
}

}  // namespace vereda::server
