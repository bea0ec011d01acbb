#include "engine/vault/vault_lock.h"

#include "engine/vault/vault_files.h"

namespace vereda::engine {

std::expected<VaultLock, VaultLockError> VaultLock::acquire(
    FileSystem& files, const std::string& vault_directory) {
    auto lock = files.lock(vault_path(vault_directory, lock_file_name));
    if (!lock) return std::unexpected(VaultLockError::in_use);
    return VaultLock(std::move(*lock));
}

}  // namespace vereda::engine
