#pragma once

#include <string>
#include <vector>

#include "engine/storage/database.h"

/// The small tables of log.db that nothing seals: names and numbers of turfs and logs, places in
/// the hub's streams, odds and ends. The table `twins` holds each of their rows twice more, as
/// text; triggers of the connection write it. So a rotten byte in one of the three is outvoted
/// (docs/protocol/vault.md "Damage").
namespace vereda::engine {

/// SQL that creates the table, with twins of the rows that are there already.
[[nodiscard]] std::string twins_schema();
/// SQL that adds the twins of `mishaps`, which vaults made before do not have.
[[nodiscard]] std::string mishap_twins();
/// SQL of the triggers that keep the twins, for one connection (engine/log/log_schema.h).
[[nodiscard]] std::string twins_triggers();

/// Compares every row with its twins and mends the one of the three that differs. Returns the names
/// of the tables in which it mended something. Call it in a transaction, before the connection has
/// its triggers.
[[nodiscard]] std::vector<std::string> mend_by_twins(Database& database);

}  // namespace vereda::engine
