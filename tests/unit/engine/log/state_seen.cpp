#include "tests/unit/engine/log/state_seen.h"

#include "engine/replay/reference_rows.h"

namespace vereda::tests {

using namespace engine;

namespace {

// As the vectors write it.
std::string word_of(EntryStatus status) {
    switch (status) {
        case EntryStatus::pending:
            return "pending";
        case EntryStatus::withheld:
            return "withheld";
        case EntryStatus::no_authority:
            return "no authority";
        case EntryStatus::malformed:
            return "malformed";
        case EntryStatus::foreign:
            return "names a record of another turf";
        default:
            return "another";
    }
}

}  // namespace

std::vector<bool> proven_rows(
    LogStore& store, LogOrdinal log, const protocol::OpenedPayload& payload) {
    const ReferenceTable table = read_references(store, log, payload).table;
    const LocalDot by = LocalDot::of(log, {1});
    std::vector<bool> proven;
    for (std::size_t row = 1; row <= payload.preamble.table.size(); ++row)
        proven.push_back(table.resolve(protocol::Reference{row, {1}}, by).proven);
    return proven;
}

std::string status_of(const Projection& projection, LocalDot entry) {
    const auto& exceptions = projection.frontier().exceptions();
    const auto found = exceptions.find(entry.value);
    if (found == exceptions.end())
        return projection.frontier().applied(entry) ? "applied" : "not read";
    if (found->second == EntryStatus::unknown) return "unknown";
    if (found->second == EntryStatus::unknown_critical) return "binds";
    return word_of(found->second);
}

bool is_bound(Projection& projection, LocalDot record) {
    const auto contact = projection.contacts().load(record);
    const auto interaction = projection.interactions().load(record);
    return (contact && contact->state.is_bound()) || (interaction && interaction->state.is_bound());
}

}  // namespace vereda::tests
