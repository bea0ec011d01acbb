#include "engine/workspace/log_writer.h"

#include <algorithm>
#include <set>

#include "protocol/domain.h"
#include "protocol/limits.h"
#include "protocol/sync/leaf.h"

namespace vereda::engine {
namespace {

using protocol::Reference;

// An action in the open form of the log that `dot` is of.
protocol::Entry open_entry_of(const EntryDraft& draft, LocalDot dot, protocol::Millis time) {
    protocol::Entry entry{.type = static_cast<std::uint64_t>(draft.type)};
    entry.record = open_reference(draft.record.is_none() ? dot : draft.record, dot.log());
    if (!draft.parent.is_none()) entry.parent = open_reference(draft.parent, dot.log());
    entry.time_offset_ms = time.value;
    entry.body = draft.body;
    return entry;
}

// An own open entry taken apart for closing.
struct OpenForm {
    Bytes bytes;
    protocol::Entry entry;
    std::vector<Reference> in_body;
};

OpenForm parse_open(Bytes bytes) {
    OpenForm form{.bytes = std::move(bytes)};
    const auto entry = protocol::parse_entry(form.bytes);
    VEREDA_ASSERT(entry);
    form.entry = *entry;
    auto references =
        protocol::references_of(static_cast<protocol::EventType>(entry->type), entry->body);
    VEREDA_ASSERT(references);
    form.in_body = std::move(*references);
    return form;
}

// What stands in the place of an entry that cannot be closed.
OpenForm void_form(std::int64_t time) { return parse_open(void_entry({time})); }

// Tells the open entries that a block can hold from those that none can.
class Closable {
  public:
    Closable(LogStore& store, std::size_t heads) : store_(store), heads_(heads) {
        for (const SetAsideEntry& entry : store_.set_aside_entries()) aside_.insert(entry.dot);
    }

    [[nodiscard]] std::optional<WhySetAside> why_not(const OpenForm& form, LocalDot dot) const {
        const auto is_here = [&](const Reference& to) { return has(to, dot); };
        const auto stands = [&](const std::optional<Reference>& to) {
            return !to || (has(*to, dot) && !aside_.contains(resolved(*to, dot)));
        };
        if (!stands(form.entry.record) || !stands(form.entry.parent)) return WhySetAside::missing;
        if (!std::ranges::all_of(form.in_body, is_here)) return WhySetAside::missing;
        if (!fits_a_block(ClosingNeed(form.entry, form.in_body), heads_))
            return WhySetAside::too_large;
        return std::nullopt;
    }
    void set_aside(const OpenEntry& entry, WhySetAside why) {
        store_.set_aside(entry.dot, why, entry.sealed);
        aside_.insert(entry.dot);
    }

  private:
    static LocalDot resolved(const Reference& to, LocalDot from) {
        return ReferenceTable::of_ordinals(from.log()).resolve(to);
    }
    // A block's table can name what is here, closed, in another log; or what the own log has.
    [[nodiscard]] bool has(const Reference& to, LocalDot from) const {
        if (to.index == 0) return to.seq <= from.seq();
        if (to.index > store_.log_count() || to.index == from.log().value) return false;
        const auto& head = store_.head({static_cast<std::uint32_t>(to.index)});
        return head && to.seq <= head->last_seq;
    }

