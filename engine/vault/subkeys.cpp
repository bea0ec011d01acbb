#include "engine/vault/subkeys.h"

#include <string_view>
#include <utility>

#include "crypto/assert.h"
#include "crypto/hash.h"

namespace vereda::engine {
namespace {

/// At most 16 characters: BLAKE2b's personalisation.
std::string_view personal(KeyPurpose purpose) {
    switch (purpose) {
        case KeyPurpose::open_entries:
            return "vereda/open/v1";
        case KeyPurpose::snapshot:
            return "vereda/snap/v1";
        case KeyPurpose::secrets:
            return "vereda/secret/v1";
        case KeyPurpose::guard:
            return "vereda/guard/v1";
        case KeyPurpose::header:
            return "vereda/header/v1";
        case KeyPurpose::roster:
            return "vereda/roster/v1";
    }
    std::unreachable();
}

}  // namespace

VaultKey::VaultKey(crypto::SecretBytes bytes) : bytes_(std::move(bytes)) {
    VEREDA_ASSERT(bytes_.size() == size);
}

VaultKey VaultKey::generate(crypto::Entropy& entropy) {
    return VaultKey(crypto::SecretBytes::random(size, entropy));
}

crypto::SecretBytes derive_subkey(const VaultKey& key, KeyPurpose purpose) {
    crypto::SecretBytes subkey(32);
    crypto::derive_key(
        std::span<std::uint8_t, 32>(subkey.writable()), key.view(), personal(purpose));
    return subkey;
}

}  // namespace vereda::engine
