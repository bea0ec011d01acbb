#include "engine/storage/migrations.h"

#include <string>

#include "engine/storage/statement.h"
#include "engine/storage/transaction.h"

namespace vereda::engine {
namespace {

std::string schema_of(Database& database) {
    std::string all;
    Statement select(database, "SELECT name, tbl_name, sql FROM sqlite_schema ORDER BY name");
    for (const Row& row : select.query()) {
        for (int column = 0; column < 3; ++column) {
            all += row.text(column);
            all += '\n';
        }
    }
    return all;
}

bool is_empty(Database& database) {
    return Statement(database, "SELECT count(*) FROM sqlite_schema").query_integer() == 0;
}

}  // namespace

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

bool has_schema_of(Database& database, std::span<const char* const> steps) {
    thread_local std::span<const char* const> known_steps;
    thread_local std::string known;  // making it takes a millisecond
    if (known_steps.data() != steps.data() || known_steps.size() != steps.size()) {
        Database fresh({.path = {}, .in_memory = true});
        for (const char* const step : steps) fresh.exec(step);
        known = schema_of(fresh);
        known_steps = steps;
    }
    return schema_of(database) == known;
}

void mend_schema_version(Database& database, std::span<const char* const> steps) {
    const auto target = static_cast<std::int64_t>(steps.size());
    const std::int64_t current = database.user_version();
    if (current == target || is_empty(database)) return;
    // A step may leave the schema as it is: then it is still to be taken.
    const bool is_earlier = current > 0 && current < target;
    if (is_earlier && has_schema_of(database, steps.first(static_cast<std::size_t>(current))))
        return;
    if (has_schema_of(database, steps)) database.set_user_version(target);
}

}  // namespace vereda::engine
