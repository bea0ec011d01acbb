#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "engine/log/local_dot.h"

namespace vereda::engine {

/// Tells which entries have been applied here. A removal asks about what it does not find: what has
/// been applied is gone already, and for anything else the removal waits.
class AppliedDots {
  public:
    virtual ~AppliedDots() = default;
    [[nodiscard]] virtual bool applied(LocalDot dot) const = 0;
};

/// Where a value lives in a record. `element` is empty for registers and retraction.
struct StateSlot {
    std::uint32_t field = 0;
    std::string_view element;
};

/// What an entry may do to a record's merged state, whether that lies whole in memory
/// (`RecordState`) or in parts (`PartedStates`).
class MergeTarget {
  public:
    virtual void add(
        StateSlot slot, LocalDot dot, std::string_view value, std::string_view source,
        std::int64_t at_ms) = 0;
    /// A retract whose proof has not come: it stands and may be restored, and it counts after
    /// `prove`.
    virtual void add_unproven(StateSlot slot, LocalDot dot, std::int64_t at_ms) = 0;
    /// The proof of what `add_unproven` added; nothing where that is gone.
    virtual void prove(StateSlot slot, LocalDot dot) = 0;
    /// Removes what `dot` added to `slot`. `source` is that of the write which removes; empty for a
    /// person's.
    virtual void remove(
        StateSlot slot, LocalDot dot, std::string_view source, const AppliedDots& log) = 0;
    /// Gives what `dot` wrote another time, because the hub has said when it came.
    virtual void restamp(LocalDot dot, std::int64_t at_ms) = 0;

  protected:
    ~MergeTarget() = default;
};

/// The order in which a state is cut into parts: by dot. So what one log wrote lies together, with
/// its newest at the end.
using PartPlaceView = std::tuple<LocalDot, std::uint32_t, std::string_view>;  // dot, field, element

/// A place where a part of a state begins.
struct PartPlace {
    LocalDot dot;
    std::uint32_t field = 0;
    std::string element;

    [[nodiscard]] PartPlaceView view() const { return {dot, field, element}; }
};

}  // namespace vereda::engine
