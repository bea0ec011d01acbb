#pragma once

#include <vector>

#include "engine/people/queries.h"

namespace vereda::engine {

/// What a retraction hides without its author having known, or the one whose work it is: somebody
/// else retracted a contact that this laptop wrote to, or work of others came for one that was
/// retracted here. Both hold in the merge and neither is a conflict; only nobody would see it. So
/// the owner is told, once. The log does not tell which of two entries saw the other: this goes by
/// what was here when this laptop retracted, and by what its owner was told since, kept in log.db.
class HiddenWork {
  public:
    explicit HiddenWork(Workspace& workspace) : workspace_(workspace) {}

    /// Contacts, hidden now, whose owner is to be told, in the order of their ids: the same until
    /// they are noted.
    [[nodiscard]] std::vector<LocalDot> to_tell();
    /// Notes that somebody has been told of these as they stand. Durable on return, unless in a
    /// group.
    void note_told(const std::vector<LocalDot>& contacts);

  private:
    struct Standing {
        LogStore::HiddenTold now;
        bool own_retraction = false;
        bool own_work = false;
    };
    [[nodiscard]] Standing standing_of(LocalDot contact);
    [[nodiscard]] bool is_own(LocalDot entry) const;

    Workspace& workspace_;
};

}  // namespace vereda::engine
