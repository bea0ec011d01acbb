#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/log/log_store.h"
#include "engine/workspace/environment.h"

namespace vereda::engine {

/// Writes log.db again from the rows that still read, when its disk has damaged SQLite's own pages
/// (docs/protocol/vault.md "Damage"). The damaged file stays beside it as `log.db.damaged`, for a
/// rescuer. The snapshot is removed. The new file names the tables of which rows are missing, so
/// this is not forgotten when the power fails before the next opening. False when nothing was
/// changed, because nothing shows which rows are whole. The caller holds the vault's lock and no
/// connection.
[[nodiscard]] bool salvage_log(const Environment& environment, const std::string& directory);

/// The tables of which rows are missing, as a salvage noted them for the next opening. Nothing when
/// no salvage left a note; no table when no row is missing.
[[nodiscard]] std::optional<std::vector<std::string>> torn_tables(LogStore& store);
void forget_torn_tables(LogStore& store);

/// Whether a salvage has left a `log.db.damaged` in the vault.
[[nodiscard]] bool has_damaged_log(FileSystem& files, const std::string& directory);
void remove_damaged_log(FileSystem& files, const std::string& directory);

}  // namespace vereda::engine
