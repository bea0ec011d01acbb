#include "engine/projection/projection.h"

#include "engine/merge/consent.h"
#include "engine/projection/apply_edit.h"
#include "engine/projection/schema.h"
#include "engine/schema/fields.h"

namespace vereda::engine {
namespace {

constexpr StateSlot retraction{retracted_slot, {}};
constexpr StateSlot binding{critical_slot, {}};

Database& with_tables(MemoryImage& image, bool index_notes) {
    image.database().exec(projection_schema);
    if (index_notes) image.database().exec(note_words_schema);
    return image.database();
}

}  // namespace

Projection::Projection(Options options)
    : options_(options),
      image_(MemoryImage::Journal::off),
      history_(with_tables(image_, options.index_notes)),
      deferred_(image_.database()),
      contacts_(image_.database(), frontier_, frontier_, deferred_, options.items_max),
      interactions_(
          image_.database(), frontier_, deferred_, options.index_notes, options.items_max),
      profiles_(image_.database(), frontier_, frontier_),
      unproven_(image_.database()),
      begin_(image_.database(), "BEGIN"),
      commit_(image_.database(), "COMMIT") {}

Projection::Projection(Options options, ImageBuffer&& image)
    : options_(options),
      image_(MemoryImage::Journal::off, std::move(image)),
      history_(image_.database()),
      deferred_(image_.database()),
      contacts_(image_.database(), frontier_, frontier_, deferred_, options.items_max),
      interactions_(
          image_.database(), frontier_, deferred_, options.index_notes, options.items_max),
      profiles_(image_.database(), frontier_, frontier_),
      unproven_(image_.database()),
      begin_(image_.database(), "BEGIN"),
      commit_(image_.database(), "COMMIT") {
    load_tables();
}

void Projection::load_tables() {
    history_.load_heads();
    interactions_.load_orphans(database());
    Statement frontier(database(), "SELECT log, seq, turf FROM frontier");
    for (const Row& row : frontier.query()) {
        const LogOrdinal log{static_cast<std::uint32_t>(row.integer(0))};
        frontier_.set_read_to(log, {static_cast<std::uint64_t>(row.integer(1))});
        if (!row.is_null(2)) frontier_.set_turf(log, {static_cast<std::uint32_t>(row.integer(2))});
    }
    Statement exceptions(database(), "SELECT id, status FROM exceptions");
    for (const Row& row : exceptions.query()) {
        frontier_.set_exception({row.integer(0)}, static_cast<EntryStatus>(row.integer(1)));
    }
    load_assumed_turfs();
}

void Projection::load_assumed_turfs() {
    Statement assumed(database(), "SELECT log, turf FROM assumed_turfs");
    for (const Row& row : assumed.query()) {
        const TurfNumber turf{static_cast<std::uint32_t>(row.integer(1))};
        assumed_turfs_.emplace(static_cast<std::uint32_t>(row.integer(0)), turf);
    }
}

void Projection::save_assumed_turfs() {
    Statement insert(database(), "INSERT INTO assumed_turfs(log, turf) VALUES (?1, ?2)");
    for (const auto& [log, turf] : assumed_turfs_) insert.run(log, turf);
}

ByteView Projection::image() {
    begin();
    settle();
    history_.save_heads();
    database().exec("DELETE FROM frontier; DELETE FROM exceptions; DELETE FROM assumed_turfs");
    Statement frontier(database(), "INSERT INTO frontier(log, seq, turf) VALUES (?1, ?2, ?3)");
    const auto& read_to = frontier_.read_to_by_ordinal();
    for (std::uint32_t log = 0; log < read_to.size(); ++log) {
        if (read_to[log] != 0) frontier.run(log, read_to[log], frontier_.turf_of({log}));
    }
    Statement exceptions(database(), "INSERT INTO exceptions(id, status) VALUES (?1, ?2)");
    for (const auto& [dot, status] : frontier_.exceptions())
        exceptions.run(dot, static_cast<int>(status));
    save_assumed_turfs();
    commit();
    return image_.view();
}

void Projection::read_texts_from(EntryTexts* texts) {
    texts_ = texts;
    contacts_.read_texts_from(texts);
    interactions_.read_texts_from(texts);
}

Database& Projection::database() {
    settle();
    return image_.database();
}

void Projection::settle() {
    contacts_.settle();
    interactions_.settle();
    profiles_.settle();
}

void Projection::begin() { begin_.run(); }

void Projection::commit() { commit_.run(); }

EntryStatus Projection::apply(const Action& action) {
    // The frontier moves first: an entry may replace what it wrote itself.
    frontier_.advance(action.dot, EntryStatus::applied);
    const EntryStatus status = dispatch(action, Effect::all);
    if (status != EntryStatus::applied) frontier_.set_exception(action.dot, status);
    return status;
}

void Projection::skip(LocalDot dot, EntryStatus status) { frontier_.advance(dot, status); }

EntryStatus Projection::apply_late(const Action& action) {
    frontier_.resolve(action.dot);
    const EntryStatus status = dispatch(action, Effect::all);
    if (status != EntryStatus::applied) frontier_.set_exception(action.dot, status);
    return status;
}

void Projection::prove(const Action& action) {
    VEREDA_ASSERT(frontier_.applied(action.dot));
    static_cast<void>(dispatch(action, Effect::removals));
}

void Projection::note(LocalDot dot, EntryStatus status) {
    if (status == EntryStatus::applied) {
        frontier_.resolve(dot);
    } else {
        frontier_.set_exception(dot, status);
    }
}

void Projection::restamp(const Action& action) {
    using protocol::EventType;
    if (action.type == EventType::profile) return profiles_.restamp(action);
    if (action.record.is_none() || action.type == EventType::void_entry) return;
    if (action.type == EventType::contact_create)
        return contacts_.restamp(action.dot, action.time_ms);
    if (action.type == EventType::interaction_create)
        return interactions_.restamp(action.dot, action.time_ms);
    if (deferred_.has(action.dot)) return;  // it is read at the time that holds then
    change_state(action, [&](MergeTarget& state, const AppliedDots&) {
        state.restamp(action.dot, action.time_ms);
    });
}

EntryStatus Projection::dispatch(const Action& action, Effect effect) {
    const bool creates = action.type == protocol::EventType::contact_create ||
                         action.type == protocol::EventType::interaction_create;
    if (creates && effect == Effect::removals) return EntryStatus::applied;
    if (action.version != 1) return leave_unknown(action);
    switch (action.type) {
        case protocol::EventType::interaction_create:
            return create_interaction(action);
        case protocol::EventType::contact_create:
            return create_contact(action);
        case protocol::EventType::edit:
            return edit(action, effect);
        case protocol::EventType::retract:
            return retract(action, effect);
        case protocol::EventType::restore:
            return restore(action, effect);
        case protocol::EventType::consent_lift:
            return lift_consent(action, effect);
        case protocol::EventType::critical_lift:
            return lift_critical(action, effect);
        case protocol::EventType::void_entry:
            return EntryStatus::applied;
        case protocol::EventType::profile:
            return name(action, effect);
    }
    return leave_unknown(action);
}

EntryStatus Projection::create_contact(const Action& action) {
    const auto event = protocol::parse_contact_create(action.body);
    if (!event || action.record != action.dot || !action.parent.is_none())
        return EntryStatus::malformed;
    contacts_.create(action, *event);
    return EntryStatus::applied;
}

EntryStatus Projection::create_interaction(const Action& action) {
    const auto event = protocol::parse_interaction_create(action.body);
    if (!event || action.record != action.dot || action.parent.is_none())
        return EntryStatus::malformed;
    if (is_foreign(action.parent, action.turf)) return EntryStatus::foreign;
    interactions_.create(action, *event, history_.link(action.parent, action.dot));
    return EntryStatus::applied;
}

template <class Change>
EntryStatus Projection::change_record(const Action& action, Effect effect, Change change) {
    if (action.record.is_none()) return EntryStatus::malformed;
    if (names_foreign(action)) return EntryStatus::foreign;
    change_state(action, change);
    if (effect == Effect::all)
        history_.add_action(action.parent.is_none() ? action.record : action.parent, action.dot);
    return EntryStatus::applied;
}

// A record that has a parent is an interaction; one that has none is a contact.
template <class Change>
void Projection::change_state(const Action& action, Change change) {
    if (action.parent.is_none()) {
        contacts_.change(action.record, action.turf, change);
    } else {
        interactions_.change(action.record, action.turf, change);
    }
}

// Which turf a record is of, its log says; while that is only mentioned, who wrote to it first.
bool Projection::is_foreign(LocalDot record, TurfNumber from) {
    if (const auto turf = frontier_.turf_of(record.log())) return *turf != from;
    return assumed_turfs_.try_emplace(record.log().value, from).first->second != from;
}

// Its record or the contact that it calls the record's: in whose history it would stand.
bool Projection::names_foreign(const Action& action) {
    const bool is_of_other = is_foreign(action.record, action.turf);
    return is_of_other || (!action.parent.is_none() && is_foreign(action.parent, action.turf));
}

void Projection::set_log(LogOrdinal log, TurfNumber turf, const protocol::LogId& name) {
    if (const auto assumed = assumed_turfs_.find(log.value); assumed != assumed_turfs_.end()) {
        stale_ = stale_ || assumed->second != turf || frontier_.count(EntryStatus::foreign) != 0;
        assumed_turfs_.erase(assumed);
    }
    frontier_.set_turf(log, turf);
    frontier_.set_name(log, name);
}

void Projection::begin_log_after(LogOrdinal log, protocol::Seq seq) {
    if (frontier_.read_to(log) < seq) frontier_.set_read_to(log, seq);
}

EntryStatus Projection::edit(const Action& action, Effect effect) {
    const auto event = protocol::parse_edit(action.body);
    if (!event) return EntryStatus::malformed;
    // What a deferred edit takes away is asked for when it is read.
    if (effect == Effect::removals && deferred_.has(action.dot)) return EntryStatus::applied;
    if (effect != Effect::removals && stays_in_log(action)) return defer_edit(action);
    return change_record(action, effect, [&](MergeTarget& state, const AppliedDots& log) {
        apply_edit(state, action, *event, log, effect);
    });
}

EntryStatus Projection::defer_edit(const Action& action) {
    if (action.record.is_none()) return EntryStatus::malformed;
    if (names_foreign(action)) return EntryStatus::foreign;
    if (action.parent.is_none()) {
        contacts_.defer(action.record, action.turf, action.dot);
    } else {
        interactions_.defer(action.record, action.turf, action.dot);
    }
    history_.add_action(action.parent.is_none() ? action.record : action.parent, action.dot);
    return EntryStatus::applied;
}

// A retract takes its record from view, so it counts when the record is proven. Until then it
// stands without counting: so a restore may name it, and the proof finds it or does not.
EntryStatus Projection::retract(const Action& action, Effect effect) {
    if (!protocol::is_retract_body(action.body)) return EntryStatus::malformed;
    return change_record(action, effect, [&](MergeTarget& state, const AppliedDots&) {
        if (effect == Effect::removals) {
            if (action.record_proven) state.prove(retraction, action.dot);
        } else if (action.record_proven) {
            state.add(retraction, action.dot, {}, {}, action.time_ms);
        } else {
            state.add_unproven(retraction, action.dot, action.time_ms);
        }
    });
}

EntryStatus Projection::restore(const Action& action, Effect effect) {
    const auto event = protocol::parse_restore(action.body);
    if (!event) return EntryStatus::malformed;
    return change_record(action, effect, [&](MergeTarget& state, const AppliedDots& log) {
        remove_seen(state, retraction, action, event->over, {}, log);
    });
}

EntryStatus Projection::lift_consent(const Action& action, Effect effect) {
    const auto event = protocol::parse_consent_lift(action.body);
    if (!event) return EntryStatus::malformed;
    const std::string said = consent_element(event->channel, event->purpose);
    const auto element = KeptText::key(said);
    return change_record(action, effect, [&](MergeTarget& state, const AppliedDots& log) {
        remove_seen(state, {consent_slot, element.view()}, action, event->over, {}, log);
        if (effect == Effect::removals) return;
        state.add(
            {consent_slot, element.view()}, action.dot,
            consent_value(protocol::ConsentState::given), {}, action.time_ms);
    });
}

EntryStatus Projection::lift_critical(const Action& action, Effect effect) {
    const auto event = protocol::parse_critical_lift(action.body);
    if (!event) return EntryStatus::malformed;
    return change_record(action, effect, [&](MergeTarget& state, const AppliedDots& log) {
        remove_seen(state, binding, action, event->over, {}, log);
    });
}

EntryStatus Projection::name(const Action& action, Effect effect) {
    const auto event = protocol::parse_profile(action.body);
    const bool names_itself = action.record == action.dot && action.parent.is_none();
    if (!event || !names_itself || action.turf != TurfNumber{0}) return EntryStatus::malformed;
    profiles_.apply(action, *event, effect);
    return EntryStatus::applied;
}

// What a later version holds to be critical binds the record, if a coordinator wrote it: else one
// organiser could freeze everybody.
EntryStatus Projection::leave_unknown(const Action& action) {
    if (!action.critical || !action.by_coordinator) return EntryStatus::unknown;
    if (action.record.is_none()) return EntryStatus::unknown_critical;
    if (names_foreign(action)) return EntryStatus::foreign;
    change_state(action, [&](MergeTarget& state, const AppliedDots&) {
        state.add(binding, action.dot, {}, {}, action.time_ms);
    });
    return EntryStatus::unknown_critical;
}

}  // namespace vereda::engine
