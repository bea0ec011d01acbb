#include "engine/projection/interactions.h"

#include "engine/merge/stub.h"
#include "engine/projection/schema.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"
#include "engine/text/fold.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

using protocol::CodeOrText;

Bytes code_value(const CodeOrText& value) {
    Bytes out;
    protocol::CborWriter writer(out);
    if (value.is_text()) {
        writer.text(value.text);
    } else {
        writer.unsigned_integer(value.code);
    }
    return out;
}

Bytes time_value(std::int64_t ms) {
    Bytes out;
    protocol::CborWriter(out).integer(ms);
    return out;
}

void add_initial(
    RecordState& state, const Action& action, const protocol::InteractionCreate& event) {
    const auto put = [&](std::uint32_t code, const Bytes& value) {
        const auto kept = KeptText::value(as_text(value), action.texts);
        state.add({code, {}}, action.dot, kept.view(), {}, action.time_ms);
    };
    put(field::kind, code_value(event.kind));
    put(field::outcome, code_value(event.outcome));
    if (event.note) put(field::note, protocol::text_value(*event.note));
    put(field::at, time_value(happened_ms(action.said_ms, event)));
}

// The stub of a note that stays in the log; empty for any other note. It has no beginning, because
// lists need none.
std::string stub_of_note(const Action& action, const protocol::InteractionCreate& event) {
    if (action.texts != TextForm::stubs || !event.note || event.note->size() <= kept_text_max)
        return {};
    const Bytes value = protocol::text_value(*event.note);
    return stub_of(as_text(value));
}

// A column that holds a code or words, as the value that was written.
Bytes column_value(const Row& row, int column) {
    const std::string_view text = row.text(column);
    const bool is_number =
        !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (is_number) return code_value({static_cast<std::uint64_t>(row.integer(column)), {}});
    return code_value({0, text});
}

ByteView shown(const RecordState& state, std::uint32_t code, const DotOrder& order) {
    const auto live = state.live(code, order);
    return live.empty() ? ByteView{} : as_bytes(live.front()->value);
}

std::int64_t time_of(ByteView value) {
    protocol::CborReader reader(value);
    return reader.integer();
}

void fill_view(InteractionView& view, const RecordState& state, const DotOrder& order) {
    view.kind = term_text(false, shown(state, field::kind, order));
    view.outcome = term_text(true, shown(state, field::outcome, order));
    view.note = protocol::text_of(shown(state, field::note, order));
    view.at_ms = time_of(shown(state, field::at, order));
    view.retracted = state.retracted();
    view.conflicts = state.conflicts();
}

constexpr const char* insert_interaction =
    "INSERT INTO interactions(id, contact, prev, at, kind, outcome, note, time, flags) VALUES (?1, "
    "?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, ?4), nullif(?9, 0))";
constexpr const char* select_interaction =
    "SELECT contact, prev, at, kind, outcome, note, state, coalesce(time, at), flags FROM "
    "interactions "
    "WHERE id = ?1";
// An empty `state` means that the state lies in parts.
constexpr const char* upsert_interaction =
    "INSERT INTO interactions(id, contact, prev, orphan_of, flags, conflicts, state) "
    "VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), nullif(?6, 0), ?7) ON CONFLICT(id) DO UPDATE SET "
    "contact = ?2, prev = ?3, orphan_of = ?4, flags = nullif(?5, 0), conflicts = nullif(?6, 0), "
    "state = ?7";

}  // namespace

// Part of the state: from what the entry says alone, the same on every laptop.
std::int64_t happened_ms(std::int64_t said_ms, const protocol::InteractionCreate& event) {
    std::int64_t sum = 0;
    const bool beyond = __builtin_add_overflow(said_ms, event.at_offset_ms.value_or(0), &sum);
    return beyond ? said_ms : sum;
}

Interactions::Interactions(
    Database& database, const AppliedFrontier& frontier, DeferredEntries& deferred,
    bool index_notes, std::size_t items_max)
    : frontier_(frontier),
      deferred_(deferred),
      insert_(database, insert_interaction),
      select_(database, select_interaction),
      upsert_(database, upsert_interaction),
      set_shown_(
          database,
          "UPDATE interactions SET flags = nullif(?2, 0), conflicts = nullif(?3, 0) WHERE id = ?1"),
      set_time_(database, "UPDATE interactions SET time = ?2 WHERE id = ?1"),
      shelf_(
          database, frontier,
          {.rows = "interactions",
           .parts = "interaction",
           .words = index_notes ? "note_words" : nullptr,
           .items_max = items_max,
           .words_of = note_words_of}) {}

void Interactions::create(
    const Action& action, const protocol::InteractionCreate& event, LocalDot previous) {
    if (!orphans_.empty() && orphans_.contains(action.dot.value)) {
        create_over_orphan(action, event, previous);
    } else if (event.kind.is_text() || event.outcome.is_text()) {
        // Words in place of a code: rare, so the row keeps the values themselves.
        InteractionRow row{
            .id = action.dot, .contact = action.parent, .turf = action.turf, .previous = previous};
        add_initial(row.state, action, event);
        store(std::move(row), {});
    } else {
        insert(action, event, previous);
    }
}

void Interactions::insert(
    const Action& action, const protocol::InteractionCreate& event, LocalDot previous) {
    const std::string stub = stub_of_note(action, event);
    const bool stays = !stub.empty();
    insert_.run(
        action.dot, action.parent, previous, happened_ms(action.said_ms, event), event.kind.code,
        event.outcome.code, stays ? std::optional(std::string_view(stub)) : event.note,
        action.time_ms, stays ? row_flag::long_texts : 0);
    if (event.note && !stays) index_note(action.dot, *event.note);
}

