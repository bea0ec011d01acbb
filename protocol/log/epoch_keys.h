#pragma once

#include <expected>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/secret_bytes.h"
#include "protocol/ids.h"

/// The keys that one key epoch of a turf gives.
///
///     K_x        = BLAKE2b-256(empty message, key = K_epoch, personalisation "vereda/x/v1")
///                  x: pay, nonce, commit, prev, list
///     commitment = BLAKE2b-256(K_commit), published on the roster
///
/// Source: docs/protocol.md "Keys of a turf epoch".
namespace vereda::protocol {

/// The subkeys, in guarded memory. Immutable, so readable from any thread.
class EpochKeys {
  public:
    static constexpr std::size_t key_size = 32;

    /// From the 32 bytes of K_epoch.
    [[nodiscard]] static EpochKeys derive(ByteView epoch_key);

    [[nodiscard]] ByteView epoch_key() const { return key(0); }
    [[nodiscard]] ByteView payload() const { return key(1); }
    [[nodiscard]] ByteView nonce() const { return key(2); }
    [[nodiscard]] ByteView previous() const { return key(3); }
    [[nodiscard]] ByteView list() const { return key(4); }

    /// What the roster publishes. The AEAD does not commit to its key, so a key that does not match
    /// is refused.
    [[nodiscard]] const KeyCommitment& commitment() const { return commitment_; }

    [[nodiscard]] EpochKeys clone() const { return derive(epoch_key()); }

  private:
    [[nodiscard]] ByteView key(std::size_t index) const {
        return keys_.view().subspan(index * key_size, key_size);
    }

    crypto::SecretBytes keys_;  // K_epoch, K_pay, K_nonce, K_prev, K_list
    KeyCommitment commitment_;
};

/// BLAKE2b-192(key = K_nonce, associated | plain): a nonce that can only repeat with exactly what
/// it seals.
[[nodiscard]] crypto::Nonce synthetic_nonce(
    const EpochKeys& keys, ByteView associated, ByteView plain);

enum class EpochSealError { does_not_open };

/// The previous epoch's key sealed under this one's K_prev, as `key epoch` entries of the roster
/// carry it, 72 bytes: nonce 24 | ciphertext 32 | tag 16, with the associated data
/// "vereda/prev/v1\0" | workspace | turf | u64 epoch. `epoch` is the one that `keys` belong to.
[[nodiscard]] Bytes seal_previous_key(
    const EpochKeys& keys, ByteView previous_epoch_key, const WorkspaceId& workspace,
    const TurfId& turf, Epoch epoch);

/// Error: `does_not_open`, also when the nonce is not the one that the key demands.
[[nodiscard]] std::expected<crypto::SecretBytes, EpochSealError> open_previous_key(
    const EpochKeys& keys, ByteView sealed, const WorkspaceId& workspace, const TurfId& turf,
    Epoch epoch);

/// An erase order's list sealed under K_list: nonce | ciphertext | tag, with the associated data
/// "vereda/list/v1\0" | workspace | order | turf | u64 epoch.
[[nodiscard]] Bytes seal_erase_list(
    const EpochKeys& keys, ByteView list, const WorkspaceId& workspace, const OrderId& order,
    const TurfId& turf, Epoch epoch);

/// Error: `does_not_open`, as above.
[[nodiscard]] std::expected<Bytes, EpochSealError> open_erase_list(
    const EpochKeys& keys, ByteView sealed, const WorkspaceId& workspace, const OrderId& order,
    const TurfId& turf, Epoch epoch);

}  // namespace vereda::protocol
