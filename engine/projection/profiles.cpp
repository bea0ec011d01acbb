#include "engine/projection/profiles.h"

#include "engine/merge/stub.h"

namespace vereda::engine {
namespace {

constexpr RecordState::Slot name_slot{0, {}};

// Of one that stays in the log, its beginning: names stand in lists.
std::string name_in(const std::string& value) {
    return is_stub(value) ? beginning_of(value) : std::string(protocol::text_of(as_bytes(value)));
}

}  // namespace

Profiles::Profiles(Database& database, const AppliedDots& applied, const DotOrder& order)
    : applied_(applied),
      order_(order),
      select_(database, "SELECT state FROM profiles WHERE kind = ?1 AND id = ?2"),
      select_name_(database, "SELECT name FROM profiles WHERE kind = ?1 AND id = ?2"),
      upsert_(
          database,
          "INSERT INTO profiles(kind, id, name, state) VALUES (?1, ?2, ?3, ?4) "
          "ON CONFLICT(kind, id) DO UPDATE SET name = ?3, state = ?4") {}

RecordState Profiles::load(std::uint64_t kind, ByteView id) {
    Rows rows = select_.query(kind, id);
    return rows.next() ? RecordState::decode(rows.blob(0)) : RecordState{};
}

void Profiles::apply(const Action& action, const protocol::Profile& event, Effect effect) {
    const Key key{event.kind, as_text(event.id)};
    RecordState state = take(key);
    for (const protocol::Reference& seen : event.over.dots) {
        const auto named = action.references->resolve(seen, action.dot);
        if (named.proven) state.remove(name_slot, named.dot, {}, applied_);
    }
    const Bytes name = protocol::text_value(event.name);
    const auto kept = KeptText::value(as_text(name), action.texts);
    if (effect == Effect::all) state.add(name_slot, action.dot, kept.view(), {}, action.time_ms);
    put_back(key, std::move(state));
}

void Profiles::restamp(const Action& action) {
    const auto event = protocol::parse_profile(action.body);
    if (!event) return;
    const Key key{event->kind, as_text(event->id)};
    RecordState state = take(key);
    state.restamp(action.dot, action.time_ms);
    put_back(key, std::move(state));
}

RecordState Profiles::take(const Key& key) {
    if (held_.find(key) != nullptr) return held_.take(key);
    return load(key.first, as_bytes(key.second));
}

void Profiles::put_back(const Key& key, RecordState state) {
    if (!held_.wants(state)) return store(key, state);
    held_.put(key, std::move(state));
}

void Profiles::settle() {
    held_.release([this](const Key& key, const RecordState& state) { store(key, state); });
}

void Profiles::store(const Key& key, const RecordState& state) {
    const auto live = state.live(0, order_);
    const std::string shown = live.empty() ? std::string{} : name_in(live.front()->value);
    upsert_.run(key.first, as_bytes(key.second), shown, state.encode());
}

std::string Profiles::name_of(protocol::Profile::Kind kind, ByteView id) {
    settle();
    Rows rows = select_name_.query(static_cast<std::uint64_t>(kind), id);
    return rows.next() ? std::string(rows.text(0)) : std::string();
}

std::vector<LocalDot> Profiles::seen(protocol::Profile::Kind kind, ByteView id) {
    settle();
    return load(static_cast<std::uint64_t>(kind), id).dots(name_slot);
}

}  // namespace vereda::engine
