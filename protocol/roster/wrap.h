#pragma once

#include <expected>
#include <span>
#include <vector>

#include "crypto/sealed_box.h"
#include "crypto/secret_bytes.h"
#include "protocol/ids.h"
#include "protocol/roster/roster_body.h"
#include "protocol/sealed_wrap.h"

/// A turf's key sealed to one device or invite, bound to where it hangs. Normative:
/// docs/protocol/roster.md "Wraps".
namespace vereda::protocol {

/// What a wrap is bound to: nobody can pass it off as another turf's, epoch's, recipient's or
/// entry's.
struct WrapPlace {
    WorkspaceId workspace;
    TurfId turf;
    Epoch epoch;
    crypto::BoxPublicKey recipient{};
    RosterPosition position;  ///< Of the entry that it hangs off.
};

enum class WrapError {
    does_not_open,  ///< Sealed to another key, or damaged.
    wrong_place,    ///< It opens, but was made for another workspace, turf, epoch, recipient or
                    ///< position.
};

inline constexpr std::size_t turf_key_size = 32;
inline constexpr std::size_t sealed_wrap_size = turf_key_size + 32 + crypto::sealed_box_overhead;

/// `turf_key` (32 bytes) sealed to place.recipient. Asserts that this is a valid key: the roster
/// enrols no other.
[[nodiscard]] SealedWrap seal_wrap(const WrapPlace& place, ByteView turf_key);

/// The turf key. Whether it is the epoch's is told by its commitment on the roster, not here.
[[nodiscard]] std::expected<crypto::SecretBytes, WrapError> open_wrap(
    const crypto::BoxKey& recipient, const WrapPlace& place, ByteView wrap);

/// The root that the roster entry names. The order of `wraps` is the order of the leaves: by turf,
/// epoch, recipient.
[[nodiscard]] WrapsRoot wraps_root(std::span<const SealedWrap> wraps);

/// The siblings from leaf `index` up to the root. Asserts index < wraps.size().
[[nodiscard]] std::vector<crypto::Hash> wrap_path(
    std::span<const SealedWrap> wraps, std::size_t index);

/// Does `wrap` hang off `root` at `index`, as `path` claims?
[[nodiscard]] bool verify_wrap_path(
    const WrapsRoot& root, const SealedWrap& wrap, std::uint64_t index,
    std::span<const crypto::Hash> path);

}  // namespace vereda::protocol
