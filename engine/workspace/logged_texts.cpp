#include "engine/workspace/logged_texts.h"

#include <algorithm>

#include "engine/projection/apply_edit.h"
#include "engine/replay/reference_rows.h"

namespace vereda::engine {
namespace {

LongTexts texts_in(ByteView bytes) {
    const auto entry = protocol::parse_entry(bytes);
    return entry ? long_texts_in(*entry) : LongTexts{};
}

}  // namespace

const LongTexts& LoggedTexts::long_texts_of(LocalDot entry) {
    forget_if_changed();
    if (entry != last_) texts_ = read(entry);
    last_ = entry;
    return texts_;
}

void LoggedTexts::read_into(RecordState& state, LocalDot entry, const AppliedDots& log) {
    const auto bytes = find_entry(entry);
    if (!bytes) return;
    const auto parsed = protocol::parse_entry(*bytes);
    if (parsed) apply_deferred(state, action_of(*parsed, entry), log);
}

// As the replay made it (engine/replay/replay.cpp), with the proofs that are here by now.
Action LoggedTexts::action_of(const protocol::Entry& entry, LocalDot dot) {
    if (!references_) references_ = read_references(store_, log_, *block_->payload).table;
    const std::int64_t said = protocol::entry_time(block_->payload->preamble, entry).value;
    Action action{
        .type = static_cast<protocol::EventType>(entry.type),
        .turf = store_.info(log_).turf,
        .dot = dot,
        .said_ms = said,
        .time_ms = block_->acceptance ? std::min(said, block_->acceptance->accepted.value) : said,
        .body = entry.body,
        .references = &*references_};
    if (!entry.record) return action;
    const auto record = references_->resolve(*entry.record, dot);
    action.record = record.dot;
    action.record_proven = record.proven;
    return action;
}

// What a block says may be shown at another time, and its claims be proven, once more has come.
void LoggedTexts::forget_if_changed() {
    if (revision_ == store_.revision()) return;
    block_.reset();
    last_ = {};
    revision_ = store_.revision();
}

std::optional<ByteView> LoggedTexts::find_entry(LocalDot entry) {
    forget_if_changed();
    if (const auto bytes = find_slot(entry)) return bytes;
    return open_block_of(entry) ? find_slot(entry) : std::nullopt;
}

LongTexts LoggedTexts::read(LocalDot entry) {
    const auto bytes = find_entry(entry);
    return bytes ? texts_in(*bytes) : read_open(entry);
}

LongTexts LoggedTexts::read_open(LocalDot entry) {
    const auto sealed = store_.open_entry(entry);
    return sealed ? texts_in(writer_.unseal(entry, *sealed)) : LongTexts{};
}

std::optional<ByteView> LoggedTexts::find_slot(LocalDot entry) const {
    if (!block_ || log_ != entry.log()) return std::nullopt;
    const protocol::Core& core = block_->parsed->core;
    if (entry.seq() < core.first_seq || entry.seq() > core.last_seq()) return std::nullopt;
    const protocol::Slot& slot = block_->payload->slots[entry.seq().value - core.first_seq.value];
    return slot.present ? std::optional(slot.bytes) : std::nullopt;
}

// False when no block holds the entry. One that does not open holds nothing that can be read.
bool LoggedTexts::open_block_of(LocalDot entry) {
    block_.reset();
    references_.reset();
    auto stored = store_.block_holding(entry);
    if (!stored) return false;
    log_ = entry.log();
    block_ =
        open_block(roster_.workspace(), keys_, std::move(stored->bytes), stored->acceptance, true);
    if (!block_->payload) block_.reset();
    return true;
}

}  // namespace vereda::engine
