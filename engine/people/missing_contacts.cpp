#include "engine/people/missing_contacts.h"

namespace vereda::engine {
namespace {

// Of a contact whose visits are all retracted the changes may still show nowhere.
constexpr const char* missing_sql =
    "SELECT i.contact, count(*) FROM interactions i LEFT JOIN contacts c ON c.id = i.contact "
    "WHERE i.contact IS NOT NULL AND c.kind IS NULL AND coalesce(i.flags, 0) & 1 = 0 "
    "GROUP BY i.contact "
    "UNION ALL SELECT id, 0 FROM contacts WHERE kind IS NULL AND id NOT IN (SELECT contact FROM "
    "interactions WHERE contact IS NOT NULL AND coalesce(flags, 0) & 1 = 0) ORDER BY 1";

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
            {id, is_lost_contact(pages, id), static_cast<std::uint64_t>(row.integer(1))});
        pages.forget();
    }
    return missing;
}

}  // namespace vereda::engine
