#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/workspace/environment.h"

namespace vereda::engine {

/// Writes log.db again from what still reads of it, when its disk has damaged SQLite's own pages
/// (docs/protocol/vault.md "Damage"). The damaged one stays beside it as `log.db.damaged`, for a
/// rescuer. The snapshot goes. Returns the tables of which rows are missing; nothing when all is
/// left as it was, since what is whole cannot be told. The caller holds the vault's lock and no
/// connection.
[[nodiscard]] std::optional<std::vector<std::string>> salvage_log(
    const Environment& environment, const std::string& directory);

/// Whether such a damaged log.db lies there; and its end.
[[nodiscard]] bool has_damaged_log(FileSystem& files, const std::string& directory);
void remove_damaged_log(FileSystem& files, const std::string& directory);

}  // namespace vereda::engine
