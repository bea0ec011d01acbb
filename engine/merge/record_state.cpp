#include "engine/merge/record_state.h"

#include <algorithm>
#include <tuple>

#include "crypto/assert.h"
#include "engine/schema/fields.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

auto order(const RecordState::Item& item) {
    return std::tuple<std::uint32_t, std::string_view, LocalDot>(
        item.field, item.element, item.dot);
}

auto place(RecordState::Slot slot, LocalDot dot) {
    return std::tuple<std::uint32_t, std::string_view, LocalDot>(slot.field, slot.element, dot);
}

// A person's removal leaves an imported value as its source's baseline; the same source's removal
// takes it whole.
bool leaves_baseline(const std::string& written_by, std::string_view removed_by) {
    return !written_by.empty() && written_by != removed_by;
}

}  // namespace

void RecordState::add(
    Slot slot, LocalDot dot, std::string_view value, std::string_view source, std::int64_t at_ms) {
    Item item{
        .field = slot.field,
        .dot = dot,
        .at_ms = at_ms,
        .element = std::string(slot.element),
        .value = std::string(value),
        .source = std::string(source)};
    bool gone = false;
    const auto met = [&](const Early& early) {
        if (early.field != slot.field || early.dot != dot || early.element != slot.element)
            return false;
        item.live = false;
        if (!leaves_baseline(item.source, early.source)) gone = true;
        return true;
    };
    std::erase_if(early_, met);
    if (gone || (!item.live && item.source.empty())) return;
    const auto at = std::lower_bound(
        items_.begin(), items_.end(), item,
        [](const Item& a, const Item& b) { return order(a) < order(b); });
    if (at != items_.end() && order(*at) == order(item)) return;  // said twice in one entry
    items_.insert(at, std::move(item));
}

void RecordState::add_unproven(Slot slot, LocalDot dot, std::int64_t at_ms) {
    add(slot, dot, {}, {}, at_ms);
    if (Item* const item = find(slot, dot)) item->proven = false;
}

void RecordState::prove(Slot slot, LocalDot dot) {
    if (Item* const item = find(slot, dot)) item->proven = true;
}

RecordState::Item* RecordState::find(Slot slot, LocalDot dot) {
    const auto wanted = place(slot, dot);
    const auto at = std::lower_bound(
        items_.begin(), items_.end(), wanted,
        [](const Item& item, const auto& key) { return order(item) < key; });
    return at != items_.end() && order(*at) == wanted ? &*at : nullptr;
}

void RecordState::remove(Slot slot, LocalDot dot, std::string_view source, const AppliedDots& log) {
    if (Item* const item = find(slot, dot)) {
        if (leaves_baseline(item->source, source)) {
            item->live = false;
        } else {
            items_.erase(items_.begin() + (item - items_.data()));
        }
        return;
    }
    if (log.applied(dot)) return;
    Early early{slot.field, dot, std::string(slot.element), std::string(source)};
    const auto spot = std::lower_bound(early_.begin(), early_.end(), early);
    if (spot == early_.end() || *spot != early) early_.insert(spot, std::move(early));
}

void RecordState::restamp(LocalDot dot, std::int64_t at_ms) {
    for (Item& item : items_) {
        if (item.dot == dot) item.at_ms = at_ms;
    }
}

void RecordState::absorb(RecordState&& other) {
    // Each side's early removals may name what the other side holds.
    std::vector<Early> early = std::move(early_);
    early.insert(early.end(), other.early_.begin(), other.early_.end());
    std::sort(early.begin(), early.end());
    early.erase(std::unique(early.begin(), early.end()), early.end());
    std::vector<Item> items = std::move(items_);
    std::move(other.items_.begin(), other.items_.end(), std::back_inserter(items));
    items_.clear();
    early_ = std::move(early);
    for (Item& item : items) {
        const Slot slot{item.field, item.element};
        add(slot, item.dot, item.value, item.source, item.at_ms);
        Item* const added = find(slot, item.dot);
        if (added == nullptr) continue;
        added->live = added->live && item.live;
        added->proven = item.proven;
    }
}

