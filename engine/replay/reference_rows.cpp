#include "engine/replay/reference_rows.h"

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

// The block which the author had seen, in a log of the reader's turf. Of two blocks that begin
// alike in one log, a feat of many hours, it is the one with the smaller hash.
std::optional<BlockPlaceInLog> find_proof(
    LogStore& store, LogOrdinal reader, LogOrdinal named, const protocol::TableRow& row) {
    const LogOrdinal root = store.root_of(named);
    if (!store.info(root).described || store.info(root).turf != store.info(reader).turf)
        return std::nullopt;
    std::optional<BlockPlaceInLog> found;
    for (const BlockPlaceInLog& block : store.blocks_beginning_with(row.block_hash_start)) {
        const SeqRange held = block.entries();
        const bool holds_seen = held.first <= row.seen && row.seen <= held.last;
        if (!holds_seen || store.root_of(block.log) != root) continue;
        if (!found || block.hash < found->hash) found = block;
    }
    return found;
}

/// What the entries of a block do with the rows of its table, by index.
struct RowUses {
    std::set<std::uint64_t> records;   ///< A record, or its parent, lies there.
    std::set<std::uint64_t> removals;  ///< Something is taken away through it.
};

void gather(RowUses& uses, const protocol::Slot& slot) {
    if (!slot.present) return;
    const auto entry = protocol::parse_entry(slot.bytes);
    if (!entry) return;
    const auto type = static_cast<protocol::EventType>(entry->type);
    if (entry->parent) uses.records.insert(entry->parent->index);
    if (entry->record) uses.records.insert(entry->record->index);
    // Also by an over of 0, and by a retract: they go through the record's own reference.
    if (entry->record) uses.removals.insert(entry->record->index);
    const auto in_body = protocol::references_of(type, entry->body);
    if (!in_body) return;
    for (const protocol::Reference& reference : *in_body) uses.removals.insert(reference.index);
}

RowUses uses_of(const protocol::OpenedPayload& payload) {
    RowUses uses;
    for (const protocol::Slot& slot : payload.slots) gather(uses, slot);
    return uses;
}

/// Reads the rows of one table.
class TableReading {
  public:
    TableReading(LogStore& store, LogOrdinal log, const protocol::OpenedPayload& payload)
        : store_(store), log_(log), payload_(payload) {}

    BlockReferences read() {
        store_.mention(unknown_logs());
        for (const protocol::TableRow& row : payload_.preamble.table)
            rows_.push_back(read_row(row));
        BlockReferences read{.table = {{}, {}}, .as_whole = rows_.size() > rows_proven_alone_max};
        if (!std::ranges::all_of(rows_, &ReferenceTable::Row::proven)) list_missing(read);
        read.table = {row_of(store_, log_, {}), std::move(rows_)};
        return read;
    }

  private:
    const RowUses& uses() {
        if (!uses_) uses_ = uses_of(payload_);
        return *uses_;
    }

    // Those in which an entry's record or parent lies. No other has to have a number.
    std::vector<protocol::LogId> unknown_logs() {
        std::vector<protocol::LogId> unknown;
        std::uint64_t index = 0;
        for (const protocol::TableRow& row : payload_.preamble.table) {
            ++index;
            if (!store_.find_log(row.log) && uses().records.contains(index))
                unknown.push_back(row.log);
        }
        return unknown;
    }

    ReferenceTable::Row read_row(const protocol::TableRow& row) {
        const auto named = store_.find_log(row.log);
        if (!named) return {};
        const auto proof = find_proof(store_, log_, *named, row);
        // Beyond the bound on branches a block proves what was seen, and its entries have no names.
        if (proof && !proof->is_read) return {.proven = true};
        ReferenceTable::Row read = row_of(store_, proof ? proof->log : *named, row.seen);
        read.proven = proof.has_value();
        return read;
    }

    // While its block is not here, the name in the row has to do for what lies in a log that
    // forked: it may turn out to mean another branch.
    [[nodiscard]] bool may_change_meaning(const ReferenceTable::Row& row) const {
        return row.log.value != 0 && store_.has_forked(store_.root_of(row.log));
    }

    void list_missing(BlockReferences& read) {
        const bool takes_away =
            std::ranges::any_of(uses().removals, [](std::uint64_t index) { return index != 0; });
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (rows_[i].proven) continue;
            const protocol::BlockHashStart& start = payload_.preamble.table[i].block_hash_start;
            const bool removes = read.as_whole ? takes_away : uses().removals.contains(i + 1);
            if (removes) read.unproven.push_back(start);
            if (may_change_meaning(rows_[i])) read.guessed.push_back(start);
        }
        if (!read.as_whole) return;
        for (ReferenceTable::Row& row : rows_) row.proven = false;
    }

    LogStore& store_;
    LogOrdinal log_;
    const protocol::OpenedPayload& payload_;
    std::vector<ReferenceTable::Row> rows_;
    std::optional<RowUses> uses_;
};

}  // namespace

BlockReferences read_references(
    LogStore& store, LogOrdinal log, const protocol::OpenedPayload& payload) {
    return TableReading(store, log, payload).read();
}

}  // namespace vereda::engine
