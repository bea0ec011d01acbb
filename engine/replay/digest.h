#pragma once

#include <span>

#include "crypto/hash.h"
#include "engine/log/log_store.h"
#include "engine/projection/projection.h"

namespace vereda::engine {

/// A short name for a state: two are equal exactly when the states are (docs/protocol/digest.md).
struct StateDigest {
    crypto::Hash bytes{};
    auto operator<=>(const StateDigest&) const = default;
};

/// As people compare it: 64 hexadecimal digits.
[[nodiscard]] std::string to_text(const StateDigest& digest);

/// Of one turf. Reads the whole turf: about a microsecond per interaction.
[[nodiscard]] StateDigest digest_of_turf(
    Projection& projection, const LogStore& store, TurfNumber turf);
/// Of several turfs at once, from their digests.
[[nodiscard]] StateDigest digest_of_all(
    const LogStore& store, std::span<const std::pair<TurfNumber, StateDigest>> turfs);

}  // namespace vereda::engine
