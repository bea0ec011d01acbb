#include "engine/projection/deferred_entries.h"

namespace vereda::engine {

DeferredEntries::DeferredEntries(Database& database)
    : insert_(
          database,
          "INSERT INTO deferred_entries(entry, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      select_(database, "SELECT 1 FROM deferred_entries WHERE entry = ?1"),
      select_of_(database, "SELECT entry FROM deferred_entries WHERE record = ?1 ORDER BY entry"),
      delete_of_(database, "DELETE FROM deferred_entries WHERE record = ?1") {
    any_ =
        Statement(database, "SELECT 1 FROM deferred_entries LIMIT 1").query_integer().has_value();
}

void DeferredEntries::add(LocalDot record, LocalDot entry) {
    insert_.run(entry, record);
    any_ = true;
}

void DeferredEntries::forget(LocalDot record) {
    if (any_) delete_of_.run(record);
}

bool DeferredEntries::has(LocalDot entry) {
    return any_ && select_.query_integer(entry).has_value();
}

std::vector<LocalDot> DeferredEntries::of(LocalDot record) {
    std::vector<LocalDot> entries;
    if (!any_) return entries;
    for (const Row& row : select_of_.query(record)) entries.push_back({row.integer(0)});
    return entries;
}

}  // namespace vereda::engine
