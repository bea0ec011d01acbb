#include "crypto/aead.h"

#include <sodium.h>

#include "crypto/assert.h"
#include "crypto/sodium_ready.h"

namespace vereda::crypto {

static_assert(sizeof(Nonce) == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(aead_tag_size == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(aead_key_size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

Bytes aead_seal(ByteView key, const Nonce& nonce, ByteView associated, ByteView plain) {
    VEREDA_ASSERT(key.size() == aead_key_size);
    ensure_sodium_ready();
    Bytes sealed(plain.size() + aead_tag_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed.data(), nullptr, plain.data(), plain.size(), associated.data(), associated.size(),
        nullptr, nonce.data(), key.data());
    return sealed;
}

std::expected<Bytes, AeadError> aead_open(
    ByteView key, const Nonce& nonce, ByteView associated, ByteView sealed) {
    VEREDA_ASSERT(key.size() == aead_key_size);
    ensure_sodium_ready();
    if (sealed.size() < aead_tag_size) return std::unexpected(AeadError::does_not_open);
    Bytes plain(sealed.size() - aead_tag_size);
    const int refused = crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain.data(), nullptr, nullptr, sealed.data(), sealed.size(), associated.data(),
        associated.size(), nonce.data(), key.data());
    if (refused != 0) return std::unexpected(AeadError::does_not_open);
    return plain;
}

}  // namespace vereda::crypto