    LogStore& store_;
    std::size_t heads_;
    std::set<LocalDot> aside_;
};

// The entry as a block has it: its references by the block's table, its time from the block's base.
Bytes closed_form(
    const OpenForm& form, const std::map<std::uint64_t, std::uint64_t>& index_of,
    protocol::Millis base) {
    const auto renumber = [&](Reference reference) {
        if (reference.index != 0) reference.index = index_of.at(reference.index);
        return reference;
    };
    std::vector<Reference> in_body;
    for (const Reference& reference : form.in_body) in_body.push_back(renumber(reference));
    const auto body = protocol::with_references(
        static_cast<protocol::EventType>(form.entry.type), form.entry.body, in_body);
    VEREDA_ASSERT(body);
    protocol::Entry entry = form.entry;
    if (entry.record) entry.record = renumber(*entry.record);
    if (entry.parent) entry.parent = renumber(*entry.parent);
    entry.time_offset_ms -= base.value;
    entry.body = *body;
    return protocol::encode_entry(entry);
}

// The open form of an entry that moves from one log to another, its references to entries that
// moved with it renamed.
Bytes renamed_form(
    const OpenForm& form, LogOrdinal from, LogOrdinal to,
    const std::map<LocalDot, LocalDot>& renamed) {
    const ReferenceTable references = ReferenceTable::of_ordinals(from);
    const auto rename = [&](const Reference& reference) {
        const LocalDot dot = references.resolve(reference);
        const auto moved = renamed.find(dot);
        return open_reference(moved == renamed.end() ? dot : moved->second, to);
    };
    std::vector<Reference> in_body;
    for (const Reference& reference : form.in_body) in_body.push_back(rename(reference));
    const auto body = protocol::with_references(
        static_cast<protocol::EventType>(form.entry.type), form.entry.body, in_body);
    VEREDA_ASSERT(body);
    protocol::Entry entry = form.entry;
    if (entry.record) entry.record = rename(*entry.record);
    if (entry.parent) entry.parent = rename(*entry.parent);
    entry.body = *body;
    return protocol::encode_entry(entry);
}

}  // namespace

bool fits_an_entry(const EntryDraft& draft) {
    const auto references = protocol::references_of(draft.type, draft.body);
    if (!references) return false;  // more dots than an event may list
    const LocalDot last = LocalDot::of({}, {protocol::seq_max});
    return fits_a_block(ClosingNeed(open_entry_of(draft, last, {}), *references));
}

protocol::Millis writing_time(protocol::Millis clock) {
    return {clock.value & ~std::int64_t{0xff}};
}

Bytes void_entry(protocol::Millis time) {
    return protocol::encode_entry(
        {.type = static_cast<std::uint64_t>(protocol::EventType::void_entry),
         .time_offset_ms = time.value,
         .body = protocol::encode_void()});
}

struct LogWriter::Batch {
    explicit Batch(std::size_t heads) : budget(heads) {}
    protocol::Seq first;
    std::vector<OpenForm> entries;
    std::map<std::uint64_t, protocol::Seq> logs;  // referred to, by ordinal: the greatest entry
    ClosingBudget budget;
    bool from_outside = false;

    // Takes the form only when there is room for it.
    [[nodiscard]] bool take(OpenForm& form, LocalDot dot, bool outside) {
        if (!entries.empty() && outside != from_outside) return false;
        if (!budget.add(ClosingNeed(form.entry, form.in_body))) return false;
        if (entries.empty()) first = dot.seq();
        from_outside = outside;
        if (form.entry.record) note_seen(*form.entry.record);
        if (form.entry.parent) note_seen(*form.entry.parent);
        for (const Reference& reference : form.in_body) note_seen(reference);
        entries.push_back(std::move(form));
        return true;
    }

