#pragma once

#include <vector>

#include "engine/queries/queries.h"

namespace vereda::engine {

/// Records that a retraction hides.
struct HiddenRecords {
    std::vector<LocalDot> contacts;
    std::vector<LocalDot> interactions;
    [[nodiscard]] bool empty() const { return contacts.empty() && interactions.empty(); }
};

/// What a retraction hides without its author having known, or the one whose work it is: somebody
/// else retracted a contact or an interaction that this laptop wrote to, or work of others came for
/// one that was retracted here. Both hold in the merge and neither is a conflict; only nobody would
/// see it. So the owner is told, once. The log does not tell which of two entries saw the other:
/// this goes by what was here when this laptop retracted, and by what its owner was told since,
/// kept in log.db.
class HiddenWork {
  public:
    explicit HiddenWork(Workspace& workspace) : workspace_(workspace) {}

    /// Records, hidden now, whose owner is to be told, in the order of their ids: the same until
    /// they are noted.
    [[nodiscard]] HiddenRecords to_tell();
    /// Notes that somebody has been told of these as they stand. Durable on return, unless in a
    /// group.
    void note_told(const HiddenRecords& records);

  private:
    struct Standing {
        LogStore::HiddenTold now;
        bool own_retraction = false;
        bool own_work = false;
    };
    [[nodiscard]] Standing standing_of_contact(LocalDot contact);
    [[nodiscard]] Standing standing_of_interaction(LocalDot interaction);
    [[nodiscard]] Standing retractions_in(const std::vector<LocalDot>& retractions);
    [[nodiscard]] bool is_news(LocalDot record, const Standing& standing);
    [[nodiscard]] bool is_own(LocalDot entry) const;

    Workspace& workspace_;
};

}  // namespace vereda::engine
