#pragma once

#include "engine/log/log_store.h"
#include "engine/projection/projection.h"

namespace vereda::engine {

struct StateCounts {
    std::uint64_t contacts = 0;      ///< Not retracted; a group counts once.
    std::uint64_t interactions = 0;  ///< Not retracted.
    std::uint64_t conflicts = 0;     ///< Fields with more than one value, of those two.
};

/// What one turf holds.
[[nodiscard]] StateCounts count_state(
    Projection& projection, const LogStore& store, TurfNumber turf);

}  // namespace vereda::engine
