#include "engine/log/logged_texts.h"

namespace vereda::engine {
namespace {

LongTexts texts_in(ByteView bytes) {
    const auto entry = protocol::parse_entry(bytes);
    return entry ? long_texts_in(*entry) : LongTexts{};
}

}  // namespace

const LongTexts& LoggedTexts::long_texts_of(LocalDot entry) {
    if (entry != last_ || texts_.empty()) texts_ = read(entry);
    last_ = entry;
    return texts_;
}

// A slot that was empty when its block was opened may have come since.
LongTexts LoggedTexts::read(LocalDot entry) {
    if (const auto bytes = find_slot(entry)) return texts_in(*bytes);
    if (!open_block_of(entry)) return read_open(entry);
    const auto bytes = find_slot(entry);
    return bytes ? texts_in(*bytes) : LongTexts{};
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
    auto stored = store_.block_holding(entry);
    if (!stored) return false;
    log_ = entry.log();
    block_ =
        open_block(roster_.workspace(), keys_, std::move(stored->bytes), stored->acceptance, true);
    if (!block_->payload) block_.reset();
    return true;
}

}  // namespace vereda::engine
