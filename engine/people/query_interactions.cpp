#include <algorithm>

#include "engine/people/queries.h"
#include "engine/projection/schema.h"
#include "engine/schema/fields.h"

/// Visits and calls, a contact's chain of entries, and what differs in either.
namespace vereda::engine {

std::optional<InteractionLine> Queries::interaction(LocalDot id) {
    const auto view = workspace_.projection().interactions().view(id);
    if (!view) return std::nullopt;
    return InteractionLine{*view, author_of(id), workspace_.store().info(id.log()).turf};
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
    for (const LocalDot member :
         projection.contacts().members_of(projection.contacts().root_of(contact))) {
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
        if (!item.live || is_slot_of_merge(item.field)) continue;
        if (shown.empty() || shown.back().code != item.field)
            shown.push_back({item.field, field_label(item.field), {}});
        shown.back().entries.push_back(item.dot);
    }
    return shown;
}

std::vector<InteractionLine> Queries::interactions_of(LocalDot contact, bool with_retracted) {
    std::vector<InteractionLine> lines;
    const LocalDot root = workspace_.projection().contacts().root_of(contact);
    if (root.is_none()) return lines;
    const TurfNumber turf = workspace_.store().info(root.log()).turf;
    for (const LocalDot dot : chain_of(contact)) {
        auto line = interaction(dot);
        if (!line || line->turf != turf) continue;
        if (line->what.retracted && !with_retracted) continue;
        lines.push_back(std::move(*line));
    }
    std::sort(lines.begin(), lines.end(), [](const InteractionLine& a, const InteractionLine& b) {
        return std::tie(a.what.at_ms, a.what.id) > std::tie(b.what.at_ms, b.what.id);
    });
    return lines;
}

std::vector<ConflictView> Queries::conflicts(std::optional<TurfNumber> turf) {
    std::vector<ConflictView> found;
    find_contact_conflicts(turf, found);
    find_interaction_conflicts(turf, found);
    return found;
}

void Queries::find_contact_conflicts(
    std::optional<TurfNumber> turf, std::vector<ConflictView>& found) {
    Projection& projection = workspace_.projection();
    Statement select(
        projection.database(), "SELECT id, flags FROM contacts WHERE conflicts > 0 AND root = id");
    for (const Row& row : select.query()) {
        const auto contact = projection.contacts().load({row.integer(0)});
        if (!contact || !contact->kind || row_flag::is_hidden(row.integer(1))) continue;
        if (turf && contact->turf != *turf) continue;
        for (const std::uint32_t code : contact->state.conflicts()) {
            FieldView field = field_view(contact->state, code);
            found.push_back(
                {.contact = contact->root,
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
        projection.database(), "SELECT id, flags FROM interactions WHERE conflicts > 0");
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
                {.contact = contact->root,
                 .interaction = visit->id,
                 .contact_name = contact->name,
                 .field = std::move(field.name),
                 .values = std::move(field.values)});
        }
    }
}

}  // namespace vereda::engine
