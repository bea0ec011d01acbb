#pragma once

#include <expected>
#include <span>

#include "engine/storage/database.h"

namespace vereda::engine {

enum class MigrationError {
    newer_database,  ///< Made by a later version of this program; nothing was touched.
};

/// Brings a database to the schema that `steps` end in. Step n (from 0) leads from user_version n
/// to n + 1; steps already taken are skipped, the others run in one transaction, so that a crash
/// leaves the old schema or the new. A step once published never changes. Throws StorageFailure.
[[nodiscard]] std::expected<void, MigrationError> migrate(
    Database& database, std::span<const char* const> steps);

/// Whether the database has the very schema that `steps` end in, whatever its version says.
[[nodiscard]] bool has_schema_of(Database& database, std::span<const char* const> steps);
/// Puts the version right where it alone is rotten: the schema is the one that `steps` end in.
void mend_schema_version(Database& database, std::span<const char* const> steps);
/// Where one row of the schema is rotten, so that SQLite may not even read the tables: puts the one
/// that is missing in its place. True when it did; open the database anew then.
[[nodiscard]] bool mend_schema(const DatabaseOptions& options, std::span<const char* const> steps);

}  // namespace vereda::engine
