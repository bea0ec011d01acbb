#pragma once

#include <expected>
#include <optional>

#include "crypto/bytes.h"
#include "crypto/signature.h"
#include "protocol/ids.h"
#include "protocol/log/block.h"

/// Who answers for a payload that is no longer the author's, and who looked at it after them.
///
///     seal    = CBOR [1, block hash, order position, previous seal hash | zeros,
///                     new payload hash | zeros, sealer, roster_pos, roster_hash]
///               signed over "vereda/seal/v1\0" | workspace | seal
///     checked = CBOR [1, block hash, seal hash, checker, roster_pos, roster_hash]
///               signed over "vereda/checked/v1\0" | workspace | checked
///     carried = CBOR [seal or checked, signature 64]               byte strings
///
/// Source: docs/protocol.md "Erasure".
namespace vereda::protocol {

/// A payload sealed again: the block's empty slots are exactly those ordered at positions up to
/// `order_position`.
struct Seal {
    BlockHash block{};
    RosterPosition order_position{};  ///< Of the latest order naming the block.
    SealHash previous{};              ///< Zeros for the first seal of a block.
    PayloadHash payload_hash{};       ///< Zeros when an order dropped a payload that never opened.
    DeviceId sealer{};
    RosterPosition roster_position{};
    RosterHash roster_hash{};
    auto operator<=>(const Seal&) const = default;
};

/// A second key holder's word that the new payload opens and holds what it should.
struct Checked {
    BlockHash block{};
    SealHash seal{};
    DeviceId checker{};
    RosterPosition roster_position{};
    RosterHash roster_hash{};
    auto operator<=>(const Checked&) const = default;
};

enum class SealError { too_large, malformed };

[[nodiscard]] Bytes encode_seal(const Seal& seal);
/// Errors: `too_large` beyond `seal_size_max`; `malformed`.
[[nodiscard]] std::expected<Seal, SealError> parse_seal(ByteView wire);
[[nodiscard]] Bytes encode_checked(const Checked& checked);
/// Errors as of `parse_seal`.
[[nodiscard]] std::expected<Checked, SealError> parse_checked(ByteView wire);

/// A seal or checked object with its signature, as carried. Borrows.
struct SignedObject {
    ByteView object{};
    crypto::Signature signature{};
};

/// CBOR [object, signature].
[[nodiscard]] Bytes encode_signed(ByteView object, const crypto::Signature& signature);
/// Errors as of `parse_seal`; the object itself is not looked into.
[[nodiscard]] std::expected<SignedObject, SealError> parse_signed(ByteView wire);

[[nodiscard]] crypto::Signature sign_seal(
    const WorkspaceId& workspace, ByteView seal, const crypto::SigningKey& sealer_key);
[[nodiscard]] crypto::Signature sign_checked(
    const WorkspaceId& workspace, ByteView checked, const crypto::SigningKey& checker_key);

/// True when the device that the object names signed it for this workspace. Whether it was a
/// coordinator's then is for the roster to say.
[[nodiscard]] bool verify_seal(
    const WorkspaceId& workspace, ByteView seal, const crypto::Signature& signature);
[[nodiscard]] bool verify_checked(
    const WorkspaceId& workspace, ByteView checked, const crypto::Signature& signature);

/// True when of two valid seals of one block that a reader holds, neither the hub's, `a` stands:
/// larger order position first, then smaller hash.
[[nodiscard]] bool stands_before(
    const Seal& a, const SealHash& a_hash, const Seal& b, const SealHash& b_hash);

/// Whose fault it is that a payload does not open.
enum class PayloadFault { author, sealer, carrier };

/// `author` or `sealer` when theirs is the hash of what is carried; otherwise the carrier changed
/// it. `seal` is the block's valid current seal, if there is one.
[[nodiscard]] PayloadFault payload_fault(
    const ParsedBlock& block, const std::optional<Seal>& seal = std::nullopt);

}  // namespace vereda::protocol
