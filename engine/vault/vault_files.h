#pragma once

// Lives here: the vault's files: header with its key slots, guard, lock, sealing.
// Begin: here, then `vault_header.h`.
// Must not know: logs and people: it keeps keys and seals bytes.

#include <string>
#include <string_view>

namespace vereda::engine {

/// The files of a vault's directory.
inline constexpr std::string_view header_file_name = "vault.header";
inline constexpr std::string_view lock_file_name = "vault.lock";
inline constexpr std::string_view guard_file_name = "vault.guard";
inline constexpr std::string_view log_file_name = "log.db";
inline constexpr std::string_view damaged_log_file_name = "log.db.damaged";
inline constexpr std::string_view snapshot_file_name = "projection.snapshot";

[[nodiscard]] inline std::string vault_path(const std::string& directory, std::string_view name) {
    return directory + "/" + std::string(name);
}

}  // namespace vereda::engine
