#pragma once

#include <vector>

#include "engine/log/local_dot.h"
#include "engine/merge/record_state.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// Entries that stay in the log as a whole: contacts and edits of blocks that say much in few bytes.
/// The projection has their records, and reads what they say when somebody asks for the record.
/// Until then they count as not applied to it: what removes something of theirs waits for them, as
/// for any entry that has not come, so the order in which they are read makes no difference.
class LeftEntries {
  public:
    explicit LeftEntries(Database& database);

    void add(LocalDot record, LocalDot entry);
    /// The record never was what the entries took it for.
    void forget(LocalDot record);
    [[nodiscard]] bool has(LocalDot entry);
    /// In the order of their numbers.
    [[nodiscard]] std::vector<LocalDot> of(LocalDot record);

  private:
    bool any_ = false;  // mostly not: then nobody has to ask
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
