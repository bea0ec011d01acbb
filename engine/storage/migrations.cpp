#include "engine/storage/migrations.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

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

struct SchemaRow {
    std::int64_t rowid = 0;
    std::string type, name, table;
    std::optional<std::string> sql;
    [[nodiscard]] bool says_the_same_as(const SchemaRow& other) const {
        return type == other.type && name == other.name && table == other.table && sql == other.sql;
    }
};

std::vector<SchemaRow> schema_rows(Database& database) {
    std::vector<SchemaRow> rows;
    Statement select(database, "SELECT rowid, type, name, tbl_name, sql FROM sqlite_schema");
    for (const Row& row : select.query()) {
        rows.push_back(
            {row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
             std::string(row.text(3)),
             row.is_null(4) ? std::nullopt : std::optional(std::string(row.text(4)))});
    }
    return rows;
}

// Those of `all` that `some` has not.
std::vector<SchemaRow> without(
    const std::vector<SchemaRow>& all, const std::vector<SchemaRow>& some) {
    std::vector<SchemaRow> left;
    for (const SchemaRow& row : all) {
        const bool found = std::ranges::any_of(
            some, [&](const SchemaRow& other) { return row.says_the_same_as(other); });
        if (!found) left.push_back(row);
    }
    return left;
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
    thread_local const char* const* known_steps = nullptr;
    thread_local std::string known;  // making it takes a millisecond
    if (known_steps != steps.data()) {
        Database fresh({.path = {}, .in_memory = true});
        for (const char* const step : steps) fresh.exec(step);
        known = schema_of(fresh);
        known_steps = steps.data();
    }
    return schema_of(database) == known;
}

void mend_schema_version(Database& database, std::span<const char* const> steps) {
    const auto target = static_cast<std::int64_t>(steps.size());
    const std::int64_t current = database.user_version();
    if (current == target || current == 0 || !has_schema_of(database, steps)) return;
    database.set_user_version(target);
}

bool mend_schema(const DatabaseOptions& options, std::span<const char* const> steps) {
    Database fresh({.path = {}, .in_memory = true});
    for (const char* const step : steps) fresh.exec(step);
    const auto right = schema_rows(fresh);
    Database damaged(options, Database::Schema::may_be_rotten);
    const auto there = schema_rows(damaged);
    const auto missing = without(right, there);
    const auto strange = without(there, right);
    if (missing.size() != 1 || strange.size() != 1) return false;
    const SchemaRow& row = missing.front();
    Statement(
        damaged,
        "UPDATE sqlite_schema SET type = ?2, name = ?3, tbl_name = ?4, sql = ?5 WHERE rowid = ?1")
        .run(strange.front().rowid, row.type, row.name, row.table, row.sql);
    return true;
}

}  // namespace vereda::engine