void Interactions::create_over_orphan(
    const Action& action, const protocol::InteractionCreate& event, LocalDot previous) {
    std::optional<Taken> taken = take(action.dot);
    VEREDA_ASSERT(taken);
    if (shelf_.is_parted(action.dot)) static_cast<void>(shelf_.parted().take(action.dot));
    InteractionRow& row = taken->row;
    if (row.turf != action.turf) {  // written to from another turf: never was part of this one
        row.state = {};
        deferred_.forget(action.dot);
    }
    orphans_.erase(action.dot.value);
    row.contact = action.parent;
    row.turf = action.turf;
    row.previous = previous;
    add_initial(row.state, action, event);
    store(std::move(taken->row), taken->words);
}

std::optional<InteractionRow> Interactions::load(LocalDot id) {
    settle();
    std::optional<InteractionRow> row = load_row(id);
    if (!row) return row;
    if (row->deferred && texts_ != nullptr) {
        const AppliedAndHere dots(frontier_, deferred_);
        for (const LocalDot entry : deferred_.of(id)) texts_->read_into(row->state, entry, dots);
    }
    row->state = with_whole_texts(std::move(row->state), texts_);
    return row;
}

void Interactions::defer(LocalDot record, TurfNumber turf, LocalDot entry) {
    deferred_.add(record, entry);
    std::optional<Taken> taken = take(record);
    if (!taken) return store({.id = record, .turf = turf, .deferred = true}, {});
    if (taken->row.deferred) return;
    if (shelf_.is_parted(record)) static_cast<void>(shelf_.parted().take(record));
    taken->row.deferred = true;
    store(std::move(taken->row), taken->words);
}

std::optional<Interactions::Taken> Interactions::take(LocalDot id) {
    std::optional<InteractionRow> row = load_row(id);
    if (!row) return std::nullopt;
    std::string words = shelf_.words_of(id, row->state, row->deferred);
    return Taken{std::move(*row), std::move(words)};
}

std::optional<InteractionRow> Interactions::load_row(LocalDot id) {
    Rows rows = select_.query(id);
    if (!rows.next()) return std::nullopt;
    InteractionRow row{.id = id, .contact = {rows.integer(0)}, .previous = {rows.integer(1)}};
    const auto orphan = orphans_.find(id.value);
    row.turf = orphan == orphans_.end() ? frontier_.turf_of(id.log()).value_or(TurfNumber{})
                                        : orphan->second;
    row.deferred = row_flag::has_deferred(rows.integer(8));
    if (!rows.is_null(6)) {
        row.state = shelf_.state_of(id, rows.blob(6));
        row.touched = true;
        return row;
    }
    const std::int64_t at = rows.integer(2), written = rows.integer(7);
    const auto put = [&](std::uint32_t code, const Bytes& value) {
        row.state.add({code, {}}, id, as_text(value), {}, written);
    };
    put(field::kind, column_value(rows, 3));
    put(field::outcome, column_value(rows, 4));
    if (is_stub(rows.text(5))) {
        row.state.add({field::note, {}}, id, rows.text(5), {}, written);
    } else if (!rows.is_null(5)) {
        put(field::note, protocol::text_value(rows.text(5)));
    }
    put(field::at, time_value(at));
    return row;
}

void Interactions::restamp(LocalDot id, std::int64_t time_ms) {
    set_time_.run(id, time_ms);
    if (shelf_.is_parted(id)) return shelf_.parted().target(id).restamp(id, time_ms);
    std::optional<Taken> taken = take(id);
    if (!taken || !taken->row.touched) return;
    taken->row.state.restamp(id, time_ms);
    store(std::move(taken->row), taken->words);
}

void Interactions::store(InteractionRow row, const std::string& words_before) {
    const bool orphan = row.contact.is_none();
    if (orphan) orphans_[row.id.value] = row.turf;
    const RecordShelf::Columns columns = shelf_.columns_of(row.state, row.deferred);
    upsert_.run(
        row.id, orphan ? std::nullopt : std::optional(row.contact), row.previous,
        orphan ? std::optional(row.turf) : std::nullopt, columns.flags, columns.conflicts,
        columns.state);
    shelf_.keep(row.id, columns, std::move(row.state), row.deferred, words_before);
}

void Interactions::settle() {
    shelf_.settle([this](LocalDot id, const RecordShelf::Columns& columns, const ShownOfParts&) {
        set_shown_.run(id, columns.flags, columns.conflicts);
    });
}

std::string Interactions::note_words_of(const RecordState& state) {
    std::string words;
    for (const RecordState::Item& item : state.items()) {
        if (item.field != field::note || !item.live) continue;
        if (!words.empty()) words += ' ';
        fold_into(words, protocol::text_of(as_bytes(item.value)));
    }
    return words;
}

std::optional<InteractionView> Interactions::view(LocalDot id) {
    const std::optional<InteractionRow> row = load(id);
    if (!row || row->contact.is_none()) return std::nullopt;
    InteractionView view{.id = id, .contact = row->contact};
    fill_view(view, row->state, frontier_);
    return view;
}

void Interactions::index_note(LocalDot id, std::string_view note) {
    if (!shelf_.index().is_kept()) return;
    words_.clear();
    fold_into(words_, note);
    shelf_.index().add(id, words_);
}

void Interactions::load_orphans(Database& database) {
    Statement select(database, "SELECT id, orphan_of FROM interactions WHERE contact IS NULL");
    for (const Row& row : select.query()) {
        orphans_[row.integer(0)] = {static_cast<std::uint32_t>(row.integer(1))};
    }
}

}  // namespace vereda::engine
