#pragma once

#include <vector>

#include "engine/queries/entry_pages.h"

namespace vereda::engine {

/// A contact that is not here, though visits to it or changes of it are. Lists and searches have
/// none of that: only this, `contact show` and `history` tell of it.
struct MissingContact {
    LocalDot id;
    /// A disk destroyed it before anybody else had it, so it never comes. Otherwise it may.
    bool lost = false;
    bool hidden = false;             ///< It was retracted, or all that is here of it.
    bool own_work = false;           ///< This laptop wrote of it; known of those to tell only.
    std::uint64_t interactions = 0;  ///< Not retracted; 0 when there are changes of it only.
};

/// In the order of their ids, with those of which all is hidden.
[[nodiscard]] std::vector<MissingContact> missing_contacts(Workspace& workspace);
/// Those that `status` tells of: what is hidden stays out of it. What is lost comes first, of that
/// and of the rest where this laptop's own work is; then in the order of their ids.
[[nodiscard]] std::vector<MissingContact> missing_contacts_to_tell(Workspace& workspace);

/// Whether a void entry stands where the contact was.
[[nodiscard]] bool is_lost_contact(EntryPages& pages, LocalDot contact);

}  // namespace vereda::engine
