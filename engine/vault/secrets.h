#pragma once

#include <string_view>

#include "engine/vault/sealer.h"
#include "engine/vault/subkeys.h"

namespace vereda::engine {

/// Seals the device's named secrets (signing seed, box seed, HTTP seed, turf keys) for keeping in
/// the vault's database. The name is authenticated: a secret stored under another name does not
/// open.
class SecretSealer {
  public:
    explicit SecretSealer(const VaultKey& key) : sealer_(derive_subkey(key, KeyPurpose::secrets)) {}

    [[nodiscard]] Bytes seal(std::string_view name, ByteView secret) const;
    /// Error: `does_not_open`.
    [[nodiscard]] std::expected<crypto::SecretBytes, UnsealError> open(
        std::string_view name, ByteView sealed) const;

  private:
    Sealer sealer_;
};

}  // namespace vereda::engine
