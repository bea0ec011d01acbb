#pragma once

#include <expected>

#include "crypto/aead.h"
#include "crypto/secret_bytes.h"

namespace vereda::engine {

enum class UnsealError {
    does_not_open,  ///< Another key, another place, or a changed byte.
};

/// Seals small things for this vault only: nonce | XChaCha20-Poly1305. The nonce is a keyed hash of
/// exactly what it seals, place included, and is recomputed on opening: so that even a cloned
/// machine whose random stream repeats never meets two plaintexts with one nonce. Equal contents in
/// equal places give equal bytes.
class Sealer {
  public:
    static constexpr std::size_t overhead = sizeof(crypto::Nonce) + crypto::aead_tag_size;

    /// `subkey` is the 32 bytes of one purpose (subkeys.h); a sealing and a nonce key are derived
    /// from it.
    explicit Sealer(const crypto::SecretBytes& subkey);

    /// `place` says where the sealed bytes belong and is authenticated, not stored.
    [[nodiscard]] Bytes seal(ByteView place, ByteView plain) const;
    /// The plaintext; the caller wipes it when it is a secret. Error: `does_not_open`.
    [[nodiscard]] std::expected<Bytes, UnsealError> open(ByteView place, ByteView sealed) const;

  private:
    [[nodiscard]] crypto::Nonce nonce_of(ByteView place, ByteView plain) const;
    crypto::SecretBytes sealing_key_;
    crypto::SecretBytes nonce_key_;
};

}  // namespace vereda::engine
