#include "engine/storage/migrations.h"

#include "engine/storage/transaction.h"

namespace vereda::engine {

std::expected<void, MigrationError> migrate(
    Database& database, std::span<const char* const> steps) {
    const auto target = static_cast<std::int64_t>(steps.size());
    const std::int64_t current = database.user_version();
    if (current > target) return std::unexpected(MigrationError::newer_database);
    if (current == target) return {};

    Transaction transaction(database);
    for (std::int64_t step = current; step < target; ++step) {
        database.exec(steps[static_cast<std::size_t>(step)]);
    }
    database.set_user_version(target);
    transaction.commit();
    return {};
}

}  // namespace vereda::engine
