#pragma once

#include <expected>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "protocol/ids.h"
#include "protocol/log/block.h"
#include "protocol/sync/message.h"

/// What a hub says about the objects that it took: one leaf each, a chain over the leaves of a
/// stream, and the chain's signed head.
///
///     leaf = "vereda/leaf/v1\0"   15
///          | kind                  1   block 1, seal 2, checked 3, roster 4
///          | workspace            32
///          | stream               16   the turf; zeros for the roster
///          | stream_seq            8   from 1, gap-free in commit order
///          | accepted_ms           8   when the hub took it
///          | object hash          32
///          | payload hash         32   the author's; of a seal its new one; else zeros
///
///     turf_chain_0 = H("chain", workspace | hub_epoch u64 | stream)
///     turf_chain_n = BLAKE2b-256(turf_chain_{n-1} | leaf_n)
///     stream head  = CBOR [hub_epoch, turf, turf_seq, turf_chain, time]
///                    signed over "vereda/head/v1\0" | workspace | stream head
///
/// Source: docs/protocol.md "The hub's word".
namespace vereda::protocol {

enum class LeafKind : std::uint8_t { block = 1, seal = 2, checked = 3, roster = 4 };

struct Leaf {
    LeafKind kind = LeafKind::block;
    WorkspaceId workspace{};
    TurfId stream{};  ///< Zeros for the roster.
    std::uint64_t stream_seq = 0;
    Millis accepted{};
    crypto::Hash object_hash{};
    PayloadHash payload_hash{};
    auto operator<=>(const Leaf&) const = default;
};

inline constexpr std::size_t leaf_size = 144;
using LeafBytes = ByteArray<leaf_size>;

/// The leaf that a block or a roster entry gets, without its place in the stream and the time.
[[nodiscard]] Leaf leaf_of(const WorkspaceId& workspace, const ParsedBlock& block);
[[nodiscard]] Leaf leaf_of(const WorkspaceId& workspace, const RosterHash& entry);

enum class LeafError { malformed };

/// `accepted` is not before 1970.
[[nodiscard]] LeafBytes encode_leaf(const Leaf& leaf);
/// The same, of a leaf that the hub gave this place.
[[nodiscard]] LeafBytes encode_leaf(Leaf leaf, const Acceptance& place);
/// Error: `malformed`, also for an unknown kind, a stream_seq of 0 and a payload hash where none
/// belongs.
[[nodiscard]] std::expected<Leaf, LeafError> parse_leaf(ByteView wire);

/// The chain of a stream before its first leaf.
[[nodiscard]] ChainHash chain_start(
    const WorkspaceId& workspace, std::uint64_t hub_epoch, const TurfId& stream);
/// The chain after one more leaf.
[[nodiscard]] ChainHash chain_next(const ChainHash& chain, const LeafBytes& leaf);

/// How far a stream had come, by the hub's own word.
struct StreamHead {
    std::uint64_t hub_epoch = 1;
    TurfId turf{};
    std::uint64_t turf_seq = 0;  ///< 0: nothing yet, and the chain is `chain_start`.
    ChainHash turf_chain{};
    Millis time{};
    auto operator<=>(const StreamHead&) const = default;
};

[[nodiscard]] Bytes encode_stream_head(const StreamHead& head);
/// Error: `malformed`.
[[nodiscard]] std::expected<StreamHead, LeafError> parse_stream_head(ByteView wire);

[[nodiscard]] crypto::Signature sign_stream_head(
    const WorkspaceId& workspace, ByteView head, const crypto::SigningKey& hub_key);
[[nodiscard]] bool verify_stream_head(
    const WorkspaceId& workspace, ByteView head, const crypto::Signature& signature,
    const crypto::PublicKey& hub_key);

/// The head that a block's author had seen, as the hub had signed it (with seen.signature).
[[nodiscard]] StreamHead head_of(const Seen& seen, const TurfId& turf);

}  // namespace vereda::protocol
