#pragma once

// Lives here: the hub's directory: its key, guard and founding tokens.
// Begin: here.
// Must not know: requests.

#include <memory>
#include <string>

#include "crypto/entropy.h"
#include "crypto/signature.h"
#include "engine/storage/file_system.h"
#include "server/data/founding_tokens.h"
#include "server/data/hub_guard.h"
#include "server/store/sqlite/sqlite_store.h"

namespace vereda::server {

enum class OpenDataError {
    newer_database,  ///< Made by a later version of this program.
    key_missing,     ///< There are workspaces, but not the key that their devices trust.
    key_damaged,
    held_elsewhere,  ///< Another hub has the directory open.
};

/// What the host says of the data when starting: an image of the whole disk, put back, does not
/// show it by itself.
enum class HostSays { nothing, restored };

/// Everything a hub keeps, in one directory of its owner (0700):
///
///     hub.db       blocks, rosters, wraps
///     hub.key      seed of the key that signs stream heads (32 bytes, 0600)
///     hub.guard    tells restored data
///     tls.pem      TLS key and certificate
///     tokens/      founding tokens, hashed
class HubData {
  public:
    /// Opens or makes it; begins a new hub epoch when the data is not what this hub served last, or
    /// when the host says so. `files` outlives it.
    /// Throws StorageFailure: `locked` when another hub has it open.
    [[nodiscard]] static std::expected<std::unique_ptr<HubData>, OpenDataError> open(
        engine::FileSystem& files, const std::string& directory, crypto::Entropy& entropy,
        HostSays word = HostSays::nothing);

    [[nodiscard]] SqliteStore& store() { return *store_; }
    [[nodiscard]] FileTokens& tokens() { return tokens_; }
    [[nodiscard]] const crypto::SigningKey& key() const { return key_; }
    /// True when opening found restored data and began a new epoch.
    [[nodiscard]] bool is_restored() const { return restored_; }

    [[nodiscard]] static std::string tls_path(const std::string& directory) {
        return directory + "/tls.pem";
    }
    [[nodiscard]] static std::string tokens_path(const std::string& directory) {
        return directory + "/tokens";
    }

  private:
    HubData(
        engine::FileSystem& files, const std::string& directory,
        std::unique_ptr<engine::FileLock> lock, std::unique_ptr<SqliteStore> store,
        crypto::SigningKey key);
    void guard(engine::FileSystem& files, const std::string& directory, HostSays word);

    std::unique_ptr<engine::FileLock> lock_;
    std::unique_ptr<SqliteStore> store_;
    FileTokens tokens_;
    crypto::SigningKey key_;
    std::unique_ptr<HubGuard> guard_;
    bool restored_ = false;
};

}  // namespace vereda::server
