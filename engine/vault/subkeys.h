#pragma once

#include "crypto/secret_bytes.h"

namespace vereda::engine {

/// The random key under everything a vault keeps; itself wrapped in the key slots of the vault's
/// header.
class VaultKey {
  public:
    static constexpr std::size_t size = 32;
    [[nodiscard]] static VaultKey generate(crypto::Entropy& entropy);
    /// `bytes` must be 32.
    explicit VaultKey(crypto::SecretBytes bytes);
    [[nodiscard]] ByteView view() const { return bytes_.view(); }
    [[nodiscard]] VaultKey clone() const { return VaultKey(bytes_.clone()); }

  private:
    crypto::SecretBytes bytes_;
};

/// What a subkey of the vault key is for; one key, one purpose.
enum class KeyPurpose {
    open_entries,  ///< Entries not yet closed into a block, one by one.
    snapshot,      ///< The projection's snapshot file.
    secrets,       ///< Signing seeds, box seeds, turf keys (secrets.h).
    guard,         ///< The guard file's authenticator.
    header,        ///< The vault header's authenticator.
    roster,        ///< The roster's entries: they name the hub.
};

/// 32 bytes: BLAKE2b-256 of nothing under the vault key, personalised by purpose
/// (crypto::derive_key).
[[nodiscard]] crypto::SecretBytes derive_subkey(const VaultKey& key, KeyPurpose purpose);

}  // namespace vereda::engine
