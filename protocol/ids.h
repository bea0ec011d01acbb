#pragma once

// Lives here: what all formats share: ids, CBOR, limits, texts of ids, signing domains.
// Begin: here, then `cbor.h`; the formats are in `log/`, `roster/`, `sync/`, `http/`.
// Must not know: any one format, files, sockets, clocks.

#include <algorithm>
#include <compare>
#include <expected>

#include "crypto/bytes.h"

/// The names of things: distinct types, so that a turf cannot be passed where a log belongs.
namespace vereda::protocol {

enum class IdError { wrong_size };

/// An opaque name of `size` bytes; `Tag` only keeps the kinds apart.
template <class Tag, std::size_t size_>
struct Id {
    static constexpr std::size_t size = size_;
    ByteArray<size_> bytes{};

    auto operator<=>(const Id&) const = default;
    [[nodiscard]] ByteView view() const { return bytes; }
    [[nodiscard]] bool is_zero() const { return *this == Id{}; }

    /// Error: `wrong_size`.
    [[nodiscard]] static std::expected<Id, IdError> parse(ByteView wire) {
        if (wire.size() != size_) return std::unexpected(IdError::wrong_size);
        Id id;
        std::copy(wire.begin(), wire.end(), id.bytes.begin());
        return id;
    }
};

using WorkspaceId = Id<struct WorkspaceTag, 32>;  ///< H("genesis", …) of the roster's first entry.
using DeviceId = Id<struct DeviceTag, 32>;        ///< The device's Ed25519 public key.
using MemberId = Id<struct MemberTag, 16>;        ///< Random; names live in `common`.
using TurfId = Id<struct TurfTag, 16>;  ///< Random; `common` is derived from the workspace.
using Incarnation = Id<struct IncarnationTag, 16>;
using LogId = Id<struct LogTag, 32>;        ///< H("log", workspace | device | turf | incarnation).
using BlockHash = Id<struct BlockTag, 32>;  ///< H("block", workspace | header): a block's identity.
using PayloadHash = Id<struct PayloadTag, 32>;  ///< H("sealed", payload).
using SealHash = Id<struct SealTag, 32>;
using RootHash = Id<struct RootTag, 32>;  ///< Merkle root over a block's commitments.
using RosterHash = Id<struct RosterTag, 32>;
using OrderId = Id<struct OrderTag, 16>;
using InviteId = Id<struct InviteTag, 16>;
using ChainHash = Id<struct ChainTag, 32>;  ///< A hub stream's running hash.
using KeyCommitment = Id<struct KeyCommitmentTag, 32>;
using Salt = Id<struct SaltTag, 16>;  ///< A node of a block's salt tree.

/// The place of an entry in its log; the first is 1, 0 means none.
struct Seq {
    std::uint64_t value = 0;
    auto operator<=>(const Seq&) const = default;
    [[nodiscard]] Seq next() const { return {value + 1}; }
    [[nodiscard]] Seq before() const { return {value - 1}; }
};

/// A key epoch of a turf; the first is 1.
struct Epoch {
    std::uint64_t value = 0;
    auto operator<=>(const Epoch&) const = default;
};

/// A position on the roster; the genesis is 0.
struct RosterPosition {
    std::uint64_t value = 0;
    auto operator<=>(const RosterPosition&) const = default;
};

/// The name of an entry, and of the record that it created.
struct Dot {
    LogId log;
    Seq seq;
    auto operator<=>(const Dot&) const = default;
};

/// Unix time in milliseconds, as somebody's clock said it: display, never order.
struct Millis {
    std::int64_t value = 0;
    auto operator<=>(const Millis&) const = default;
};

}  // namespace vereda::protocol
