#include "engine/queries/queries.h"

#include <algorithm>

#include "engine/merge/stub.h"
#include "engine/projection/schema.h"
#include "engine/queries/long_text_search.h"
#include "engine/queries/search_expression.h"
#include "engine/queries/shown_consent.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"
#include "engine/text/fold.h"

namespace vereda::engine {
namespace {

struct SortedLine {
    std::string key;
    ContactLine line;
};

// By folded name, so that É stands with E; what is equal stands as on every other laptop.
std::vector<ContactLine> by_name(
    std::vector<ContactLine> lines, const DotOrder& order, std::size_t limit) {
    std::vector<SortedLine> sorted;
    sorted.reserve(lines.size());
    for (ContactLine& line : lines) {
        std::string key = fold(line.name);
        sorted.push_back({std::move(key), std::move(line)});
    }
    const std::size_t wanted = std::min(limit, sorted.size());
    std::partial_sort(
        sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(wanted), sorted.end(),
        [&order](const SortedLine& a, const SortedLine& b) {
            return a.key == b.key ? order.before(a.line.id, b.line.id) : a.key < b.key;
        });
    lines.clear();
    for (std::size_t i = 0; i < wanted; ++i) lines.push_back(std::move(sorted[i].line));
    return lines;
}

bool has(const std::vector<ContactLine>& lines, LocalDot id) {
    return std::any_of(
        lines.begin(), lines.end(), [id](const ContactLine& line) { return line.id == id; });
}

}  // namespace

ValueView Queries::value_view(const RecordState::Item& item) const {
    const std::string_view value = item.element.empty() ? item.value : item.element;
    return {
        .text = value_text(item.field, as_bytes(value)),
        .dot = item.dot,
        .at = {item.at_ms},
        .author = author_of(item.dot),
        .source = item.source};
}

FieldView Queries::field_view(const RecordState& state, std::uint32_t code) const {
    FieldView view{.code = code, .name = field_label(code)};
    const auto live = state.live(code, workspace_.projection().frontier());
    for (const RecordState::Item* item : live) view.entries.push_back(item->dot);
    view.set = !live.empty() && !live.front()->element.empty();
    if (!view.set) {
        for (const RecordState::Item* item : live) view.values.push_back(value_view(*item));
        view.conflict = std::any_of(live.begin(), live.end(), [&](const auto* item) {
            return item->value != live.front()->value;
        });
        return view;
    }
    for (const std::string_view element : state.elements(code)) {
        const auto found = std::find_if(live.begin(), live.end(), [element](const auto* item) {
            return item->element == element;
        });
        view.values.push_back(value_view(**found));
    }
    return view;
}

void Queries::fill_fields(ContactView& view, const RecordState& state) const {
    std::uint32_t last = 0;
    for (const RecordState::Item& item : state.items()) {
        if (!item.live || item.field == last || is_of_merge(item.field)) continue;
        last = item.field;
        view.fields.push_back(field_view(state, item.field));
    }
    for (const ShownConsent& consent : shown_consents(state))
        view.consents.push_back({consent.channel, consent.given});
}

std::optional<ContactView> Queries::contact(LocalDot id) {
    Contacts& contacts = workspace_.projection().contacts();
    const std::optional<ContactRow> row = contacts.load(id);
    if (!row || !row->kind) return std::nullopt;
    ContactView view{
        .id = row->id,
        .turf = row->turf,
        .kind = std::string(word_of(Vocabulary::contact_kind, *row->kind)),
        .name = row->name,
        .retracted = row->state.retracted(),
        .read_only = row->state.is_bound(),
        .created = {row->created_ms},
        .members = contacts.members_of(row->root)};
    const DotOrder& order = workspace_.projection().frontier();
    std::ranges::sort(
        view.members, [&order](LocalDot a, LocalDot b) { return order.before(a, b); });
    fill_fields(view, row->state);
    view.keys = keys_of(*row);
    for (const Link& link : links_of(id)) view.interactions += link.interaction && !link.hidden;
    return view;
}

bool Queries::is_here(LocalDot contact) {
    const LocalDot root = workspace_.projection().contacts().root_of(contact);
    Statement select(
        workspace_.projection().database(),
        "SELECT 1 FROM contacts WHERE id = ?1 AND kind IS NOT NULL");
    return select.query_integer(root).has_value();
}

ContactView Queries::missing_contact(LocalDot id) {
    ContactView view{.id = id, .is_here = false, .members = {id}};
    view.turf = turf_of(id).value_or(TurfNumber{0});
    if (const auto row = workspace_.projection().contacts().load(id)) {
        view.turf = row->turf;
        view.retracted = row->state.retracted();
        fill_fields(view, row->state);
    }
    for (const Link& link : links_of(id)) view.interactions += link.interaction && !link.hidden;
    return view;
}

std::set<std::string> Queries::other_channels(const std::vector<ContactLine>& contacts) {
    std::set<std::string> others;
    for (const ContactLine& line : contacts) {
        const auto row = workspace_.projection().contacts().load(line.id);
        if (!row) continue;
        for (ShownConsent& consent : shown_consents(row->state)) {
            if (!code_of(Vocabulary::channel, consent.channel))
                others.insert(std::move(consent.channel));
        }
    }
    return others;
}

bool Queries::is_retracted(LocalDot contact) {
    const auto row = workspace_.projection().contacts().load(contact);
    return row && row->state.retracted();
}

// The keys of a group are one key; a contact has the one that its entry gave it.
std::vector<RowKey> Queries::keys_of(const ContactRow& row) const {
    Database& database = workspace_.projection().database();
    const auto whole = [&](std::string_view kept) {
        return whole_text(kept, row.root, workspace_.projection().texts());
    };
    Statement select(
        database, "SELECT source, key FROM external_keys WHERE turf = ?1 AND contact = ?2");
    std::vector<RowKey> keys;
    for (const Row& found : select.query(row.turf, row.root))
        keys.push_back({whole(found.text(0)), whole(found.text(1))});
    return keys;
}

std::vector<ContactLine> Queries::contacts(const ListQuery& query) {
    Statement select(
        workspace_.projection().database(),
        "SELECT coalesce(place, id), turf, name, flags FROM contacts "
        "WHERE root = id AND kind IS NOT NULL");
    std::vector<ContactLine> lines;
    for (const Row& row : select.query()) {
        const TurfNumber turf{static_cast<std::uint32_t>(row.integer(1))};
        if (query.turf && *query.turf != turf) continue;
        if (row_flag::is_hidden(row.integer(3)) != query.retracted) continue;
        const LocalDot id{row.integer(0)};
        lines.push_back({id, turf, listed_name(id, row.text(2), row.integer(3))});
    }
    return by_name(std::move(lines), workspace_.projection().frontier(), query.limit);
}

std::optional<ContactLine> Queries::line_of(LocalDot id) {
    Statement select(
        workspace_.projection().database(),
        "SELECT turf, name, flags, coalesce(place, id) FROM contacts "
        "WHERE id = ?1 AND kind IS NOT NULL");
    Rows rows = select.query(id);
    if (!rows.next() || row_flag::is_hidden(rows.integer(2))) return std::nullopt;
    return ContactLine{
        {rows.integer(3)},
        {static_cast<std::uint32_t>(rows.integer(0))},
        listed_name(id, rows.text(1), rows.integer(2))};
}

// Of a contact of which entries stay in the log, what they say now; long ones only begin.
std::string Queries::listed_name(LocalDot id, std::string_view kept, std::int64_t flags) {
    if (!row_flag::has_deferred(flags)) return std::string(kept);
    const auto row = workspace_.projection().contacts().load(id);
    return row ? beginning(row->name) : std::string(kept);
}

std::vector<ContactLine> Queries::search(std::string_view words, std::size_t limit) {
    std::vector<ContactLine> lines;
    Projection& projection = workspace_.projection();
    const std::string by_words = search_expression(words, SearchedTable::contact_words);
    if (by_words.empty()) return lines;
    Statement match(
        projection.database(), "SELECT rowid FROM contact_words WHERE contact_words MATCH ?1");
    for (const Row& row : match.query(by_words)) {
        if (auto line = line_of({row.integer(0)})) lines.push_back(std::move(*line));
    }
    if (projection.indexes_notes()) search_notes(words, lines);
    search_long_texts(words, lines);
    return by_name(std::move(lines), projection.frontier(), limit);
}

// Records whose texts stay in the log have no words of them in the index: mostly none. They are
// read and searched one by one.
void Queries::search_long_texts(std::string_view words, std::vector<ContactLine>& lines) {
    Projection& projection = workspace_.projection();
    const auto add = [&](LocalDot contact) {
        const LocalDot root = projection.contacts().root_of(contact);
        if (root.is_none() || has(lines, projection.contacts().shown_id(root))) return;
        if (auto line = line_of(root)) lines.push_back(std::move(*line));
    };
    for (const LocalDot contact : long_contacts_with(projection, words)) add(contact);
    if (!projection.indexes_notes()) return;
    for (const LocalDot visit : long_visits_with(projection, words)) {
        const auto view = projection.interactions().view(visit);
        if (view && !view->retracted) add(view->contact);
    }
}

void Queries::search_notes(std::string_view words, std::vector<ContactLine>& lines) {
    Projection& projection = workspace_.projection();
    Statement match(
        projection.database(), "SELECT rowid FROM note_words WHERE note_words MATCH ?1");
    for (const Row& row : match.query(search_expression(words, SearchedTable::note_words))) {
        const auto visit = projection.interactions().view({row.integer(0)});
        if (!visit || visit->retracted) continue;
        const LocalDot contact = projection.contacts().root_of(visit->contact);
        if (contact.is_none() || has(lines, projection.contacts().shown_id(contact))) continue;
        if (auto line = line_of(contact)) lines.push_back(std::move(*line));
    }
}

}  // namespace vereda::engine
