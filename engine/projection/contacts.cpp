#include "engine/projection/contacts.h"

#include <algorithm>
#include <set>

#include "engine/merge/consent.h"
#include "engine/merge/stub.h"
#include "engine/projection/entry_texts.h"
#include "engine/projection/schema.h"
#include "engine/schema/fields.h"
#include "engine/text/fold.h"
#include "engine/text/phone_ending.h"

namespace vereda::engine {
namespace {

bool is_searched(std::uint32_t code) {
    const Field* known = find_field(code);
    if (known == nullptr) return false;
    return known->form == ValueForm::name || known->form == ValueForm::phone ||
           known->form == ValueForm::email || code == field::tags;
}

void append_words(std::string& to, std::uint32_t code, ByteView value) {
    const std::string_view text = protocol::text_of(value);
    if (text.empty()) return;
    if (!to.empty()) to += ' ';
    const ValueForm form = find_field(code)->form;
    if (form == ValueForm::name) {
        to += searchable(text);
        return;
    }
    const std::size_t start = to.size();
    fold_into(to, text);
    if (form == ValueForm::phone) append_phone_ending(to, std::string_view(to).substr(start));
}

std::string shown_text(std::string_view value) {
    return is_stub(value) ? beginning_of(value) : std::string(protocol::text_of(as_bytes(value)));
}

std::string first_text(const RecordState& state, std::uint32_t code, const DotOrder& order) {
    const auto live = state.live(code, order);
    return live.empty() ? std::string{} : shown_text(live.front()->value);
}

std::string joined_name(std::string_view given, std::string_view family, std::string_view name) {
    if (given.empty() && family.empty()) return std::string(name);
    std::string joined(given);
    if (!given.empty() && !family.empty()) joined += ' ';
    return joined += family;
}

// The columns of a contact that only its creating entry has written. No state is built for them,
// because a first sync creates contacts by the thousand.
struct InitialColumns {
    std::string_view given, family, name, phone, email;
};

InitialColumns initial_columns(const protocol::ContactCreate& event) {
    InitialColumns columns;
    for (const protocol::InitialValue& value : event.values) {
        if (value.element) continue;
        if (value.field == field::given_name) columns.given = protocol::text_of(value.value);
        if (value.field == field::family_name) columns.family = protocol::text_of(value.value);
        if (value.field == field::name) columns.name = protocol::text_of(value.value);
        if (value.field == field::phone) columns.phone = protocol::text_of(value.value);
        if (value.field == field::email) columns.email = protocol::text_of(value.value);
    }
    return columns;
}

constexpr const char* insert_contact =
    "INSERT INTO contacts(id, root, turf, kind, at, name, body, flags) VALUES (?1, ?2, ?3, ?4, ?5, "
    "?6, ?7, nullif(?8, 0)) "
    "ON CONFLICT DO NOTHING";
constexpr const char* select_contact =
    "SELECT it.id, it.turf, coalesce(first.kind, it.kind), coalesce(first.at, it.at), "
    "coalesce(first.id, it.id), it.name, it.body, it.state, it.flags "
    "FROM contacts it LEFT JOIN contacts first ON first.id = it.place WHERE it.id = ?1";
// An empty `state` means that the state lies in parts.
constexpr const char* upsert_contact =
    "INSERT INTO contacts(id, root, turf, flags, conflicts, name, state) "
    "VALUES (?1, ?1, ?2, nullif(?3, 0), nullif(?4, 0), ?5, ?6) ON CONFLICT(id) DO UPDATE SET "
    "turf = ?2, flags = nullif(?3, 0), conflicts = nullif(?4, 0), name = ?5, state = ?6, "
    "body = NULL";

// `first(code)` is the text that shows first in a field.
template <class First>
std::string name_by(First first) {
    std::string name =
        joined_name(first(field::given_name), first(field::family_name), first(field::name));
    if (name.empty()) name = first(field::phone);
    if (name.empty()) name = first(field::email);
    return name;
}

}  // namespace

std::string display_name(const RecordState& state, const DotOrder& order) {
    return name_by([&](std::uint32_t code) { return first_text(state, code, order); });
}

Contacts::Contacts(
    Database& database, const AppliedDots& applied, const DotOrder& order,
    DeferredEntries& deferred, std::size_t items_max)
    : applied_(applied),
      order_(order),
      deferred_(deferred),
      insert_(database, insert_contact),
      select_(database, select_contact),
      select_root_(database, "SELECT root FROM contacts WHERE id = ?1"),
      select_shown_(database, "SELECT coalesce(place, id) FROM contacts WHERE id = ?1"),
      select_action_(database, "SELECT contact FROM actions WHERE id = ?1"),
      upsert_(database, upsert_contact),
      set_shown_(
          database,
          "UPDATE contacts SET flags = nullif(?2, 0), conflicts = nullif(?3, 0), "
          "name = coalesce(?4, name) WHERE id = ?1"),
      set_created_(database, "UPDATE contacts SET turf = ?2, kind = ?3, at = ?4 WHERE id = ?1"),
      set_place_(database, "UPDATE contacts SET place = ?2 WHERE id = ?1"),
      set_time_(database, "UPDATE contacts SET at = ?2 WHERE id = ?1"),
      set_root_(
          database,
          "UPDATE contacts SET root = ?2, state = NULL, flags = NULL, conflicts = NULL WHERE id = "
          "?1"),
      insert_member_(
          database, "INSERT INTO members(contact, root) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      select_members_(database, "SELECT contact FROM members WHERE root = ?1"),
      select_key_(
          database,
          "SELECT contact FROM external_keys WHERE turf = ?1 AND source = ?2 AND key = ?3"),
      insert_key_(
          database,
          "INSERT INTO external_keys(turf, source, key, contact) VALUES (?1, ?2, ?3, ?4)"),
      shelf_(
          database, order,
          {.rows = "contacts",
           .parts = "contact",
           .words = "contact_words",
           .items_max = items_max,
           .words_of = words_of}) {}

void Contacts::create(const Action& action, const protocol::ContactCreate& event) {
    const LocalDot root = event.key ? claim_key(action, *event.key) : action.dot;
    const LocalDot orphan = root_of(action.dot);
    if (!orphan.is_none()) {
        create_over_orphan(orphan, action, event);
        if (root != action.dot) join(root, action.dot);
    } else if (root == action.dot) {
        insert(action, event);
    } else {
        create_in(root, action, event);
    }
}

void Contacts::insert(const Action& action, const protocol::ContactCreate& event) {
    if (stays_in_log(action)) {
        deferred_.add(action.dot, action.dot);
        return insert_row(action, event, action.dot, std::nullopt, row_flag::of_deferred);
    }
    const int flags = set_initial_words(action, event);
    insert_row(action, event, action.dot, action.body, flags);
    shelf_.index().add(action.dot, words_);
}

void Contacts::insert_row(
    const Action& action, const protocol::ContactCreate& event, LocalDot root,
    std::optional<ByteView> body, int flags) {
    set_initial_name(event);
    if (stays_in_log(action)) name_.assign(beginning(name_));
    insert_.run(action.dot, root, action.turf, event.kind, action.time_ms, name_, body, flags);
}

void Contacts::set_initial_name(const protocol::ContactCreate& event) {
    const InitialColumns columns = initial_columns(event);
    name_ = joined_name(columns.given, columns.family, columns.name);
    if (name_.empty()) name_ = columns.phone.empty() ? columns.email : columns.phone;
}

// The same words in the same order as `words_of` would give: a contentless index forgets only what
// it is told again. Returns the row's flags.
int Contacts::set_initial_words(const Action& action, const protocol::ContactCreate& event) {
    words_.clear();
    const bool in_order = std::none_of(
        event.values.begin(), event.values.end(),
        [](const protocol::InitialValue& value) { return value.element; });
    if (!in_order) {
        RecordState state;
        add_initial(state, event, action.dot, action.time_ms, TextForm::keyed);
        words_ = words_of(state);
        return flags_of(state);
    }
    for (const protocol::InitialValue& value : event.values) {
        const auto code = static_cast<std::uint32_t>(value.field);
        if (is_searched(code)) append_words(words_, code, value.value);
    }
    return 0;
}

// Edits came before the entry that created the record. The entry joins them here.
void Contacts::create_over_orphan(
    LocalDot root, const Action& action, const protocol::ContactCreate& event) {
    Taken taken = take(root);
    if (shelf_.is_parted(root)) static_cast<void>(shelf_.parted().take(root));
    ContactRow& row = taken.row;
    if (row.turf != action.turf) {  // written to from another turf: never was part of this one
        row.state = {};
        deferred_.forget(action.dot);
    }
    row.turf = action.turf;
    set_created_.run(row.root, row.turf, event.kind, action.time_ms);
    if (stays_in_log(action)) {
        deferred_.add(action.dot, action.dot);
        mark_deferred(row);
        set_initial_name(event);
        row.name = beginning(name_);
    } else {
        add_initial(row.state, event, action.dot, action.time_ms, TextForm::keyed);
    }
    store(std::move(taken.row), taken.words);
}

void Contacts::add_initial(
    MergeTarget& state, const protocol::ContactCreate& event, LocalDot dot, std::int64_t at_ms,
    TextForm texts) {
    const auto source = KeptText::key(event.key ? event.key->source : std::string_view{}, texts);
    // An element said twice in one entry counts once, wherever it meets what removes it.
    std::set<std::pair<std::uint32_t, std::string_view>> elements;
    for (const protocol::InitialValue& value : event.values) {
        const auto code = static_cast<std::uint32_t>(value.field);
        if (is_of_merge(value.field)) continue;
        if (value.element && !elements.insert({code, as_text(value.value)}).second) continue;
        if (value.element) {
            const auto element = KeptText::key(as_text(value.value), texts);
            state.add({code, element.view()}, dot, {}, source.view(), at_ms);
        } else {
            const auto kept = KeptText::value(as_text(value.value), texts);
            state.add({code, {}}, dot, kept.view(), source.view(), at_ms);
        }
    }
    std::set<std::string> said;
    for (const protocol::ConsentMark& mark : event.consents) {
        const std::string whole = consent_element(mark.channel, mark.purpose);
        if (!said.insert(whole).second) continue;
        const auto element = KeptText::key(whole, texts);
        state.add(
            {consent_slot, element.view()}, dot, consent_value(mark.state), source.view(), at_ms);
    }
}

std::optional<ContactRow> Contacts::load(LocalDot id) {
    settle();
    const LocalDot root = root_of(id);
    std::optional<ContactRow> row = root.is_none() ? std::nullopt : load_row(root);
    if (row && (row->deferred || has_stubs(row->state))) complete(*row);
    return row;
}

void Contacts::complete(ContactRow& row) {
    if (row.deferred && texts_ != nullptr) {
        const GroupDots dots(*this, row.root);
        for (const LocalDot member : members_of(row.root)) {
            for (const LocalDot entry : deferred_.of(member))
                texts_->read_into(row.state, entry, dots);
        }
    }
    row.state = with_whole_texts(std::move(row.state), texts_);
    row.name = display_name(row.state, order_);
}

void Contacts::defer(LocalDot record, TurfNumber turf, LocalDot entry) {
    deferred_.add(record, entry);
    const LocalDot root = root_of(record);
    if (!root.is_none()) return defer_row(root);
    store({.root = record, .id = record, .turf = turf, .deferred = true}, {});
}

void Contacts::defer_row(LocalDot root) {
    if (shelf_.has_deferred(root)) return;
    Taken taken = take(root);
    if (shelf_.is_parted(root)) static_cast<void>(shelf_.parted().take(root));
    mark_deferred(taken.row);
    store(std::move(taken.row), taken.words);
}

// From here on only `load` knows what the contact shows. The row keeps the name that it had, which
// a list shows when nothing can be loaded.
void Contacts::mark_deferred(ContactRow& row) {
    if (!row.deferred) row.name = beginning(display_name(row.state, order_));
    row.deferred = true;
}

std::optional<ContactRow> Contacts::load_row(LocalDot id) {
    Rows rows = select_.query(id);
    if (!rows.next()) return std::nullopt;
    ContactRow row{
        .root = {rows.integer(0)},
        .id = {rows.integer(4)},
        .turf = {static_cast<std::uint32_t>(rows.integer(1))}};
    if (!rows.is_null(2)) row.kind = static_cast<std::uint64_t>(rows.integer(2));
    row.created_ms = rows.integer(3);
    row.name = rows.text(5);
    row.deferred = row_flag::has_deferred(rows.integer(8));
    if (!rows.is_null(7)) {
        row.state = shelf_.state_of(row.root, rows.blob(7));
        row.touched = true;
    } else if (!rows.is_null(6)) {
        const auto event = protocol::parse_contact_create(rows.blob(6));
        VEREDA_ASSERT(event);
        add_initial(row.state, *event, row.root, row.created_ms, TextForm::keyed);
    }
    return row;
}

void Contacts::restamp(LocalDot created, std::int64_t time_ms) {
    set_time_.run(created, time_ms);
    const LocalDot root = root_of(created);
    if (root.is_none()) return;
    if (shelf_.is_parted(root)) return shelf_.parted().target(root).restamp(created, time_ms);
    Taken taken = take(root);
    if (!taken.row.touched) return;
    taken.row.state.restamp(created, time_ms);
    store(std::move(taken.row), taken.words);
}

Contacts::Taken Contacts::take(LocalDot root) {
    std::optional<ContactRow> row = load_row(root);
    VEREDA_ASSERT(row);
    std::string words = shelf_.words_of(root, row->state, row->deferred);
    return {std::move(*row), std::move(words)};
}

void Contacts::store(ContactRow row, const std::string& words_before) {
    const RecordShelf::Columns columns = shelf_.columns_of(row.state, row.deferred);
    upsert_.run(
        row.root, row.turf, columns.flags, columns.conflicts,
        row.deferred ? row.name : display_name(row.state, order_), columns.state);
    shelf_.keep(row.root, columns, std::move(row.state), row.deferred, words_before);
}

void Contacts::settle() {
    shelf_.settle(
        [this](LocalDot root, const RecordShelf::Columns& columns, const ShownOfParts& shown) {
            std::optional<std::string> name;
            if (!row_flag::has_deferred(columns.flags))
                name = name_by([&](std::uint32_t code) { return shown_text(shown.first(code)); });
            set_shown_.run(root, columns.flags, columns.conflicts, name);
        });
}

std::string Contacts::words_of(const RecordState& state) {
    std::string words;
    for (const RecordState::Item& item : state.items()) {
        if (!item.live || !is_searched(item.field)) continue;
        append_words(words, item.field, as_bytes(item.element.empty() ? item.value : item.element));
    }
    return words;
}

}  // namespace vereda::engine
