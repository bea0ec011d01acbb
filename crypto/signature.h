#pragma once

#include <expected>

#include "crypto/bytes.h"
#include "crypto/entropy.h"
#include "crypto/secret_bytes.h"

namespace vereda::crypto {

using PublicKey = ByteArray<32>;
using Signature = ByteArray<64>;

/// An Ed25519 key pair. Source: RFC 8032; acceptance is libsodium's (`verify`), which is the
/// protocol's rule.
class SigningKey {
  public:
    /// No key: only to be assigned to.
    SigningKey() = default;
    [[nodiscard]] static SigningKey generate(Entropy& entropy);
    /// `seed` is the 32 secret bytes of RFC 8032 §5.1.5.
    [[nodiscard]] static SigningKey from_seed(ByteView seed);

    [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
    [[nodiscard]] Signature sign(ByteView message) const;
    /// The 32-byte seed, for storing under another key.
    [[nodiscard]] ByteView seed() const;
    [[nodiscard]] SigningKey clone() const;

  private:
    SecretBytes secret_;  // libsodium's 64 bytes: seed | public key
    PublicKey public_key_{};
};

/// True exactly when libsodium 1.0.18 accepts: S < L, canonical and not small-order A, small-order
/// R refused.
[[nodiscard]] bool verify(const PublicKey& key, ByteView message, const Signature& signature);

/// True for keys fit to be enrolled: on the curve, canonical, in the prime-order subgroup.
[[nodiscard]] bool is_valid_public_key(const PublicKey& key);

}  // namespace vereda::crypto