std::vector<const RecordState::Item*> RecordState::live(std::uint32_t field) const {
    std::vector<const Item*> found;
    for (const Item& item : items_) {
        if (item.field == field && item.live) found.push_back(&item);
    }
    return found;
}

std::vector<const RecordState::Item*> RecordState::live(
    std::uint32_t field, const DotOrder& dots) const {
    std::vector<const Item*> found = live(field);
    std::sort(found.begin(), found.end(), [&dots](const Item* a, const Item* b) {
        return a->at_ms == b->at_ms ? dots.before(b->dot, a->dot) : a->at_ms > b->at_ms;
    });
    return found;
}

std::vector<std::string_view> RecordState::elements(std::uint32_t field) const {
    std::vector<std::string_view> found;
    for (const Item& item : items_) {
        if (item.field == field && item.live && (found.empty() || found.back() != item.element)) {
            found.push_back(item.element);
        }
    }
    return found;
}

std::vector<const RecordState::Item*> RecordState::baseline(
    std::uint32_t field, std::string_view source) const {
    std::vector<const Item*> found;
    for (const Item& item : items_) {
        if (item.field == field && item.source == source) found.push_back(&item);
    }
    return found;
}

std::vector<std::uint32_t> RecordState::conflicts() const {
    std::vector<std::uint32_t> found;
    const Item* first = nullptr;
    for (const Item& item : items_) {
        if (!item.live || !item.element.empty() || is_of_merge(item.field)) continue;
        if (first == nullptr || first->field != item.field) {
            first = &item;
        } else if (item.value != first->value && (found.empty() || found.back() != item.field)) {
            found.push_back(item.field);
        }
    }
    return found;
}

bool RecordState::retracted() const {
    return std::any_of(items_.begin(), items_.end(), [](const Item& item) {
        return item.field == retracted_slot && item.live && item.proven;
    });
}

bool RecordState::is_bound() const { return !dots({critical_slot, {}}).empty(); }

std::vector<LocalDot> RecordState::dots(Slot slot) const {
    std::vector<LocalDot> found;
    for (const Item& item : items_) {
        if (item.field == slot.field && item.element == slot.element && item.live)
            found.push_back(item.dot);
    }
    return found;
}

Bytes RecordState::encode() const {
    Bytes out;
    protocol::CborWriter writer(out);
    writer.array(items_.size());
    for (const Item& item : items_) {
        writer.unsigned_integer(item.field)
            .integer(item.dot.value)
            .boolean(item.live)
            .boolean(item.proven)
            .integer(item.at_ms);
        writer.byte_string(as_bytes(item.element))
            .byte_string(as_bytes(item.value))
            .text(item.source);
    }
    writer.array(early_.size());
    for (const Early& early : early_) {
        writer.unsigned_integer(early.field).integer(early.dot.value);
        writer.byte_string(as_bytes(early.element)).text(early.source);
    }
    return out;
}

RecordState RecordState::decode(ByteView encoded) {
    protocol::CborReader reader(encoded);
    const auto text = [&reader] { return std::string(as_text(reader.byte_string())); };
    RecordState state;
    const std::size_t items = reader.array();
    state.items_.reserve(items);
    for (std::size_t i = 0; i < items && reader.ok(); ++i) {
        Item item;
        item.field = static_cast<std::uint32_t>(reader.unsigned_integer());
        item.dot.value = reader.integer();
        item.live = reader.boolean();
        item.proven = reader.boolean();
        item.at_ms = reader.integer();
        item.element = text();
        item.value = text();
        item.source = std::string(reader.text());
        state.items_.push_back(std::move(item));
    }
    const std::size_t early = reader.array();
    for (std::size_t i = 0; i < early && reader.ok(); ++i) {
        Early removal;
        removal.field = static_cast<std::uint32_t>(reader.unsigned_integer());
        removal.dot.value = reader.integer();
        removal.element = text();
        removal.source = std::string(reader.text());
        state.early_.push_back(std::move(removal));
    }
    VEREDA_ASSERT(reader.finished());
    return state;
}

}  // namespace vereda::engine
