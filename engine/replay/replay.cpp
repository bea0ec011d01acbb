#include "engine/replay/replay.h"

#include <algorithm>

namespace vereda::engine {
namespace {

// Something in the body names what the block's table does not have, or more than it says was seen.
// A body that does not parse is the projection's business.
bool names_beyond_table(const protocol::Entry& entry, const protocol::Preamble& preamble) {
    if (entry.version != 1) return false;
    const auto in_body =
        protocol::references_of(static_cast<protocol::EventType>(entry.type), entry.body);
    return in_body && std::ranges::any_of(*in_body, [&](const protocol::Reference& reference) {
               return !protocol::resolve(reference, preamble.table, {});
           });
}

}  // namespace

struct Replay::BlockContext {
    LogOrdinal log;
    TurfNumber turf;
    const protocol::Core& core;
    const protocol::Preamble& preamble;
    ReferenceTable references;
    std::optional<protocol::Millis> accepted;
    TextForm texts;
    // The last answer of the roster: entries of a block mostly share a type.
    mutable protocol::EventType type_asked{};
    mutable bool type_allowed = false;
    mutable bool asked = false;
};

Replay::BlockContext Replay::context_of(
    LogOrdinal log, const OpenedBlock& block, ReferenceTable references) const {
    return {
        log,
        store_.info(log).turf,
        block.parsed->core,
        block.payload->preamble,
        std::move(references),
        block.acceptance ? std::optional(block.acceptance->accepted) : std::nullopt,
        expands(block) ? TextForm::stubs : TextForm::keyed};
}

ReferenceTable Replay::read_table(LogOrdinal log, const OpenedBlock& block) {
    BlockReferences references = read_references(store_, log, *block.payload);
    keep_waiting({log, block.parsed->core.block_no}, references);
    return std::move(references.table);
}

void Replay::keep_waiting(BlockAt block, const BlockReferences& references) {
    const auto& missing = references.unproven;
    if (references.as_whole && !missing.empty()) {
        unproven().add({block, missing.front(), {missing.begin() + 1, missing.end()}});
    } else {
        for (const protocol::BlockHashStart& start : missing) unproven().add({block, start, {}});
    }
    for (const protocol::BlockHashStart& start : references.guessed)
        unproven().add({block, start, {}});
}

void Replay::introduce(const LogStore& store, LogOrdinal log, Projection& projection) {
    const LogInfo& info = store.info(log);
    if (!info.described) return;
    projection.set_log(log, info.turf, info.log);
    if (info.branch) projection.begin_log_after(log, info.branch->first_seq.before());
}

bool Replay::has_authority(const BlockContext& context, const protocol::Entry& entry) {
    // Who may write a type that this version does not know is not known either: whoever may edit
    // here.
    const auto said = static_cast<protocol::EventType>(entry.type);
    const auto type = protocol::is_known(said) ? said : protocol::EventType::edit;
    const protocol::Core& core = context.core;
    if (!context.asked || context.type_asked != type) {
        context.type_asked = type;
        context.type_allowed =
            roster_.may_write(core.device, core.turf, type, core.roster_position);
        context.asked = true;
    }
    if (!context.type_allowed || type != protocol::EventType::profile) return context.type_allowed;
    const auto profile = protocol::parse_profile(entry.body);
    return profile &&
           roster_.may_name(core.device, profile->kind, profile->id, core.roster_position);
}

Action Replay::action_of(
    const BlockContext& context, const protocol::Entry& entry, LocalDot dot) const {
    const std::int64_t said = protocol::entry_time(context.preamble, entry).value;
    const std::int64_t shown = context.accepted ? std::min(said, context.accepted->value) : said;
    Action action{
        .type = static_cast<protocol::EventType>(entry.type),
        .version = entry.version,
        .critical = entry.critical,
        .turf = context.turf,
        .dot = dot,
        .said_ms = said,
        .time_ms = shown,
        .body = entry.body,
        .references = &context.references,
        .texts = context.texts};
    if (entry.record) {
        const auto record = context.references.resolve(*entry.record, dot);
        action.record = record.dot;
        action.record_proven = record.proven;
    }
    if (entry.parent) action.parent = context.references.resolve(*entry.parent);
    if (entry.critical) action.by_coordinator = is_coordinators(context.core);
    return action;
}

bool Replay::is_coordinators(const protocol::Core& core) const {
    return roster_.role_of(core.device, core.roster_position) == protocol::Role::coordinator;
}

EntryStatus Replay::read_slot(
    const BlockContext& context, const protocol::Slot& slot, LocalDot dot, bool late) {
    const auto leave = [&](EntryStatus status) {
        if (late) return status;
        projection_.skip(dot, status);
        return status;
    };
    if (!slot.present) return leave(EntryStatus::withheld);
    const auto entry = protocol::parse_entry(slot.bytes);
    if (!entry) return leave(EntryStatus::malformed);
    const Action action = action_of(context, *entry, dot);
    const bool dangling =
        (entry->record && action.record.is_none()) || (entry->parent && action.parent.is_none());
    if (dangling) return leave(EntryStatus::malformed);
    if (!has_authority(context, *entry)) return leave(EntryStatus::no_authority);
    if (names_beyond_table(*entry, context.preamble)) return leave(EntryStatus::malformed);
    return late ? projection_.apply_late(action) : projection_.apply(action);
}

std::size_t Replay::read_block(LogOrdinal log, const OpenedBlock& block) {
    const protocol::Core& core = block.parsed->core;
    introduce(store_, log, projection_);
    const std::uint64_t read_to = projection_.frontier().read_to(log).value;
    if (read_to >= core.last_seq().value) return 0;
    if (!block.payload) {
        skip(log, {core.first_seq, core.last_seq()});
        return 0;
    }
    const BlockContext context = context_of(log, block, read_table(log, block));
    const std::uint64_t first = std::max(read_to + 1, core.first_seq.value);
    for (std::uint64_t seq = first; seq <= core.last_seq().value; ++seq) {
        read_slot(
            context, block.payload->slots[seq - core.first_seq.value], LocalDot::of(log, {seq}),
            false);
    }
    return core.last_seq().value - first + 1;
}

std::size_t Replay::read_stored(LogOrdinal log, SeqRange entries, const OpenedBlock& block) {
    if (block.payload) return read_block(log, block);
    introduce(store_, log, projection_);
    skip(log, entries);
    return 0;
}

void Replay::skip(LogOrdinal log, SeqRange entries) {
    const std::uint64_t read_to = projection_.frontier().read_to(log).value;
    for (std::uint64_t seq = std::max(read_to + 1, entries.first.value); seq <= entries.last.value;
         ++seq) {
        projection_.skip(LocalDot::of(log, {seq}), EntryStatus::pending);
    }
}

void Replay::read_late(LogOrdinal log, const OpenedBlock& block) {
    const protocol::Core& core = block.parsed->core;
    VEREDA_ASSERT(block.payload && projection_.frontier().read_to(log) >= core.last_seq());
    const BlockContext context = context_of(log, block, read_table(log, block));
    for (std::uint64_t seq = core.first_seq.value; seq <= core.last_seq().value; ++seq) {
        const LocalDot dot = LocalDot::of(log, {seq});
        const auto& exceptions = projection_.frontier().exceptions();
        const auto known = exceptions.find(dot.value);
        if (known == exceptions.end()) continue;
        if (known->second != EntryStatus::pending && known->second != EntryStatus::withheld)
            continue;
        const EntryStatus status =
            read_slot(context, block.payload->slots[seq - core.first_seq.value], dot, true);
        projection_.note(dot, status);
    }
}

// Taking away twice what is gone already does no harm, so every row that is proven counts.
void Replay::prove(LogOrdinal log, const OpenedBlock& block) {
    visit_applied(log, block, [this](const Action& action) { projection_.prove(action); });
}

bool Replay::restamp(LogOrdinal log, const OpenedBlock& block) {
    bool any = false;
    visit_applied(log, block, [&](const Action& action) {
        if (action.time_ms == action.said_ms) return;
        projection_.restamp(action);
        any = true;
    });
    return any;
}

template <class Visit>
void Replay::visit_applied(LogOrdinal log, const OpenedBlock& block, Visit visit) {
    const BlockContext context = context_of(log, block, read_table(log, block));
    const protocol::Core& core = block.parsed->core;
    for (std::uint64_t seq = core.first_seq.value; seq <= core.last_seq().value; ++seq) {
        const LocalDot dot = LocalDot::of(log, {seq});
        const protocol::Slot& slot = block.payload->slots[seq - core.first_seq.value];
        if (!slot.present || !projection_.frontier().applied(dot)) continue;
        const auto entry = protocol::parse_entry(slot.bytes);
        VEREDA_ASSERT(entry);  // it has been applied
        visit(action_of(context, *entry, dot));
    }
}

EntryStatus Replay::read_open(LocalDot dot, ByteView bytes) {
    const auto entry = protocol::parse_entry(bytes);
    VEREDA_ASSERT(entry);  // sealed by this vault
    const ReferenceTable references = ReferenceTable::of_ordinals(dot.log());
    Action action{
        .type = static_cast<protocol::EventType>(entry->type),
        .version = entry->version,
        .critical = entry->critical,
        .turf = store_.info(dot.log()).turf,
        .dot = dot,
        .said_ms = entry->time_offset_ms,
        .time_ms = entry->time_offset_ms,
        .body = entry->body,
        .references = &references};
    if (entry->record) {
        const auto record = references.resolve(*entry->record, dot);
        action.record = record.dot;
        action.record_proven = record.proven;
    }
    if (entry->parent) action.parent = references.resolve(*entry->parent);
    return projection_.apply(action);
}

}  // namespace vereda::engine
