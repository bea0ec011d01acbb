#pragma once

#include <string>
#include <vector>

#include "engine/merge/record_state.h"
#include "engine/projection/action.h"
#include "engine/projection/apply_edit.h"
#include "engine/projection/held_rows.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// The names of members, devices, turfs and the workspace: registers in the turf `common`, keyed by
/// what they name.
class Profiles {
  public:
    Profiles(Database& database, const AppliedDots& applied, const DotOrder& order);

    void apply(const Action& action, const protocol::Profile& event, Effect effect);
    void restamp(const Action& action);
    /// Writes back names that were written very often: before anything else reads the tables.
    void settle();
    /// The name that shows; empty when nobody has given one.
    [[nodiscard]] std::string name_of(protocol::Profile::Kind kind, ByteView id);
    /// What a new name overwrites.
    [[nodiscard]] std::vector<LocalDot> seen(protocol::Profile::Kind kind, ByteView id);

  private:
    using Key = std::pair<std::uint64_t, std::string>;  // kind, id
    [[nodiscard]] RecordState load(std::uint64_t kind, ByteView id);
    [[nodiscard]] RecordState take(const Key& key);
    void put_back(const Key& key, RecordState state);
    void store(const Key& key, const RecordState& state);
    const AppliedDots& applied_;
    const DotOrder& order_;
    HeldRows<Key, RecordState> held_;
    Statement select_;
    Statement select_name_;
    Statement upsert_;
};

}  // namespace vereda::engine
