#pragma once

#include <set>
#include <vector>

#include "engine/people/queries.h"

namespace vereda::engine {

/// Watches over a sync for what a retraction hides without its author having known: a retraction
/// that came for a contact that this laptop wrote to, and work of others that came for a contact
/// retracted here already. Both hold in the merge, and neither is a conflict; only nobody would see
/// it. Which of two entries came first is not told by the log, so this goes by arrival.
class HiddenWork {
  public:
    /// Notes what `workspace` has read so far. It must outlive this.
    explicit HiddenWork(Workspace& workspace);

    /// The contacts, hidden now, of which that became true since; in the order of their ids.
    [[nodiscard]] std::vector<LocalDot> found_since();

  private:
    [[nodiscard]] std::vector<LocalDot> hidden_contacts() const;
    [[nodiscard]] bool is_news(LocalDot entry) const;
    [[nodiscard]] bool is_own(LocalDot entry) const;
    [[nodiscard]] bool has_news(const std::vector<LocalDot>& records) const;
    [[nodiscard]] bool hides_work(LocalDot contact);

    Workspace& workspace_;
    const AppliedFrontier read_;
    std::set<LocalDot> hidden_;
};

}  // namespace vereda::engine
