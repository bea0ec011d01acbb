#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/log/log_store.h"
#include "engine/workspace/environment.h"

namespace vereda::engine {

/// Writes log.db again from what still reads of it, when its disk has damaged SQLite's own pages
/// (docs/protocol/vault.md "Damage"). The damaged one stays beside it as `log.db.damaged`, for a
/// rescuer. The snapshot goes. The new file says itself of which tables rows are missing, so that
/// it is told also when the power fails before anybody opens it. False when all is left as it was,
/// since what is whole cannot be told. The caller holds the vault's lock and no connection.
[[nodiscard]] bool salvage_log(const Environment& environment, const std::string& directory);

/// What a salvage left for the opening after it: the tables of which rows are missing.
[[nodiscard]] std::optional<std::vector<std::string>> torn_tables(LogStore& store);
void forget_torn_tables(LogStore& store);

/// Whether such a damaged log.db lies there; and its end.
[[nodiscard]] bool has_damaged_log(FileSystem& files, const std::string& directory);
void remove_damaged_log(FileSystem& files, const std::string& directory);

}  // namespace vereda::engine
