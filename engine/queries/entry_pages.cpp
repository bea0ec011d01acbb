#include "engine/queries/entry_pages.h"

#include <algorithm>

#include "engine/replay/reference_rows.h"

namespace vereda::engine {
namespace {

// Opened blocks hold up to 192 KiB each.
constexpr std::size_t pages_max = 100;

std::optional<LoggedEntry> logged(
    ByteView bytes, LocalDot dot, std::shared_ptr<const ReferenceTable> references) {
    const auto entry = protocol::parse_entry(bytes);
    if (!entry) return std::nullopt;
    LoggedEntry found{.entry = *entry, .dot = dot, .references = std::move(references)};
    if (entry->record) found.record = found.references->resolve(*entry->record);
    if (entry->parent) found.parent = found.references->resolve(*entry->parent);
    return found;
}

}  // namespace

std::optional<LoggedEntry> logged_open(ByteView bytes, LocalDot dot) {
    auto found = logged(
        bytes, dot, std::make_shared<const ReferenceTable>(ReferenceTable::of_ordinals(dot.log())));
    if (found) found->time_ms = found->entry.time_offset_ms;  // an open entry has the whole time
    return found;
}

std::optional<LoggedEntry> EntryPages::read(LocalDot dot) {
    const Page* page = page_holding(dot);
    if (page == nullptr) return read_open(dot);
    const OpenedBlock& block = page->block;
    const protocol::Core& core = block.parsed->core;
    const protocol::Slot& slot = block.payload->slots[dot.seq().value - core.first_seq.value];
    if (!slot.present) return std::nullopt;
    auto found = logged(slot.bytes, dot, page->references);
    if (!found) return std::nullopt;
    found->time_ms = protocol::entry_time(block.payload->preamble, found->entry).value;
    if (block.acceptance)
        found->time_ms = std::min(found->time_ms, block.acceptance->accepted.value);
    return found;
}

std::optional<LoggedEntry> EntryPages::read_open(LocalDot dot) {
    auto kept = open_.find(dot);
    if (kept == open_.end()) {
        const auto sealed = workspace_.store().open_entry(dot);
        if (!sealed) return std::nullopt;
        kept = open_.emplace(dot, workspace_.writer().unseal(dot, *sealed)).first;
    }
    return logged_open(kept->second, dot);
}

const EntryPages::Page* EntryPages::page_holding(LocalDot dot) {
    const auto after = pages_.upper_bound(dot);
    if (after != pages_.begin()) {
        const auto& [first, page] = *std::prev(after);
        const bool holds =
            first.log() == dot.log() && dot.seq() <= page->block.parsed->core.last_seq();
        if (holds) return page.get();
    }
    auto stored = workspace_.store().block_holding(dot);
    if (!stored) return nullptr;
    OpenedBlock block = open_block(
        workspace_.roster().workspace(), workspace_.keyring(), std::move(stored->bytes),
        stored->acceptance, true);
    if (!block.payload) return nullptr;
    auto references = std::make_shared<const ReferenceTable>(
        read_references(workspace_.store(), dot.log(), *block.payload).table);
    const LocalDot first = LocalDot::of(dot.log(), stored->first_seq);
    auto page = std::make_unique<Page>();
    page->block = std::move(block);
    page->references = std::move(references);
    return pages_.emplace(first, std::move(page)).first->second.get();
}

void EntryPages::forget() {
    if (pages_.size() > pages_max) pages_.clear();
    open_.clear();
}

}  // namespace vereda::engine
