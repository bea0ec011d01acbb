#pragma once

#include <vector>

#include "engine/log/local_dot.h"
#include "engine/merge/record_state.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// Entries that stay in the log as a whole: contacts and edits from blocks that hold much in few
/// bytes (`expands`). The projection notes their records, and reads the entries when somebody asks
/// for the record. Until then they count as not applied. A removal of something of theirs waits, as
/// for any entry that has not come. So the order in which they are read makes no difference.
class LeftEntries {
  public:
    explicit LeftEntries(Database& database);

    void add(LocalDot record, LocalDot entry);
    /// Forgets the entries of a record: they wrote to it from another turf.
    void forget(LocalDot record);
    [[nodiscard]] bool has(LocalDot entry);
    /// In the order of their numbers.
    [[nodiscard]] std::vector<LocalDot> of(LocalDot record);

  private:
    bool any_ = false;  // mostly false, which saves the queries
    Statement insert_;
    Statement select_;
    Statement select_of_;
    Statement delete_of_;
};

/// What is applied and not left in the log.
class AppliedAndHere final : public AppliedDots {
  public:
    AppliedAndHere(const AppliedDots& applied, LeftEntries& left)
        : applied_(applied), left_(left) {}
    [[nodiscard]] bool applied(LocalDot dot) const override {
        return applied_.applied(dot) && !left_.has(dot);
    }

  private:
    const AppliedDots& applied_;
    LeftEntries& left_;
};

}  // namespace vereda::engine
