#include "engine/merge/record_state.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "crypto/assert.h"
#include "engine/merge/stub.h"
#include "engine/schema/fields.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

// A person's removal leaves an imported value as its source's baseline; the same source's removal
// takes it whole.
bool leaves_baseline(const std::string& written_by, std::string_view removed_by) {
    return !written_by.empty() && written_by != removed_by;
}

PartPlaceView place_of(const RecordState::Item& item) {
    return {item.dot, item.field, item.element};
}
PartPlaceView place_of(const RecordState::Early& early) {
    return {early.dot, early.field, early.element};
}

/// Dots and times as the steps from the ones before, which are short in a log that goes on writing.
class Steps {
  public:
    [[nodiscard]] std::int64_t to(LocalDot dot) { return step(dot_, dot.value); }
    [[nodiscard]] std::int64_t to(std::int64_t at_ms) { return step(at_ms_, at_ms); }
    [[nodiscard]] LocalDot dot_after(std::int64_t step) { return {after(dot_, step)}; }
    [[nodiscard]] std::int64_t time_after(std::int64_t step) { return after(at_ms_, step); }

  private:
    // Without a sign, where every sum has an answer: a time is whatever its author said.
    static std::int64_t step(std::uint64_t& last, std::int64_t value) {
        const auto next = static_cast<std::uint64_t>(value);
        return static_cast<std::int64_t>(next - std::exchange(last, next));
    }
    static std::int64_t after(std::uint64_t& last, std::int64_t step) {
        return static_cast<std::int64_t>(last += static_cast<std::uint64_t>(step));
    }
    std::uint64_t dot_ = 0;
    std::uint64_t at_ms_ = 0;
};

std::uint64_t flags_of(const RecordState::Item& item) {
    return (item.live ? 1U : 0U) | (item.proven ? 2U : 0U);
}
void set_flags(const RecordState::Item& item, std::uint64_t flags) {
    item.live = (flags & 1) != 0;
    item.proven = (flags & 2) != 0;
}

// The shortest place that lies after `last` and not after `next`.
PartPlace between(const PartPlaceView& last, const PartPlaceView& next) {
    const auto& [dot, field, element] = next;
    if (std::get<LocalDot>(last) != dot) return {dot};
    return {dot, field, std::string(element)};
}

// Moves what lies at `place` or after it to another set.
template <class Set>
void move_from(const PartPlace& place, Set& from, Set& to) {
    for (auto at = from.begin(); at != from.end();) {
        const auto here = at++;
        if (place_of(*here) >= place.view()) to.insert(to.end(), from.extract(here));
    }
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
    if (meet_early(item)) items_.insert(std::move(item));  // twice in one entry: the first stays
}

// False when a removal that came first takes the item whole.
bool RecordState::meet_early(Item& item) {
    const Early first{item.field, item.dot, item.element, {}};
    auto early = early_.lower_bound(first);
    bool stays = true;
    while (early != early_.end() && early->field == item.field && early->dot == item.dot &&
           early->element == item.element) {
        item.live = false;
        stays = stays && leaves_baseline(item.source, early->source);
        early = early_.erase(early);
    }
    return stays;
}

void RecordState::add_unproven(Slot slot, LocalDot dot, std::int64_t at_ms) {
    add(slot, dot, {}, {}, at_ms);
    if (const Item* const item = find(slot, dot)) item->proven = false;
}

void RecordState::prove(Slot slot, LocalDot dot) {
    if (const Item* const item = find(slot, dot)) item->proven = true;
}

const RecordState::Item* RecordState::find(Slot slot, LocalDot dot) const {
    const auto found = items_.find(ByPlace::Place{slot.field, slot.element, dot});
    return found == items_.end() ? nullptr : &*found;
}

void RecordState::remove(Slot slot, LocalDot dot, std::string_view source, const AppliedDots& log) {
    const auto found = items_.find(ByPlace::Place{slot.field, slot.element, dot});
    if (found == items_.end()) {
        if (!log.applied(dot))
            early_.insert({slot.field, dot, std::string(slot.element), std::string(source)});
    } else if (leaves_baseline(found->source, source)) {
        found->live = false;
    } else {
        items_.erase(found);
    }
}

void RecordState::restamp(LocalDot dot, std::int64_t at_ms) {
    for (const Item& item : items_) {
        if (item.dot == dot) item.at_ms = at_ms;
    }
}

// Each side's early removals may name what the other side holds. Costs what the other side has, not
// what this one has: a record joins once, and many may join one.
void RecordState::absorb(RecordState&& other) {
    while (!other.items_.empty()) {
        auto node = other.items_.extract(other.items_.begin());
        if (meet_early(node.value())) items_.insert(std::move(node));
    }
    for (const Early& early : other.early_) {
        const auto found = items_.find(ByPlace::Place{early.field, early.element, early.dot});
        if (found == items_.end()) {
            early_.insert(early);
        } else if (leaves_baseline(found->source, early.source)) {
            found->live = false;
        } else {
            items_.erase(found);
        }
    }
}

