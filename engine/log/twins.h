#pragma once

#include <string>
#include <vector>

#include "engine/storage/database.h"

/// The small tables of log.db that nothing seals: names and numbers of turfs and logs, places in
/// the hub's streams, odds and ends. Each of their rows lies in the table `twins` twice more, as
/// text; triggers of the connection see to it. So one rotten byte is outvoted, wherever of the
/// three it is (docs/protocol/vault.md "Damage").
namespace vereda::engine {

/// The table, and twins of the rows that are there already.
[[nodiscard]] std::string twins_schema();
/// What keeps them, for one connection (engine/log/log_schema.h).
[[nodiscard]] std::string twins_triggers();

/// Compares every row with its twins and mends whichever of them is alone. The names of the tables
/// in which it mended something, in the caller's transaction, and before the
/// connection has its triggers.
[[nodiscard]] std::vector<std::string> mend_by_twins(Database& database);

}  // namespace vereda::engine
