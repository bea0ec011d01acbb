#include "engine/projection/left_entries.h"

namespace vereda::engine {

LeftEntries::LeftEntries(Database& database)
    : insert_(
          database,
          "INSERT INTO left_in_log(entry, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      select_(database, "SELECT 1 FROM left_in_log WHERE entry = ?1"),
      select_of_(database, "SELECT entry FROM left_in_log WHERE record = ?1 ORDER BY entry"),
      delete_of_(database, "DELETE FROM left_in_log WHERE record = ?1") {
    any_ = Statement(database, "SELECT 1 FROM left_in_log LIMIT 1").query_integer().has_value();
}

void LeftEntries::add(LocalDot record, LocalDot entry) {
    insert_.run(entry, record);
    any_ = true;
}

void LeftEntries::forget(LocalDot record) {
    if (any_) delete_of_.run(record);
}

bool LeftEntries::has(LocalDot entry) { return any_ && select_.query_integer(entry).has_value(); }

std::vector<LocalDot> LeftEntries::of(LocalDot record) {
    std::vector<LocalDot> entries;
    if (!any_) return entries;
    for (const Row& row : select_of_.query(record)) entries.push_back({row.integer(0)});
    return entries;
}

}  // namespace vereda::engine