RecordState RecordState::rewritten(const std::function<void(Item&)>& rewrite) && {
    std::vector<Items::node_type> nodes;
    nodes.reserve(items_.size());
    while (!items_.empty()) nodes.push_back(items_.extract(items_.begin()));
    std::ranges::sort(nodes, {}, [](const Items::node_type& node) { return node.value().dot; });
    for (Items::node_type& node : nodes) {
        rewrite(node.value());
        items_.insert(std::move(node));
    }
    return std::move(*this);
}

// Every place once, in the order of parts.
std::vector<PartPlaceView> RecordState::places() const {
    std::vector<PartPlaceView> found;
    found.reserve(size());
    for (const Item& item : items_) found.push_back(place_of(item));
    for (const Early& early : early_) found.push_back(place_of(early));
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::optional<PartPlace> RecordState::middle() const {
    const std::vector<PartPlaceView> all = places();
    if (all.size() < 2) return std::nullopt;
    return between(all[all.size() / 2 - 1], all[all.size() / 2]);
}

PartPlace RecordState::first() const {
    const auto [dot, field, element] = places().front();  // a copy: the places go
    return {dot, field, std::string(element)};
}

RecordState RecordState::take_from(const PartPlace& place) {
    RecordState taken;
    move_from(place, items_, taken.items_);
    move_from(place, early_, taken.early_);
    return taken;
}

std::pair<RecordState::Items::const_iterator, RecordState::Items::const_iterator>
RecordState::of_field(std::uint32_t field) const {
    return {
        items_.lower_bound(ByPlace::Place{field, {}, {}}),
        items_.lower_bound(ByPlace::Place{field + 1, {}, {}})};
}

std::vector<const RecordState::Item*> RecordState::live(std::uint32_t field) const {
    std::vector<const Item*> found;
    for (auto [item, end] = of_field(field); item != end; ++item) {
        if (item->live) found.push_back(&*item);
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
    for (auto [item, end] = of_field(field); item != end; ++item) {
        if (item->live && (found.empty() || found.back() != item->element))
            found.push_back(item->element);
    }
    return found;
}

std::vector<const RecordState::Item*> RecordState::baseline(
    std::uint32_t field, std::string_view source) const {
    std::vector<const Item*> found;
    for (auto [item, end] = of_field(field); item != end; ++item) {
        if (item->source == source) found.push_back(&*item);
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
        } else if (found.empty() || found.back() != item.field) {
            if (!is_same_text(item.value, first->value)) found.push_back(item.field);
        }
    }
    return found;
}

bool RecordState::retracted() const {
    const auto [first, end] = of_field(retracted_slot);
    return std::any_of(first, end, [](const Item& item) { return item.live && item.proven; });
}

bool RecordState::is_bound() const { return !dots({critical_slot, {}}).empty(); }

std::vector<LocalDot> RecordState::dots(Slot slot) const {
    std::vector<LocalDot> found;
    auto item = items_.lower_bound(ByPlace::Place{slot.field, slot.element, {}});
    for (; item != items_.end() && item->field == slot.field && item->element == slot.element;
         ++item) {
        if (item->live) found.push_back(item->dot);
    }
    return found;
}

Bytes RecordState::encode() const {
    Bytes out;
    protocol::CborWriter writer(out);
    Steps steps;
    writer.array(items_.size());
    for (const Item& item : items_) {
        writer.unsigned_integer(item.field)
            .integer(steps.to(item.dot))
            .unsigned_integer(flags_of(item))
            .integer(steps.to(item.at_ms));
        writer.byte_string(as_bytes(item.element))
            .byte_string(as_bytes(item.value))
            .byte_string(as_bytes(item.source));
    }
    writer.array(early_.size());
    for (const Early& early : early_) {
        writer.unsigned_integer(early.field).integer(steps.to(early.dot));
        writer.byte_string(as_bytes(early.element)).byte_string(as_bytes(early.source));
    }
    return out;
}

RecordState RecordState::decode(ByteView encoded) {
    protocol::CborReader reader(encoded);
    const auto text = [&reader] { return std::string(as_text(reader.byte_string())); };
    RecordState state;
    Steps steps;
    const std::size_t items = reader.array();
    for (std::size_t i = 0; i < items && reader.ok(); ++i) {
        Item item;
        item.field = static_cast<std::uint32_t>(reader.unsigned_integer());
        item.dot = steps.dot_after(reader.integer());
        set_flags(item, reader.unsigned_integer());
        item.at_ms = steps.time_after(reader.integer());
        item.element = text();
        item.value = text();
        item.source = text();
        state.items_.insert(state.items_.end(), std::move(item));
    }
    const std::size_t early = reader.array();
    for (std::size_t i = 0; i < early && reader.ok(); ++i) {
        Early removal;
        removal.field = static_cast<std::uint32_t>(reader.unsigned_integer());
        removal.dot = steps.dot_after(reader.integer());
        removal.element = text();
        removal.source = text();
        state.early_.insert(state.early_.end(), std::move(removal));
    }
    VEREDA_ASSERT(reader.finished());
    return state;
}

}  // namespace vereda::engine
