#pragma once

#include <vector>

#include "engine/log/local_dot.h"
#include "engine/merge/record_state.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// Entries that stay in the log as a whole, deferred until somebody asks: contacts and edits from
/// blocks that hold much in few bytes (`expands`). The projection notes their records, and reads
/// the entries when somebody asks for the record. Until then they count as not applied. A removal
/// of something of theirs waits, as for any entry that has not come. So the order in which they are
/// read makes no difference.
class DeferredEntries {
  public:
    explicit DeferredEntries(Database& database);

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

/// What is applied and not deferred.
class AppliedAndHere final : public AppliedDots {
  public:
    AppliedAndHere(const AppliedDots& applied, DeferredEntries& deferred)
        : applied_(applied), deferred_(deferred) {}
    [[nodiscard]] bool applied(LocalDot dot) const override {
        return applied_.applied(dot) && !deferred_.has(dot);
    }

  private:
    const AppliedDots& applied_;
    DeferredEntries& deferred_;
};

}  // namespace vereda::engine
