#include "engine/log/reference_rows.h"

#include <algorithm>
#include <set>

namespace vereda::engine {
namespace {

ReferenceTable::Row row_of(const LogStore& store, LogOrdinal log, protocol::Seq seen) {
    ReferenceTable::Row row{log, seen};
    for (LogOrdinal at = log; store.info(at).branch; at = store.info(at).branch->parent)
        row.earlier.push_back({store.info(at).branch->first_seq, store.info(at).branch->parent});
    return row;
}

bool starts_with(const protocol::BlockHash& hash, const protocol::BlockHashStart& start) {
    return std::equal(start.begin(), start.end(), hash.bytes.begin());
}

// The branch that has the block which the author had seen. While that block is not here, the name
// he wrote has to do, and is remembered as a guess.
LogOrdinal branch_meant(LogStore& store, LogOrdinal named, const protocol::TableRow& row) {
    const LogOrdinal root = store.root_of(named);
    if (!store.has_forked(root)) return named;
    for (const LogOrdinal log : store.family_of(root)) {
        const auto block = store.block_holding(LocalDot::of(log, row.seen));
        if (block && starts_with(block->hash, row.block_hash_start)) return log;
    }
    store.note_guess(row.block_hash_start);
    return named;
}

void gather(std::set<std::uint64_t>& indexes, const protocol::Slot& slot) {
    if (!slot.present) return;
    const auto entry = protocol::parse_entry(slot.bytes);
    if (!entry) return;
    if (entry->record) indexes.insert(entry->record->index);
    if (entry->parent) indexes.insert(entry->parent->index);
    const auto in_body =
        protocol::references_of(static_cast<protocol::EventType>(entry->type), entry->body);
    if (!in_body) return;
    for (const protocol::Reference& reference : *in_body) indexes.insert(reference.index);
}

// The rows that the entries of a block refer to, by their indexes.
std::set<std::uint64_t> indexes_used(const protocol::OpenedPayload& payload) {
    std::set<std::uint64_t> indexes;
    for (const protocol::Slot& slot : payload.slots) gather(indexes, slot);
    return indexes;
}

}  // namespace

ReferenceTable reference_table(
    LogStore& store, LogOrdinal log, const protocol::OpenedPayload& payload) {
    const std::vector<protocol::TableRow>& table = payload.preamble.table;
    std::optional<std::set<std::uint64_t>> used;
    std::vector<ReferenceTable::Row> rows;
    rows.reserve(table.size());
    for (const protocol::TableRow& row : table) {
        auto named = store.find_log(row.log);
        if (!named) {
            if (!used) used = indexes_used(payload);
            if (used->contains(rows.size() + 1)) named = store.ordinal_of(row.log);
        }
        rows.push_back(
            named ? row_of(store, branch_meant(store, *named, row), row.seen)
                  : ReferenceTable::Row{});
    }
    return {row_of(store, log, {}), std::move(rows)};
}

}  // namespace vereda::engine
