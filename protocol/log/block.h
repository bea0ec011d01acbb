#pragma once

// Lives here: the bytes of a log: blocks, payloads, entries, events (docs/protocol.md).
// Begin: here for the outside of a block, `payload.h` for its inside, `event.h` for what entries
// say.
// Must not know: who may write what, what it does to a record, how blocks travel.

#include <expected>
#include <optional>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "protocol/cbor.h"
#include "protocol/ids.h"

/// A block from the outside: what is signed, what it claims, and its sealed payload.
///
///     block  = CBOR [header, signature 64, payload]              byte strings
///     header = core | payload_hash 32
///     core   = CBOR [1, device, turf, incarnation, block_no, first_seq, count, previous, root,
///                    epoch, roster_pos, roster_hash, seen | null]
///     seen   = [hub_epoch, turf_seq, turf_chain, time, head signature 64,
///               null | [tree size, tree root, signature 64]]
///
/// Source: docs/protocol.md "The log and its blocks".
namespace vereda::protocol {

/// A signed checkpoint of the hub's public tree, as a block's author had last seen it.
struct SeenCheckpoint {
    std::uint64_t tree_size = 0;
    crypto::Hash tree_root{};
    crypto::Signature signature{};
    auto operator<=>(const SeenCheckpoint&) const = default;
};

/// The hub's stream head of the block's turf, as its author had last seen it.
struct Seen {
    std::uint64_t hub_epoch = 0;
    std::uint64_t turf_seq = 0;
    ChainHash turf_chain{};
    Millis time{};
    crypto::Signature signature{};  ///< The hub's, over the stream head (protocol/sync/leaf.h).
    std::optional<SeenCheckpoint> checkpoint{};
    auto operator<=>(const Seen&) const = default;
};

/// The claims of a block.
struct Core {
    DeviceId device{};
    TurfId turf{};
    Incarnation incarnation{};
    std::uint64_t block_no = 0;  ///< From 0.
    Seq first_seq{1};
    std::uint32_t count = 0;  ///< Entries, 1 to `block_entries_max`.
    BlockHash previous{};     ///< Zeros exactly in block 0.
    RootHash root{};
    Epoch epoch{1};
    RosterPosition roster_position{};  ///< How much of the roster the author had seen.
    RosterHash roster_hash{};
    std::optional<Seen> seen{};
    auto operator<=>(const Core&) const = default;

    [[nodiscard]] Seq last_seq() const { return {first_seq.value + count - 1}; }
};

enum class BlockError { too_large, malformed };

/// Errors: `too_large` beyond `core_size_max`; `malformed`, also when block_no, first_seq and
/// previous do not agree on whether this is the log's first block.
[[nodiscard]] std::expected<Core, BlockError> parse_core(ByteView wire);
[[nodiscard]] Bytes encode_core(const Core& core);

/// Writes and reads `seen`, which roster and sync never need apart from a core.
void write_seen(CborWriter& writer, const Seen& seen);
[[nodiscard]] Seen read_seen(CborReader& reader);

/// A well-formed block. Borrows: the views lie in the bytes it was parsed from. Nothing is verified
/// yet.
struct ParsedBlock {
    ByteView wire{};
    ByteView header{};      ///< core | payload_hash.
    ByteView core_bytes{};  ///< The encoding of `core`.
    ByteView payload{};     ///< As carried: the author's, or one resealed under a seal.
    Core core{};
    PayloadHash payload_hash{};  ///< Of the author's payload, for ever.
    crypto::Signature signature{};
    BlockHash hash{};
    LogId log{};
};

/// Errors: `too_large` beyond `block_size_max`; `malformed`. Checks shape and limits, hashes the
/// header; neither the signature nor the payload.
[[nodiscard]] std::expected<ParsedBlock, BlockError> parse_block(
    const WorkspaceId& workspace, ByteView wire);

/// True when the block's device signed its header for this workspace.
[[nodiscard]] bool verify_block(const WorkspaceId& workspace, const ParsedBlock& block);

/// True when the payload is the very one that the author sealed, and not a resealed or a damaged
/// one.
[[nodiscard]] bool carries_authors_payload(const ParsedBlock& block);

/// A block of the same header and signature with another payload, as it is stored after a reseal.
[[nodiscard]] Bytes with_payload(const ParsedBlock& block, ByteView payload);

/// CBOR [header, signature, payload].
[[nodiscard]] Bytes encode_block(
    ByteView header, const crypto::Signature& signature, ByteView payload);

/// The signature of `device_key` over "vereda/block/v1\0" | workspace | header.
[[nodiscard]] crypto::Signature sign_block(
    const WorkspaceId& workspace, ByteView header, const crypto::SigningKey& device_key);

}  // namespace vereda::protocol
