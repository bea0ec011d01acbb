#pragma once

#include <expected>
#include <memory>
#include <string>

#include "engine/storage/file_system.h"

namespace vereda::engine {

enum class VaultLockError {
    in_use,  ///< Another process, or another opening in this one, works with the vault.
};

/// Keeps everyone else out of a vault, from before its header is read until the last file is
/// closed. A process that dies lets go; the empty lock file stays and means nothing by itself.
class VaultLock {
  public:
    /// Error: `in_use`. Throws StorageFailure when the directory does not take the file.
    [[nodiscard]] static std::expected<VaultLock, VaultLockError> acquire(
        FileSystem& files, const std::string& vault_directory);

  private:
    explicit VaultLock(std::unique_ptr<FileLock> lock) : lock_(std::move(lock)) {}
    std::unique_ptr<FileLock> lock_;
};

}  // namespace vereda::engine