  private:
    void note_seen(const Reference& reference) {
        if (reference.index == 0) return;
        protocol::Seq& greatest = logs[reference.index];
        greatest = std::max(greatest, reference.seq);
    }
};

LogOrdinal LogWriter::own_log(const Roster& roster, TurfNumber turf) {
    const auto known = own_.find(turf);
    if (known != own_.end()) return known->second;
    const protocol::LogId id = protocol::log_id(
        roster.workspace(), author_.device, store_.turf(turf), author_.incarnation);
    const LogOrdinal log = store_.ordinal_of(id);
    if (!store_.info(log).described) {
        store_.describe(
            log, {.log = id,
                  .device = author_.device,
                  .turf = turf,
                  .incarnation = author_.incarnation});
    }
    projection_.set_log(log, turf, id);
    own_[turf] = log;
    return log;
}

std::vector<LogOrdinal> LogWriter::own_logs() const {
    std::vector<LogOrdinal> logs;
    for (std::uint32_t i = 1; i <= store_.log_count(); ++i) {
        if (store_.info({i}).described && store_.info({i}).device == author_.device)
            logs.push_back({i});
    }
    return logs;
}

Bytes LogWriter::open_place(LocalDot dot) const {
    const protocol::LogId& log = store_.info(dot.log()).log;
    Bytes place(log.bytes.begin(), log.bytes.end());
    append_u64(place, dot.seq().value);
    return place;
}

Bytes LogWriter::unseal(LocalDot dot, ByteView sealed) const {
    auto plain = open_form(dot, sealed);
    if (!plain)
        throw StorageFailure(StorageFault::corrupt, "an open entry of this vault does not open");
    return std::move(*plain);
}

LocalDot LogWriter::append(const Roster& roster, TurfNumber turf, const EntryDraft& draft) {
    const LogOrdinal log = own_log(roster, turf);
    const LocalDot dot = LocalDot::of(log, projection_.frontier().read_to(log).next());
    VEREDA_ASSERT(fits_an_entry(draft));
    const protocol::Millis time = writing_time(draft.time.value_or(clock_.now()));
    const Bytes bytes = protocol::encode_entry(open_entry_of(draft, dot, time));
    store_.insert_open(dot, draft.from_outside, sealer_.seal(open_place(dot), bytes));
    const EntryStatus status = replay_.read_open(dot, bytes);
    VEREDA_ASSERT(status == EntryStatus::applied);
    return dot;
}

std::size_t LogWriter::move_open_entries(const Roster& roster, protocol::Incarnation to) {
    const std::vector<LogOrdinal> logs = own_logs();
    author_.incarnation = to;
    own_.clear();
    std::map<LocalDot, LocalDot> renamed;
    std::map<LogOrdinal, std::uint64_t> last;
    for (const LogOrdinal from : logs) {
        if (store_.info(from).incarnation == to) continue;
        for (const OpenEntry& open : store_.open_entries(from)) {
            const LogOrdinal log = own_log(roster, store_.info(from).turf);
            const LocalDot dot = LocalDot::of(log, {++last[log]});
            renamed[open.dot] = dot;
            const Bytes moved =
                renamed_form(parse_open(unseal(open.dot, open.sealed)), from, log, renamed);
            store_.insert_open(dot, open.from_outside, sealer_.seal(open_place(dot), moved));
            store_.delete_open(from, open.dot.seq(), open.dot.seq());
        }
    }
    return renamed.size();
}

LogWriter::Closed LogWriter::close(
    const Roster& roster, const Keyring& keys, int compression_level) {
    Closed closed;
    std::vector<LogOrdinal> logs = own_logs();
    // `common` last: its preamble names the heads of the other logs.
    std::stable_partition(
        logs.begin(), logs.end(), [&](LogOrdinal log) { return store_.info(log).turf.value != 0; });
    for (const LogOrdinal log : logs) {
        const protocol::TurfId& turf = store_.turf(store_.info(log).turf);
        const auto epoch = roster.current_epoch(turf);
        const protocol::EpochKeys* epoch_keys = epoch ? keys.find(turf, *epoch) : nullptr;
        if (epoch_keys == nullptr) {
            closed.without_key += store_.open_entries(log).size();
            continue;
        }
        const std::size_t before = store_.end_of(log);
        close_log(roster, *epoch_keys, *epoch, log, compression_level, closed);
        closed.blocks += store_.end_of(log) - before;
    }
    return closed;
}

void LogWriter::close_log(
    const Roster& roster, const protocol::EpochKeys& keys, protocol::Epoch epoch, LogOrdinal log,
    int level, Closed& closed) {
    const std::vector<OpenEntry> open = store_.open_entries(log);
    if (open.empty()) return;
    const std::size_t heads = store_.info(log).turf.value == 0 ? other_heads(log).size() : 0;
    Closable closable(store_, heads);
    std::optional<Batch> batch(std::in_place, heads);
    for (const OpenEntry& entry : open) {
        OpenForm form = parse_open(unseal(entry.dot, entry.sealed));
        if (const auto why = closable.why_not(form, entry.dot)) {
            closable.set_aside(entry, *why);
            form = void_form(form.entry.time_offset_ms);
            ++closed.set_aside;
        }
        if (batch->take(form, entry.dot, entry.from_outside)) continue;
        close_batch(roster, keys, epoch, log, *batch, level);
        batch.emplace(heads);
        const bool fits = batch->take(form, entry.dot, entry.from_outside);
        VEREDA_ASSERT(fits);
    }
    close_batch(roster, keys, epoch, log, *batch, level);
    closed.entries += open.size();
}

void LogWriter::close_batch(
    const Roster& roster, const protocol::EpochKeys& keys, protocol::Epoch epoch, LogOrdinal log,
    Batch& batch, int level) {
    const LogInfo& info = store_.info(log);
    const std::optional<BlockHead> head = store_.head(log);
    protocol::Preamble preamble{.base = protocol::base_of(clock_.now())};
    std::vector<std::pair<protocol::TableRow, std::uint64_t>> rows;
    for (const auto& [ordinal, greatest] : batch.logs) {
        const LogOrdinal named{static_cast<std::uint32_t>(ordinal)};
        rows.emplace_back(table_row(roster, LocalDot::of(named, greatest)), ordinal);
    }
    std::sort(rows.begin(), rows.end());
    std::map<std::uint64_t, std::uint64_t> index_of;
    for (const auto& [row, ordinal] : rows) {
        preamble.table.push_back(row);
        index_of[ordinal] = preamble.table.size();
    }
    if (info.turf.value == 0) preamble.heads = other_heads(log);
    protocol::BlockDraft draft{
        .workspace = roster.workspace(),
        .turf = store_.turf(info.turf),
        .incarnation = info.incarnation,
        .block_no = store_.end_of(log),
        .first_seq = batch.first,
        .previous = head ? head->hash : protocol::BlockHash{},
        .epoch = epoch,
        .roster_position = roster.last_position(),
        .roster_hash = roster.last_hash(),
        .seen = seen_of(info.turf),
        .preamble = protocol::encode_preamble(preamble)};
    for (const OpenForm& form : batch.entries)
        draft.entries.push_back(closed_form(form, index_of, preamble.base));
    ByteArray<16> seed = entropy_.bytes<16>();
    protocol::ClosedBlock closed =
        protocol::close_block(draft, keys, author_.device_key, seed, level);
    crypto::wipe(seed);
    const auto count = static_cast<std::uint32_t>(draft.entries.size());
    // First, so that the copy finds room where they lay.
    store_.delete_open(log, batch.first, {batch.first.value + count - 1});
    store_.keep_copy(log, draft.block_no, closed.wire);
    store_.append_block(
        {.log = log,
         .block_no = draft.block_no,
         .first_seq = batch.first,
         .count = count,
         .roster_position = draft.roster_position,
         .hash = closed.hash,
         .bytes = std::move(closed.wire)});
}

// The greatest entry referred to and not the end of the log as it is here: so whoever has what is
// referred to can prove it, and nobody makes a row wait by showing its author a later block that
// they show to no one else. The hash is worked out from the block's own bytes: what the column
// says may have rotten, and would make the row an untrue claim for ever.
protocol::TableRow LogWriter::table_row(const Roster& roster, LocalDot greatest) const {
    const auto block = store_.block_holding(greatest);
    // Nobody refers to what they have not seen closed, but in their own log.
    if (!block) throw StorageFailure(StorageFault::corrupt, "a block in the middle of a log");
    const auto parsed = protocol::parse_block(roster.workspace(), block->bytes);
    const protocol::BlockHash hash = parsed ? parsed->hash : block->hash;
    protocol::TableRow row{.log = store_.info(greatest.log()).log, .seen = greatest.seq()};
    std::copy_n(hash.bytes.begin(), row.block_hash_start.size(), row.block_hash_start.begin());
    return row;
}

std::optional<protocol::Seen> LogWriter::seen_of(TurfNumber turf) {
    const std::optional<protocol::SignedHead> stored = store_.stream_head(turf);
    if (!stored) return std::nullopt;
    const auto head = protocol::parse_stream_head(stored->head);
    VEREDA_ASSERT(head);
    return protocol::Seen{head->hub_epoch, head->turf_seq,    head->turf_chain,
                          head->time,      stored->signature, {}};
}

std::vector<protocol::LogHead> LogWriter::other_heads(LogOrdinal but) const {
    std::vector<protocol::LogHead> heads;
    for (const LogOrdinal log : own_logs()) {
        const std::optional<BlockHead>& head = store_.head(log);
        const LogInfo& info = store_.info(log);
        const bool current = info.incarnation == author_.incarnation && !info.branch;
        if (log != but && head && current)
            heads.push_back({store_.info(log).log, head->last_seq, head->hash});
    }
    std::sort(heads.begin(), heads.end());
    heads.resize(std::min(heads.size(), heads_foreseen));
    return heads;
}

}  // namespace vereda::engine
