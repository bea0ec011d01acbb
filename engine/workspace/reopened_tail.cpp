#include "engine/replay/reference_rows.h"
#include "engine/workspace/log_writer.h"

/// An own log that ends before its last block, because that block is lost: what comes after it
/// becomes open again.
namespace vereda::engine {
namespace {

// An entry of a block as it was before it was closed.
Bytes reopened_form(
    const protocol::Entry& closed, const protocol::Preamble& preamble,
    const ReferenceTable& references, LocalDot own) {
    const auto reopen = [&](const protocol::Reference& reference) {
        const LocalDot dot = references.resolve(reference);
        return open_reference(dot.is_none() ? own : dot, own.log());
    };
    const auto type = static_cast<protocol::EventType>(closed.type);
    auto in_body = protocol::references_of(type, closed.body);
    VEREDA_ASSERT(in_body);  // this vault wrote it
    for (protocol::Reference& reference : *in_body) reference = reopen(reference);
    const auto body = protocol::with_references(type, closed.body, *in_body);
    VEREDA_ASSERT(body);
    protocol::Entry entry = closed;
    if (entry.record) entry.record = reopen(*entry.record);
    if (entry.parent) entry.parent = reopen(*entry.parent);
    entry.time_offset_ms = protocol::entry_time(preamble, closed).value;
    entry.body = *body;
    return protocol::encode_entry(entry);
}

std::optional<protocol::Entry> entry_in(const OpenedBlock& block, std::size_t at) {
    if (!block.payload || at >= block.payload->slots.size()) return std::nullopt;
    if (!block.payload->slots[at].present) return std::nullopt;
    const auto entry = protocol::parse_entry(block.payload->slots[at].bytes);
    return entry ? std::optional(*entry) : std::nullopt;
}

}  // namespace

/// Open entries in the making.
struct LogWriter::Reopened {
    std::vector<std::pair<LocalDot, Bytes>> entries;
    std::vector<StoredBlock> lost;
    bool lacks_key = false;
};

void LogWriter::reopen_block(
    const Roster& roster, const Keyring& keys, const StoredBlock& stored, Reopened& into) {
    const OpenedBlock block =
        open_block(roster.workspace(), keys, stored.bytes, stored.acceptance, true);
    into.lacks_key = into.lacks_key || (!block.payload && stored.state != BlockState::damaged);
    if (!block.payload) into.lost.push_back(stored);
    std::optional<ReferenceTable> references;
    if (block.payload) references = read_references(store_, stored.log, *block.payload).table;
    for (std::uint32_t at = 0; at < stored.count; ++at) {
        const LocalDot dot = LocalDot::of(stored.log, {stored.first_seq.value + at});
        const auto entry = entry_in(block, at);
        into.entries.emplace_back(
            dot, entry ? reopened_form(*entry, block.payload->preamble, *references, dot)
                       : void_entry(writing_time(clock_.now())));
    }
}

void LogWriter::insert_reopened(const Reopened& reopened) {
    for (const auto& [dot, entry] : reopened.entries)
        store_.insert_open(dot, false, sealer_.seal(open_place(dot), entry));
}

std::optional<std::vector<StoredBlock>> LogWriter::reopen_tail(
    const Roster& roster, const Keyring& keys, LogOrdinal log, std::uint64_t block_no) {
    const auto first = store_.block(log, block_no);
    if (!first) throw StorageFailure(StorageFault::corrupt, "a block that an index names");
    Reopened tail;
    store_.visit_blocks(log, first->first_seq.before(), [&](const StoredBlock& stored) {
        reopen_block(roster, keys, stored, tail);
        return true;
    });
    if (tail.lacks_key) return std::nullopt;
    store_.cut_log(log, block_no);
    insert_reopened(tail);
    return std::move(tail.lost);
}

bool LogWriter::reopen_behind_gap(
    const Roster& roster, const Keyring& keys, LogOrdinal log,
    const std::vector<StoredBlock>& blocks) {
    Reopened behind;
    const std::optional<BlockHead>& head = store_.head(log);
    std::uint64_t next = head ? head->last_seq.value + 1 : 1;
    for (const StoredBlock& stored : blocks) {
        for (; next < stored.first_seq.value; ++next)
            behind.entries.emplace_back(
                LocalDot::of(log, {next}), void_entry(writing_time(clock_.now())));
        reopen_block(roster, keys, stored, behind);
        next = stored.first_seq.value + stored.count;
    }
    if (behind.lacks_key) return false;
    insert_reopened(behind);
    return true;
}

}  // namespace vereda::engine
