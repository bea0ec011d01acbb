#pragma once

#include "crypto/bytes.h"
#include "crypto/sealed_box.h"
#include "protocol/ids.h"

namespace vereda::protocol {

/// A turf key sealed to one recipient; the leaf under a roster entry's Merkle root.
struct SealedWrap {
    TurfId turf{};
    Epoch epoch{};
    crypto::BoxPublicKey recipient{};
    Bytes wrap{};
    auto operator<=>(const SealedWrap&) const = default;
};
inline constexpr std::size_t wrap_size_max = 256;

}  // namespace vereda::protocol
