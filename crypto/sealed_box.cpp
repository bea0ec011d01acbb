#include "crypto/sealed_box.h"

#include <sodium.h>

#include "crypto/assert.h"
#include "crypto/sodium_ready.h"

namespace vereda::crypto {

static_assert(sizeof(BoxPublicKey) == crypto_box_PUBLICKEYBYTES);
static_assert(sealed_box_overhead == crypto_box_SEALBYTES);

BoxKey BoxKey::from_seed(ByteView seed) {
    VEREDA_ASSERT(seed.size() == crypto_box_SEEDBYTES);
    ensure_sodium_ready();
    BoxKey key;
    key.seed_ = SecretBytes::copy_of(seed);
    key.secret_ = SecretBytes(crypto_box_SECRETKEYBYTES);
    crypto_box_seed_keypair(key.public_key_.data(), key.secret_.writable().data(), seed.data());
    return key;
}

BoxKey BoxKey::generate(Entropy& entropy) {
    const SecretBytes seed = SecretBytes::random(crypto_box_SEEDBYTES, entropy);
    return from_seed(seed.view());
}

std::expected<SecretBytes, BoxKey::OpenError> BoxKey::open(ByteView box) const {
    VEREDA_ASSERT(!secret_.empty());
    if (box.size() < sealed_box_overhead) return std::unexpected(OpenError::does_not_open);
    SecretBytes plain(box.size() - sealed_box_overhead);
    const int refused = crypto_box_seal_open(
        plain.writable().data(), box.data(), box.size(), public_key_.data(), secret_.view().data());
    if (refused != 0) return std::unexpected(OpenError::does_not_open);
    return plain;
}

bool is_valid_box_key(const BoxPublicKey& key) {
    ensure_sodium_ready();
    const ByteArray<crypto_scalarmult_SCALARBYTES> any_scalar{1};
    ByteArray<crypto_scalarmult_BYTES> shared;
    return crypto_scalarmult(shared.data(), any_scalar.data(), key.data()) == 0;
}

Bytes seal_box(const BoxPublicKey& recipient, ByteView plain) {
    ensure_sodium_ready();
    Bytes box(sealed_box_overhead + plain.size());
    const int refused = crypto_box_seal(box.data(), plain.data(), plain.size(), recipient.data());
    VEREDA_ASSERT(refused == 0);
    return box;
}

}  // namespace vereda::crypto
