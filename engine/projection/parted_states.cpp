#include "engine/projection/parted_states.h"

#include <algorithm>

#include "crypto/assert.h"

namespace vereda::engine {
namespace {

PartPlaceView place_of(StateSlot slot, LocalDot dot) { return {dot, slot.field, slot.element}; }

// About what an item takes besides its texts.
constexpr std::size_t item_bytes = 32;

std::size_t weigh(const RecordState& state) {
    std::size_t bytes = item_bytes * state.size();
    for (const RecordState::Item& item : state.items())
        bytes += item.element.size() + item.value.size() + item.source.size();
    for (const RecordState::Early& early : state.early())
        bytes += early.element.size() + early.source.size();
    return bytes;
}

}  // namespace

PartedStates::PartedStates(Database& database, const std::string& name, std::size_t items_max)
    : items_max_(items_max),
      insert_(
          database, "INSERT INTO " + name +
                        "_parts(record, dot, field, element, state) VALUES (?1, ?2, ?3, ?4, ?5)"),
      update_(database, "UPDATE " + name + "_parts SET state = ?2 WHERE id = ?1"),
      delete_(database, "DELETE FROM " + name + "_parts WHERE id = ?1"),
      select_at_(
          database, "SELECT id, dot, field, element, state FROM " + name +
                        "_parts WHERE record = ?1 AND (dot, field, element) <= (?2, ?3, ?4) "
                        "ORDER BY dot DESC, field DESC, element DESC LIMIT 1"),
      select_next_(
          database, "SELECT dot, field, element FROM " + name +
                        "_parts WHERE record = ?1 AND (dot, field, element) > (?2, ?3, ?4) "
                        "ORDER BY dot, field, element LIMIT 1"),
      select_all_(
          database,
          "SELECT state FROM " + name + "_parts WHERE record = ?1 ORDER BY dot, field, element"),
      delete_all_(database, "DELETE FROM " + name + "_parts WHERE record = ?1"),
      insert_record_(database, "INSERT INTO " + name + "_parted(record, words) VALUES (?1, ?2)"),
      delete_record_(database, "DELETE FROM " + name + "_parted WHERE record = ?1"),
      set_words_(database, "UPDATE " + name + "_parted SET words = ?2 WHERE record = ?1"),
      select_words_(database, "SELECT words FROM " + name + "_parted WHERE record = ?1") {
    Statement select(database, "SELECT record FROM " + name + "_parted");
    for (const Row& row : select.query()) records_.insert(row.integer(0));
}

void PartedStates::begin(LocalDot record, RecordState&& state, std::string_view words) {
    VEREDA_ASSERT(records_.insert(record.value).second);
    insert_record_.run(record, words);
    Part whole{.state = std::move(state), .items_max = items_max_};
    const auto part = held_.emplace(Key{record, {}}, std::move(whole)).first;
    note_changed(part, weigh(part->second.state));
}

std::vector<RecordState> PartedStates::take(LocalDot record) {
    std::vector<RecordState> parts;
    visit(record, [&parts](RecordState part) { parts.push_back(std::move(part)); });
    delete_all_.run(record);
    delete_record_.run(record);
    records_.erase(record.value);
    changed_.erase(record.value);
    return parts;
}

RecordState PartedStates::load(LocalDot record) {
    RecordState whole;
    visit(record, [&whole](RecordState part) { whole.absorb(std::move(part)); });
    return whole;
}

std::string PartedStates::words(LocalDot record) {
    Rows rows = select_words_.query(record);
    return rows.next() ? std::string(rows.text(0)) : std::string();
}

// ---- finding the part of a place

bool PartedStates::covers(const Parts::value_type& part, const KeyView& place) {
    const auto& [key, held] = part;
    return key.record == place.first && key.start.view() <= place.second &&
           (!held.end || place.second < held.end->view());
}

PartedStates::Parts::iterator PartedStates::part_of(const KeyView& place) {
    if (last_ != held_.end() && covers(*last_, place)) return last_;
    if (held_.size() >= held_max) write_held();
    auto found = held_.upper_bound(place);
    const bool is_held = found != held_.begin() && covers(*--found, place);
    return last_ = is_held ? found : load_part(place);
}

// A half that has no row yet is held, and so is the part from which it was cut. So a place that no
// held part covers is in the part that the rows name.
PartedStates::Parts::iterator PartedStates::load_part(const KeyView& place) {
    const auto& [dot, field, element] = place.second;
    Rows rows = select_at_.query(place.first, dot, field, as_bytes(element));
    VEREDA_ASSERT(rows.next());  // the first begins before everything
    Key key{
        place.first,
        {{rows.integer(1)},
         static_cast<std::uint32_t>(rows.integer(2)),
         std::string(as_text(rows.blob(3)))}};
    const ByteView encoded = rows.blob(4);
    Part part{
        .id = rows.integer(0),
        .end = end_of(key),
        .state = RecordState::decode(encoded),
        .bytes = encoded.size(),
        .items_max = items_max_};
    return held_.emplace(std::move(key), std::move(part)).first;
}

std::optional<PartPlace> PartedStates::end_of(const Key& part) {
    const PartPlace& start = part.start;
    Rows rows = select_next_.query(part.record, start.dot, start.field, as_bytes(start.element));
    if (!rows.next()) return std::nullopt;
    return PartPlace{
        {rows.integer(0)},
        static_cast<std::uint32_t>(rows.integer(1)),
        std::string(as_text(rows.blob(2)))};
}

// ---- changing it

template <class Change>
void PartedStates::change(
    LocalDot record, const PartPlaceView& place, std::size_t bytes, Change change) {
    const Parts::iterator part = part_of({record, place});
    change(part->second.state);
    note_changed(part, bytes);
}

void PartedStates::note_changed(Parts::iterator part, std::size_t bytes) {
    part->second.bytes += bytes;
    part->second.changed = true;
    changed_.insert(part->first.record.value);
    halve_if_large(part);
}

void PartedStates::halve_if_large(Parts::iterator at) {
    Part& part = at->second;
    if (!part.is_large()) return;
    part.bytes = weigh(part.state);
    if (!part.is_large()) return;
    if (const std::optional<PartPlace> middle = part.state.middle()) return halve(at, *middle);
    // All of it is at one place, as when removals of many sources wait for one dot. It is weighed
    // again when it has doubled, not at every entry.
    part.items_max = std::max(part.items_max, 2 * part.state.size());
    part.bytes_max = std::max(part.bytes_max, 2 * part.bytes);
}

void PartedStates::halve(Parts::iterator at, const PartPlace& middle) {
    Part& left = at->second;
    Part right{.end = left.end, .state = left.state.take_from(middle), .items_max = items_max_};
    left.end = middle;
    left.bytes = weigh(left.state);
    const std::size_t bytes = weigh(right.state);
    note_changed(held_.emplace(Key{at->first.record, middle}, std::move(right)).first, bytes);
    halve_if_large(at);
}

void PartedStates::absorb(LocalDot record, RecordState&& state) {
    while (!state.empty()) {
        const PartPlace first = state.first();
        const Parts::iterator part = part_of({record, first.view()});
        const std::optional<PartPlace>& end = part->second.end;
        RecordState rest = end ? state.take_from(*end) : RecordState{};
        const std::size_t bytes = weigh(state);
        part->second.state.absorb(std::move(state));
        note_changed(part, bytes);
        state = std::move(rest);
    }
}

// What an entry wrote lies together, mostly in one part: visits these parts one after another.
void PartedStates::restamp(LocalDot record, LocalDot dot, std::int64_t at_ms) {
    std::optional<PartPlace> next{PartPlace{dot}};
    while (next && next->dot == dot) {
        const Parts::iterator part = part_of({record, next->view()});
        part->second.state.restamp(dot, at_ms);
        next = part->second.end;
        note_changed(part, 0);
    }
}

void PartedStates::Target::add(
    StateSlot slot, LocalDot dot, std::string_view value, std::string_view source,
    std::int64_t at_ms) {
    const std::size_t bytes = item_bytes + slot.element.size() + value.size() + source.size();
    states_.change(record_, place_of(slot, dot), bytes, [&](RecordState& part) {
        part.add(slot, dot, value, source, at_ms);
    });
}

void PartedStates::Target::add_unproven(StateSlot slot, LocalDot dot, std::int64_t at_ms) {
    states_.change(record_, place_of(slot, dot), item_bytes, [&](RecordState& part) {
        part.add_unproven(slot, dot, at_ms);
    });
}

void PartedStates::Target::prove(StateSlot slot, LocalDot dot) {
    states_.change(
        record_, place_of(slot, dot), 0, [&](RecordState& part) { part.prove(slot, dot); });
}

void PartedStates::Target::remove(
    StateSlot slot, LocalDot dot, std::string_view source, const AppliedDots& log) {
    const std::size_t bytes = item_bytes + slot.element.size() + source.size();
    states_.change(record_, place_of(slot, dot), bytes, [&](RecordState& part) {
        part.remove(slot, dot, source, log);
    });
}

void PartedStates::Target::restamp(LocalDot dot, std::int64_t at_ms) {
    states_.restamp(record_, dot, at_ms);
}

// ---- writing them back

void PartedStates::write_held() {
    for (const auto& [key, part] : held_) {
        if (part.changed) write(key, part);
    }
    held_.clear();
    last_ = held_.end();
}

// An empty part is deleted, and the part before it takes its places. The first part stays.
void PartedStates::write(const Key& key, const Part& part) {
    const PartPlace& start = key.start;
    const bool goes = part.state.empty() && start.view() != PartPlaceView{};
    if (goes) {
        if (part.id != 0) delete_.run(part.id);
    } else if (part.id != 0) {
        update_.run(part.id, part.state.encode());
    } else {
        insert_.run(
            key.record, start.dot, start.field, as_bytes(start.element), part.state.encode());
    }
}

}  // namespace vereda::engine
