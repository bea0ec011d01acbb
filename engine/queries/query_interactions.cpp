#include <algorithm>
#include <set>

#include "engine/projection/schema.h"
#include "engine/queries/queries.h"
#include "engine/queries/waiting_removals.h"
#include "engine/schema/fields.h"

/// Visits and calls, a contact's chain of entries, and what differs in either.
namespace vereda::engine {
namespace {

// Of records of which entries stay in the log, only a look at the whole tells.
std::string may_differ() { return row_flag::where_any(row_flag::in_conflict | row_flag::deferred); }

}  // namespace

std::optional<InteractionLine> Queries::interaction(LocalDot id) {
    const auto view = workspace_.projection().interactions().view(id);
    if (!view) return std::nullopt;
    return InteractionLine{*view, author_of(id), workspace_.store().info(id.log()).turf};
}

// A contact that is not here is a group of its own.
std::vector<LocalDot> Queries::members_of(LocalDot contact) {
    Contacts& contacts = workspace_.projection().contacts();
    const LocalDot root = contacts.root_of(contact);
    return contacts.members_of(root.is_none() ? contact : root);
}

// Of a contact whose log is only mentioned nobody knows it.
std::optional<TurfNumber> Queries::turf_of(LocalDot contact) {
    const LocalDot root = workspace_.projection().contacts().root_of(contact);
    const LogInfo& info = workspace_.store().info((root.is_none() ? contact : root).log());
    return info.described ? std::optional(info.turf) : std::nullopt;
}

// A contact's entries hang together as a chain, the last one first; a group has one for each
// member.
std::vector<Queries::Link> Queries::links_of(LocalDot contact) {
    Projection& projection = workspace_.projection();
    Statement select(
        projection.database(),
        "SELECT prev, 1, flags FROM interactions WHERE id = ?1 AND contact IS NOT NULL "
        "UNION ALL SELECT prev, 0, 0 FROM actions WHERE id = ?1");
    std::vector<Link> links;
    for (const LocalDot member : members_of(contact)) {
        for (LocalDot at = projection.history().head(member); !at.is_none();) {
            Rows rows = select.query(at);
            VEREDA_ASSERT(rows.next());
            links.push_back({at, rows.integer(1) != 0, row_flag::is_hidden(rows.integer(2))});
            at = {rows.integer(0)};
        }
    }
    return links;
}

std::vector<LocalDot> Queries::chain_of(LocalDot contact) {
    std::vector<LocalDot> chain;
    for (const Link& link : links_of(contact)) chain.push_back(link.entry);
    return chain;
}

std::vector<ShownField> Queries::shown_entries(LocalDot interaction) {
    std::vector<ShownField> shown;
    const auto row = workspace_.projection().interactions().load(interaction);
    if (!row) return shown;
    for (const RecordState::Item& item : row->state.items()) {
        if (!item.live || is_of_merge(item.field)) continue;
        if (shown.empty() || shown.back().code != item.field)
            shown.push_back({item.field, field_label(item.field), {}});
        shown.back().entries.push_back(item.dot);
    }
    return shown;
}

std::vector<InteractionLine> Queries::interactions_of(LocalDot contact, bool with_retracted) {
    std::vector<InteractionLine> lines;
    const std::optional<TurfNumber> turf = turf_of(contact);
    for (const LocalDot dot : chain_of(contact)) {
        auto line = interaction(dot);
        if (!line || (turf && line->turf != *turf)) continue;
        if (line->what.retracted && !with_retracted) continue;
        lines.push_back(std::move(*line));
    }
    const DotOrder& order = workspace_.projection().frontier();
    std::sort(lines.begin(), lines.end(), [&](const InteractionLine& a, const InteractionLine& b) {
        if (a.what.at_ms != b.what.at_ms) return a.what.at_ms > b.what.at_ms;
        return order.before(b.what.id, a.what.id);
    });
    return lines;
}

std::vector<ConflictView> Queries::conflicts(std::optional<TurfNumber> turf) {
    std::vector<ConflictView> found;
    find_contact_conflicts(turf, found);
    find_interaction_conflicts(turf, found);
    mark_waiting(found);
    const DotOrder& order = workspace_.projection().frontier();
    // A contact's own conflicts, then those of its interactions.
    std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
        if (a.contact != b.contact) return order.before(a.contact, b.contact);
        if (!a.interaction || !b.interaction) return !a.interaction && b.interaction;
        return order.before(*a.interaction, *b.interaction);
    });
    return found;
}

void Queries::mark_waiting(std::vector<ConflictView>& conflicts) {
    if (workspace_.projection().unproven().count() == 0) return;
    Contacts& contacts = workspace_.projection().contacts();
    std::set<LocalDot> records;
    for (const WaitingRemoval& waiting : waiting_removals(workspace_)) {
        const LocalDot contact = contacts.shown_id(waiting.record);
        records.insert(contact.is_none() ? waiting.record : contact);
    }
    for (ConflictView& view : conflicts)
        view.waits = records.contains(view.interaction.value_or(view.contact));
}

void Queries::find_contact_conflicts(
    std::optional<TurfNumber> turf, std::vector<ConflictView>& found) {
    Projection& projection = workspace_.projection();
    Statement select(
        projection.database(),
        "SELECT id, flags FROM contacts WHERE " + may_differ() + " AND root = id");
    for (const Row& row : select.query()) {
        const auto contact = projection.contacts().load({row.integer(0)});
        if (!contact || !contact->kind || row_flag::is_hidden(row.integer(1))) continue;
        if (turf && contact->turf != *turf) continue;
        for (const std::uint32_t code : contact->state.conflicts()) {
            FieldView field = field_view(contact->state, code);
            found.push_back(
                {.contact = contact->id,
                 .contact_name = contact->name,
                 .field = std::move(field.name),
                 .values = std::move(field.values)});
        }
    }
}

void Queries::find_interaction_conflicts(
    std::optional<TurfNumber> turf, std::vector<ConflictView>& found) {
    Projection& projection = workspace_.projection();
    Statement select(
        projection.database(), "SELECT id, flags FROM interactions WHERE " + may_differ());
    for (const Row& row : select.query()) {
        const auto visit = projection.interactions().load({row.integer(0)});
        if (!visit || visit->contact.is_none() || row_flag::is_hidden(row.integer(1))) continue;
        if (turf && visit->turf != *turf) continue;
        const auto contact = projection.contacts().load(visit->contact);
        // Nothing shows such a visit, and nobody can write to it.
        if (!contact || !contact->kind || contact->turf != visit->turf) continue;
        for (const std::uint32_t code : visit->state.conflicts()) {
            FieldView field = field_view(visit->state, code);
            found.push_back(
                {.contact = contact->id,
                 .interaction = visit->id,
                 .contact_name = contact->name,
                 .field = std::move(field.name),
                 .values = std::move(field.values)});
        }
    }
}

}  // namespace vereda::engine
