#pragma once

#include <expected>
#include <span>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/signature.h"
#include "protocol/log/block.h"
#include "protocol/log/block_budget.h"
#include "protocol/log/epoch_keys.h"
#include "protocol/log/preamble.h"
#include "protocol/log/salt_tree.h"

/// A block from the inside: closing entries into one, opening it, sealing it again without some of
/// them.
///
///     plain   = CBOR [preamble, cover, slots]
///               byte string; [16 bytes…]; each slot an entry or [leaf 32]
///     packed  = u32 length of the frame | one zstd frame | zeros
///               padded to max(256, Padmé(4 + frame))
///     payload = nonce 24 | XChaCha20-Poly1305(K_pay, nonce, aad, packed)
///               aad = "vereda/payload/v1\0" | workspace | core
///
/// Source: docs/protocol.md "Payload".
namespace vereda::protocol {

/// What an author decides about a block; the rest follows.
struct BlockDraft {
    WorkspaceId workspace{};
    TurfId turf{};
    Incarnation incarnation{};
    std::uint64_t block_no = 0;
    Seq first_seq{1};
    BlockHash previous{};
    Epoch epoch{1};
    RosterPosition roster_position{};
    RosterHash roster_hash{};
    std::optional<Seen> seen{};
    Bytes preamble{};              ///< Encoded (encode_preamble), with heads exactly in `common`.
    std::vector<Bytes> entries{};  ///< Encoded (encode_entry), in the order of their seqs.
};

/// How hard zstd tries when a block is closed; readers do not care.
inline constexpr int default_compression_level = 3;

struct ClosedBlock {
    Bytes wire{};  ///< The block, as stored and sent.
    BlockHash hash{};
    PayloadHash payload_hash{};
    LogId log{};
    Core core{};
};

/// Closes a draft: commits to its entries, compresses, seals and signs. `seed` is 16 fresh random
/// bytes, forgotten by the caller afterwards. `device_key` is the author's; `keys` are those of the
/// draft's epoch. Deterministic for one version of the compressor. Aborts on a draft beyond the
/// limits (BlockBudget, `preamble_size_max`) or inconsistent.
[[nodiscard]] ClosedBlock close_block(
    const BlockDraft& draft, const EpochKeys& keys, const crypto::SigningKey& device_key,
    const ByteArray<16>& seed, int compression_level = default_compression_level);

/// One entry of an opened block, or what is left of it.
struct Slot {
    ByteView bytes{};  ///< The entry, or of an empty slot its commitment (32 bytes).
    /// False for an empty slot: erased, if an order names it; otherwise withheld.
    bool present = false;
};

/// A block whose payload opened and agrees with its root. Owns the one buffer that all its views
/// lie in; may be moved, not copied.
struct OpenedPayload {
    OpenedPayload() = default;
    OpenedPayload(OpenedPayload&&) = default;
    OpenedPayload& operator=(OpenedPayload&&) = default;
    OpenedPayload(const OpenedPayload&) = delete;
    OpenedPayload& operator=(const OpenedPayload&) = delete;

    Bytes plain{};
    ByteView preamble_bytes{};
    Preamble preamble{};
    std::vector<Slot> slots{};  ///< slots[i] has the seq first_seq + i.
    EmptySlots empty{};         ///< Bit i + 1 for slots[i].
    std::vector<Salt> cover{};
};

/// Why a payload did not open. Whichever it was, the block is pending and asked for elsewhere;
/// whose fault it was is told by `payload_fault` (protocol/log/seal.h).
enum class PayloadError {
    wrong_size,          ///< No payload is that long; also one that an order dropped.
    does_not_open,       ///< The AEAD refuses: another key, core or workspace, or a damaged byte.
    wrong_nonce,         ///< Not the nonce that the key demands.
    bad_frame,           ///< Padding, frame header or compressed data.
    malformed,           ///< What was compressed is no [preamble, cover, slots].
    wrong_cover,         ///< Too few or too many nodes for the slots that are filled.
    wrong_root,          ///< Not the entries that the author committed to.
    malformed_preamble,  ///< Committed to, but no preamble of this turf and log.
};

/// Opens the payload that `block` carries and checks every entry against its root. `keys` must
/// match the commitment of the block's epoch on the roster. Uses buffers of the calling thread;
/// allocates per block, never per entry.
[[nodiscard]] std::expected<OpenedPayload, PayloadError> open_payload(
    const ParsedBlock& block, const EpochKeys& keys, const WorkspaceId& workspace);

/// The payload of the same block without the entries of `emptier`, which includes the slots empty
/// already (bit i is the i-th entry, from 1); sealed under the epoch that the core names. `opened`
/// comes from this very block.
[[nodiscard]] Bytes reseal_payload(
    const ParsedBlock& block, const OpenedPayload& opened, const EmptySlots& emptier,
    const EpochKeys& keys, const WorkspaceId& workspace,
    int compression_level = default_compression_level);

/// The steps, for tests against known answers.
[[nodiscard]] Bytes payload_associated(const WorkspaceId& workspace, ByteView core);
[[nodiscard]] Bytes seal_packed(const EpochKeys& keys, ByteView associated, ByteView packed);
[[nodiscard]] Bytes encode_plain(
    ByteView preamble, std::span<const Salt> cover, std::span<const Slot> slots);

}  // namespace vereda::protocol
