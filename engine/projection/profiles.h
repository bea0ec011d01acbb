#pragma once

#include <string>
#include <vector>

#include "engine/merge/record_state.h"
#include "engine/projection/action.h"
#include "engine/projection/apply_edit.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// The names of members, devices, turfs and the workspace: registers in the turf `common`, keyed by
/// what they name.
class Profiles {
  public:
    Profiles(Database& database, const AppliedDots& applied, const DotOrder& order);

    void apply(const Action& action, const protocol::Profile& event, Effect effect);
    void restamp(const Action& action);
    /// The name that shows; empty when nobody has given one.
    [[nodiscard]] std::string name_of(protocol::Profile::Kind kind, ByteView id);
    /// What a new name overwrites.
    [[nodiscard]] std::vector<LocalDot> seen(protocol::Profile::Kind kind, ByteView id);

  private:
    [[nodiscard]] RecordState load(std::uint64_t kind, ByteView id);
    void store(const protocol::Profile& event, const RecordState& state);
    const AppliedDots& applied_;
    const DotOrder& order_;
    Statement select_;
    Statement select_name_;
    Statement upsert_;
};

}  // namespace vereda::engine
