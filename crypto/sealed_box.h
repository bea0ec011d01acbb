#pragma once

#include <expected>

#include "crypto/bytes.h"
#include "crypto/secret_bytes.h"

namespace vereda::crypto {

using BoxPublicKey = ByteArray<32>;

/// An X25519 key pair that receives sealed boxes. Source: libsodium crypto_box_seal.
class BoxKey {
  public:
    /// No key: only to be assigned to.
    BoxKey() = default;
    /// `seed` is 32 secret bytes.
    [[nodiscard]] static BoxKey from_seed(ByteView seed);
    [[nodiscard]] static BoxKey generate(Entropy& entropy);
    [[nodiscard]] const BoxPublicKey& public_key() const { return public_key_; }
    /// The 32-byte seed the pair was made from, for storing under another key.
    [[nodiscard]] ByteView seed() const { return seed_.view(); }
    [[nodiscard]] BoxKey clone() const { return from_seed(seed()); }
    /// The plaintext of a box sealed to this key. Error: `does_not_open` for anything else, however
    /// malformed.
    enum class OpenError { does_not_open };
    [[nodiscard]] std::expected<SecretBytes, OpenError> open(ByteView box) const;

  private:
    SecretBytes seed_;
    SecretBytes secret_;
    BoxPublicKey public_key_{};
};

inline constexpr std::size_t sealed_box_overhead = 48;

/// True for keys fit to be enrolled: X25519 with them gives a shared secret, that is, they are not
/// of small order. Source: RFC 7748 §6.1.
[[nodiscard]] bool is_valid_box_key(const BoxPublicKey& key);

/// `plain` sealed so that only the holder of `recipient` opens it; says nothing about who sealed
/// it. `recipient` has passed `is_valid_box_key` when it was enrolled; one that had not aborts
/// here.
[[nodiscard]] Bytes seal_box(const BoxPublicKey& recipient, ByteView plain);

}  // namespace vereda::crypto
