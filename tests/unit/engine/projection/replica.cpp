#include "tests/unit/engine/projection/replica.h"

#include <algorithm>
#include <deque>

#include "crypto/hash.h"
#include "engine/projection/apply_edit.h"
#include "engine/queries/long_text_search.h"
#include "engine/schema/fields.h"
#include "protocol/cbor.h"
#include "protocol/limits.h"
#include "tests/sim/engine_record.h"

namespace vereda::tests {

using namespace engine;
using protocol::EventType;

namespace {

std::unique_ptr<Database> memory() {
    return std::make_unique<Database>(DatabaseOptions{.in_memory = true});
}

LogStore opened(Database& database) {
    auto store = LogStore::open(database);
    VEREDA_ASSERT(store);
    return std::move(*store);
}

protocol::TurfId turf_id(int turf) {
    protocol::TurfId id;
    id.bytes.fill(static_cast<std::uint8_t>(turf));
    return id;
}

protocol::LogId log_id(const std::string& name) { return {crypto::blake2b_256(as_bytes(name))}; }

protocol::CodeOrText term(Vocabulary vocabulary, const std::string& word) {
    if (word.empty()) return {};
    const auto code = code_of(vocabulary, word);
    return code ? protocol::CodeOrText{*code, {}} : protocol::CodeOrText{0, word};
}

Bytes integer_value(std::int64_t value) {
    Bytes out;
    protocol::CborWriter(out).integer(value);
    return out;
}

// A value of the model as the engine keeps it.
Bytes encoded(int code, const std::string& value) {
    const auto field = static_cast<std::uint32_t>(code);
    if (field == field::kind)
        return protocol::term_value(term(Vocabulary::interaction_kind, value));
    if (field == field::outcome) return protocol::term_value(term(Vocabulary::outcome, value));
    if (field == field::at) return integer_value(std::stoll(value));
    return value.empty() ? protocol::null_value() : protocol::text_value(value);
}

EventType type_of(model::Entry::Kind kind) {
    switch (kind) {
        case model::Entry::Kind::create_contact:
            return EventType::contact_create;
        case model::Entry::Kind::create_interaction:
            return EventType::interaction_create;
        case model::Entry::Kind::edit:
            return EventType::edit;
        case model::Entry::Kind::retract:
            return EventType::retract;
        case model::Entry::Kind::restore:
            return EventType::restore;
        case model::Entry::Kind::lift:
            return EventType::consent_lift;
    }
    return {};
}

std::string register_of(const model::Entry& entry, std::uint32_t code) {
    for (const model::Write& write : entry.writes) {
        if (write.field == static_cast<int>(code)) return write.value;
    }
    return {};
}

// Any time will do, except for an interaction: its `at` is told from it.
constexpr std::int64_t entry_time = 1'700'000'000'000;

Bytes interaction_body(const model::Entry& entry) {
    const std::string kind = register_of(entry, field::kind);
    const std::string outcome = register_of(entry, field::outcome);
    const std::string note = register_of(entry, field::note);
    protocol::InteractionCreate event{
        .kind = term(Vocabulary::interaction_kind, kind),
        .outcome = term(Vocabulary::outcome, outcome),
        .at_offset_ms = std::stoll(register_of(entry, field::at)) - entry_time};
    if (!note.empty()) event.note = note;
    return protocol::encode(event);
}

}  // namespace

Replica::Replica(
    const std::vector<std::string>& logs_in_order, const Turfs& turfs, std::size_t items_max)
    : database_(memory()),
      store_(opened(*database_)),
      options_{.items_max = items_max},
      projection_(std::make_unique<Projection>(options_)),
      names_(logs_in_order),
      turfs_(turfs) {
    projection_->read_texts_from(this);
    for (int turf = 0; turf < 4; ++turf) static_cast<void>(store_.number_of(turf_id(turf)));
    for (const std::string& log : logs_in_order) {
        const LogOrdinal ordinal = store_.ordinal_of(log_id(log));
        ordinals_[log] = ordinal;
        store_.describe(
            ordinal, {.log = log_id(log),
                      .device = {crypto::blake2b_256(as_bytes(log + "'s device"))},
                      .turf = {static_cast<std::uint32_t>(turfs.at(log))}});
    }
}

LocalDot Replica::local(const model::Dot& dot) const {
    return LocalDot::of(ordinals_.at(dot.log), {dot.seq});
}

model::Dot Replica::global(LocalDot dot) const {
    return {names_.at(dot.log().value - 1), dot.seq().value};
}

void Replica::introduce(const std::string& log) {
    projection_->set_log(
        ordinals_.at(log), {static_cast<std::uint32_t>(turfs_.at(log))}, log_id(log));
}

void Replica::read(const model::Entry& entry, bool withheld) {
    if (entry.dot.seq == 1) introduce(entry.dot.log);
    read_[entry.dot] = {entry, withheld};
    stands_[entry.dot.log] = entry.dot.seq;
    if (withheld) {
        projection_->skip(local(entry.dot), EntryStatus::withheld);
    } else {
        apply(entry, false);
    }
    prove_by(entry.dot);
    rebuild_if_stale();
}

// As the intake does it when a block comes: who claimed to have seen it is read again.
void Replica::prove_by(const model::Dot& dot) {
    for (const auto& [waiting, kept] : read_) {
        const auto claim = kept.entry.claims.find(dot.log);
        if (claim == kept.entry.claims.end() || claim->second.seen != dot.seq) continue;
        if (!projection_->frontier().applied(local(waiting))) continue;
        with_action(kept.entry, [this](const Action& action) { projection_->prove(action); });
    }
}

void Replica::read_late(const model::Entry& entry) {
    read_.at(entry.dot).withheld = false;
    apply(entry, true);
    rebuild_if_stale();
}

// A table of all logs in the order of their numbers, so that an open reference is one into it.
ReferenceTable Replica::references_of(const model::Entry& entry) const {
    std::vector<ReferenceTable::Row> rows;
    for (const std::string& log : names_) {
        const auto claim = entry.claims.find(log);
        const bool claimed = claim != entry.claims.end();
        const auto here = stands_.find(log);
        const bool stands = claimed && here != stands_.end() && here->second >= claim->second.seen;
        rows.push_back(
            {.log = ordinals_.at(log),
             .seen = {claimed ? claim->second.seen : protocol::seq_max},
             .proven = !claimed || (claim->second.truthful && stands)});
    }
    return {{.log = ordinals_.at(entry.dot.log)}, std::move(rows)};
}

void Replica::apply(const model::Entry& entry, bool late) {
    with_action(entry, [&](const Action& action) {
        last_status_ = late ? projection_->apply_late(action) : projection_->apply(action);
    });
    if (late) projection_->note(local(entry.dot), last_status_);
}

template <class Take>
void Replica::with_action(const model::Entry& entry, Take take) {
    const LocalDot dot = local(entry.dot);
    const ReferenceTable references = references_of(entry);
    const Bytes body = body_of(entry);
    const auto record = references.resolve(open_reference(local(entry.record), dot.log()), dot);
    const Action action{
        .type = type_of(entry.kind),
        .turf = {static_cast<std::uint32_t>(entry.turf)},
        .dot = dot,
        .record = local(entry.record),
        .record_proven = record.proven,
        .parent = entry.contact ? local(*entry.contact) : LocalDot{},
        .said_ms = entry_time,
        // Whose clock said what is told by no entry here: shown times differ between replicas.
        .time_ms = entry_time + static_cast<std::int64_t>(ordinals_.at(entry.dot.log).value),
        .body = body,
        .references = &references,
        .texts = leaves_in_log(dot) ? TextForm::stubs : TextForm::keyed};
    take(action);
}

// Which entries come in a block that expands is not the same in all replicas, as it is between a
// block and one that an order has emptied; and of open entries none does.
bool Replica::leaves_in_log(LocalDot dot) const {
    return (dot.seq().value * 7 + dot.log().value) % 3 == 0;
}

void Replica::read_into(RecordState& state, LocalDot dot, const AppliedDots& log) {
    with_action(read_.at(global(dot)).entry, [&](const Action& action) {
        apply_deferred(state, action, log);
    });
}

const LongTexts& Replica::long_texts_of(LocalDot dot) {
    const model::Entry& entry = read_.at(global(dot)).entry;
    const Bytes body = body_of(entry);
    return texts_ = long_texts_in(
               {.type = static_cast<std::uint64_t>(type_of(entry.kind)), .body = body});
}

// As the workspace does it: all turfs known first, then log by log.
void Replica::rebuild_if_stale() {
    if (!projection_->is_stale()) return;
    projection_ = std::make_unique<Projection>(options_);
    projection_->read_texts_from(this);
    for (const auto& [dot, kept] : read_) {
        if (dot.seq == 1) introduce(dot.log);
    }
    for (const auto& [dot, kept] : read_) {
        if (kept.withheld) {
            projection_->skip(local(dot), EntryStatus::withheld);
        } else {
            apply(kept.entry, false);
        }
    }
    VEREDA_ASSERT(!projection_->is_stale());
}

void Replica::reload() {
    const ByteView image = projection_->image();
    ImageBuffer copy(image.size());
    std::copy(image.begin(), image.end(), copy.writable().begin());
    projection_ = std::make_unique<Projection>(options_, std::move(copy));
    projection_->read_texts_from(this);
    for (const auto& [log, last] : stands_) introduce(log);
}

// ---- bodies

protocol::Over Replica::over(const std::vector<model::Dot>& dots, const model::Entry& entry) const {
    protocol::Over over;
    if (dots.size() == 1 && dots.front() == entry.record) {
        over.creating = true;
        return over;
    }
    for (const model::Dot& dot : dots)
        over.dots.push_back(open_reference(local(dot), ordinals_.at(entry.dot.log)));
    return over;
}

Bytes Replica::body_of(const model::Entry& entry) const {
    switch (entry.kind) {
        case model::Entry::Kind::create_contact:
            return contact_body(entry);
        case model::Entry::Kind::create_interaction:
            return interaction_body(entry);
        case model::Entry::Kind::edit:
            return edit_body(entry);
        case model::Entry::Kind::retract:
            return protocol::encode_retract();
        case model::Entry::Kind::restore:
            return protocol::encode(protocol::Restore{over(entry.over, entry)});
        case model::Entry::Kind::lift:
            return protocol::encode(protocol::ConsentLift{
                .channel = term(Vocabulary::channel, entry.channel),
                .over = over(entry.over, entry),
                .evidence = "said so at the door"});
    }
    return {};
}

Bytes Replica::contact_body(const model::Entry& entry) const {
    std::map<int, std::set<Bytes>> items;
    std::set<int> sets;
    protocol::ContactCreate event;
    for (const model::Write& write : entry.writes) {
        if (write.kind == model::Write::Kind::consent) {
            event.consents.push_back(
                {.channel = term(Vocabulary::channel, write.value),
                 .state = write.withdrawn ? protocol::ConsentState::withdrawn
                                          : protocol::ConsentState::given});
            continue;
        }
        if (write.kind == model::Write::Kind::add) sets.insert(write.field);
        items[write.field].insert(encoded(write.field, write.value));
    }
    for (const auto& [code, values] : items) {
        for (const Bytes& value : values)
            event.values.push_back({static_cast<std::uint64_t>(code), sets.contains(code), value});
    }
    if (entry.key) event.key = protocol::ExternalKey{entry.key->first, entry.key->second};
    return protocol::encode(event);
}

Bytes Replica::edit_body(const model::Entry& entry) const {
    std::deque<Bytes> values;
    protocol::Edit event;
    if (!entry.source.empty()) event.source = entry.source;
    for (const model::Write& write : entry.writes) {
        protocol::Write out{.field = static_cast<std::uint64_t>(write.field)};
        if (write.kind == model::Write::Kind::consent) {
            out.kind = protocol::Write::Kind::consent;
            out.consent = {
                .channel = term(Vocabulary::channel, write.value),
                .state = write.withdrawn ? protocol::ConsentState::withdrawn
                                         : protocol::ConsentState::given};
        } else {
            out.kind = static_cast<protocol::Write::Kind>(write.kind);
            out.value = values.emplace_back(encoded(write.field, write.value));
            out.over = over(write.over, entry);
        }
        event.writes.push_back(out);
    }
    return protocol::encode(event);
}

// ---- what it amounts to

StateDigest Replica::digest(int turf) {
    return digest_of_turf(*projection_, store_, {static_cast<std::uint32_t>(turf)});
}

model::Record Replica::record(const RecordState& state) const {
    return model::record_of(state, [this](LocalDot dot) { return global(dot); });
}

model::Record Replica::contact(const model::Dot& dot) {
    const auto row = projection_->contacts().load(local(dot));
    VEREDA_ASSERT(row && row->kind);
    model::Record found = record(row->state);
    for (const LocalDot member : projection_->contacts().members_of(row->root))
        found.members.insert(global(member));
    return found;
}

model::Record Replica::interaction(const model::Dot& dot) {
    const auto row = projection_->interactions().load(local(dot));
    VEREDA_ASSERT(row && !row->contact.is_none());
    model::Record found = record(row->state);
    found.members = {dot};
    return found;
}

std::vector<std::string> Replica::conflicts(const model::Dot& contact) {
    std::vector<std::string> names;
    const auto row = projection_->contacts().load(local(contact));
    for (const std::uint32_t code : row->state.conflicts()) names.emplace_back(field_name(code));
    return names;
}

std::set<model::Dot> Replica::found_by(const std::string& word) {
    std::set<model::Dot> found;
    Statement match(
        projection_->database(), "SELECT rowid FROM contact_words WHERE contact_words MATCH ?1");
    for (const Row& row : match.query("\"" + word + "\"")) found.insert(global({row.integer(0)}));
    for (const LocalDot contact : long_contacts_with(*projection_, word))
        found.insert(global(contact));
    return found;
}

}  // namespace vereda::tests
