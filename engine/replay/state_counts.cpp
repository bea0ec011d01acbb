#include "engine/replay/state_counts.h"

#include "engine/projection/schema.h"

namespace vereda::engine {
namespace {

constexpr const char* contacts_sql =
    "SELECT count(*), coalesce(sum(conflicts), 0) FROM contacts "
    "WHERE turf = ?1 AND root = id AND kind IS NOT NULL AND coalesce(flags, 0) & 1 = 0";
constexpr const char* interactions_sql =
    "SELECT count(*), coalesce(sum(conflicts), 0) FROM interactions "
    "WHERE id BETWEEN ?1 AND ?2 AND contact IS NOT NULL AND coalesce(flags, 0) & 1 = 0";

std::string select_deferred(const std::string& table, const std::string& conditions) {
    return "SELECT id FROM " + table + " WHERE " + row_flag::where_any(row_flag::deferred) +
           " AND flags & 1 = 0 AND " + conditions + " ORDER BY id";
}

// Of records of which entries stay in the log the tables do not know whether they differ.
std::uint64_t deferred_conflicts(Projection& projection, const LogStore& store, TurfNumber turf) {
    std::uint64_t conflicts = 0;
    Statement contacts(
        projection.database(),
        select_deferred("contacts", "turf = ?1 AND root = id AND kind IS NOT NULL"));
    for (const Row& row : contacts.query(turf))
        conflicts += projection.contacts().load({row.integer(0)})->state.conflicts().size();
    Statement interactions(
        projection.database(), select_deferred("interactions", "contact IS NOT NULL"));
    for (const Row& row : interactions.query()) {
        const LocalDot id{row.integer(0)};
        if (store.info(id.log()).turf != turf) continue;
        conflicts += projection.interactions().load(id)->state.conflicts().size();
    }
    return conflicts;
}

}  // namespace

StateCounts count_state(Projection& projection, const LogStore& store, TurfNumber turf) {
    StateCounts counts;
    const auto add = [&counts](Rows rows, std::uint64_t& records) {
        if (!rows.next()) return;
        records += static_cast<std::uint64_t>(rows.integer(0));
        counts.conflicts += static_cast<std::uint64_t>(rows.integer(1));
    };
    Statement contacts(projection.database(), contacts_sql);
    Statement interactions(projection.database(), interactions_sql);
    add(contacts.query(turf), counts.contacts);
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        if (!store.info({log}).described || store.info({log}).turf != turf) continue;
        const std::int64_t first = LocalDot::of({log}, {1}).value;
        const std::int64_t last = LocalDot::of({log + 1}, {0}).value - 1;
        add(interactions.query(first, last), counts.interactions);
    }
    counts.conflicts += deferred_conflicts(projection, store, turf);
    return counts;
}

}  // namespace vereda::engine
