#include "engine/people/missing_contacts.h"

namespace vereda::engine {
namespace {

// Each contact once, its visits that show, and whether anything of it does. Of one whose visits are
// all retracted the changes may still show nowhere else.
constexpr const char* missing_sql =
    "SELECT id, sum(visit), max(shows) FROM ("
    "SELECT i.contact AS id, coalesce(i.flags, 0) & 1 = 0 AS visit, coalesce(i.flags, 0) & 1 = 0 "
    "AS shows FROM interactions i LEFT JOIN contacts c ON c.id = i.contact "
    "WHERE i.contact IS NOT NULL AND c.kind IS NULL "
    "UNION ALL SELECT id, 0, 1 FROM contacts WHERE kind IS NULL) GROUP BY id ORDER BY id";

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
    return missing;
}

}  // namespace vereda::engine
