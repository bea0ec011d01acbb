#include "engine/queries/missing_contacts.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "engine/queries/queries.h"

namespace vereda::engine {
namespace {

// Each contact once, its visits that show, whether there is more than hidden visits, and whether it
// was retracted itself. Of one whose visits are all retracted the changes may still show nowhere
// else.
constexpr const char* missing_sql =
    "SELECT id, sum(visit), max(shows) AND NOT max(retracted) FROM ("
    "SELECT i.contact AS id, coalesce(i.flags, 0) & 1 = 0 AS visit, coalesce(i.flags, 0) & 1 = 0 "
    "AS shows, 0 AS retracted FROM interactions i LEFT JOIN contacts c ON c.id = i.contact "
    "WHERE i.contact IS NOT NULL AND c.kind IS NULL "
    "UNION ALL SELECT id, 0, 1, coalesce(flags, 0) & 1 FROM contacts WHERE kind IS NULL) GROUP BY "
    "id ORDER BY id";

bool is_own(Workspace& workspace, LocalDot entry) {
    return workspace.store().info(entry.log()).device == workspace.identity().keys.device();
}

// Whether this laptop wrote the contact, a visit to it or a change of it.
bool has_own_work(Workspace& workspace, LocalDot contact) {
    if (is_own(workspace, contact)) return true;
    return std::ranges::any_of(Queries(workspace).chain_of(contact), [&](LocalDot entry) {
        return is_own(workspace, entry);
    });
}

}  // namespace

bool is_lost_contact(EntryPages& pages, LocalDot contact) {
    const auto there = pages.read(contact);
    return there &&
           there->entry.type == static_cast<std::uint64_t>(protocol::EventType::void_entry);
}

std::vector<MissingContact> missing_contacts(Workspace& workspace) {
    std::vector<MissingContact> missing;
    EntryPages pages(workspace);
    Statement select(workspace.projection().database(), missing_sql);
    for (const Row& row : select.query()) {
        const LocalDot id{row.integer(0)};
        missing.push_back(
            {.id = id,
             .lost = is_lost_contact(pages, id),
             .hidden = row.integer(2) == 0,
             .interactions = static_cast<std::uint64_t>(row.integer(1))});
        pages.forget();
    }
    return missing;
}

std::vector<MissingContact> missing_contacts_to_tell(Workspace& workspace) {
    std::vector<MissingContact> missing = missing_contacts(workspace);
    std::erase_if(missing, [](const MissingContact& contact) { return contact.hidden; });
    for (MissingContact& contact : missing) contact.own_work = has_own_work(workspace, contact.id);
    std::ranges::stable_sort(missing, std::greater(), [](const MissingContact& contact) {
        return std::pair(contact.lost, contact.own_work);
    });
    return missing;
}

}  // namespace vereda::engine
