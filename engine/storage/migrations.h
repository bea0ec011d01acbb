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
/// Puts the version right where it alone is rotten: the schema is the one that `steps` end in, and
/// not that of the version.
void mend_schema_version(Database& database, std::span<const char* const> steps);

}  // namespace vereda::engine
