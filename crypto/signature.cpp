#include "crypto/signature.h"

#include <sodium.h>

#include "crypto/assert.h"
#include "crypto/sodium_ready.h"

namespace vereda::crypto {

static_assert(sizeof(PublicKey) == crypto_sign_ed25519_PUBLICKEYBYTES);
static_assert(sizeof(Signature) == crypto_sign_ed25519_BYTES);

SigningKey SigningKey::generate(Entropy& entropy) {
    const SecretBytes seed = SecretBytes::random(crypto_sign_ed25519_SEEDBYTES, entropy);
    return from_seed(seed.view());
}

SigningKey SigningKey::from_seed(ByteView seed) {
    VEREDA_ASSERT(seed.size() == crypto_sign_ed25519_SEEDBYTES);
    ensure_sodium_ready();
    SigningKey key;
    key.secret_ = SecretBytes(crypto_sign_ed25519_SECRETKEYBYTES);
    crypto_sign_ed25519_seed_keypair(
        key.public_key_.data(), key.secret_.writable().data(), seed.data());
    return key;
}

Signature SigningKey::sign(ByteView message) const {
    VEREDA_ASSERT(!secret_.empty());
    Signature signature;
    crypto_sign_ed25519_detached(
        signature.data(), nullptr, message.data(), message.size(), secret_.view().data());
    return signature;
}

ByteView SigningKey::seed() const {
    VEREDA_ASSERT(!secret_.empty());
    return secret_.view().first(crypto_sign_ed25519_SEEDBYTES);
}

SigningKey SigningKey::clone() const {
    SigningKey copy;
    copy.secret_ = secret_.clone();
    copy.public_key_ = public_key_;
    return copy;
}

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
    ensure_sodium_ready();
    return crypto_sign_ed25519_verify_detached(
               signature.data(), message.data(), message.size(), key.data()) == 0;
}

bool is_valid_public_key(const PublicKey& key) {
    ensure_sodium_ready();
    return crypto_core_ed25519_is_valid_point(key.data()) == 1;
}

}  // namespace vereda::crypto
