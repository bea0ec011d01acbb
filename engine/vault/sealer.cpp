#include "engine/vault/sealer.h"

#include <algorithm>

#include "crypto/hash.h"

namespace vereda::engine {
namespace {

crypto::SecretBytes derive(const crypto::SecretBytes& subkey, std::string_view personal) {
    crypto::SecretBytes key(32);
    crypto::derive_key(std::span<std::uint8_t, 32>(key.writable()), subkey.view(), personal);
    return key;
}

}  // namespace

Sealer::Sealer(const crypto::SecretBytes& subkey)
    : sealing_key_(derive(subkey, "vereda/seal/v1")),
      nonce_key_(derive(subkey, "vereda/nonce/v1")) {}

/// The length of `place` comes first, so that no two pairs of place and plaintext read the same.
crypto::Nonce Sealer::nonce_of(ByteView place, ByteView plain) const {
    Bytes length;
    append_u64(length, place.size());
    crypto::Nonce nonce;
    crypto::Blake2b hash(nonce.size(), nonce_key_.view());
    hash.update(length).update(place).update(plain).finish(nonce);
    return nonce;
}

Bytes Sealer::seal(ByteView place, ByteView plain) const {
    const crypto::Nonce nonce = nonce_of(place, plain);
    Bytes sealed(nonce.begin(), nonce.end());
    append(sealed, crypto::aead_seal(sealing_key_.view(), nonce, place, plain));
    return sealed;
}

std::expected<Bytes, UnsealError> Sealer::open(ByteView place, ByteView sealed) const {
    crypto::Nonce nonce;
    if (sealed.size() < overhead) return std::unexpected(UnsealError::does_not_open);
    std::ranges::copy(sealed.first(nonce.size()), nonce.begin());
    auto plain = crypto::aead_open(sealing_key_.view(), nonce, place, sealed.subspan(nonce.size()));
    if (!plain || nonce_of(place, *plain) != nonce)
        return std::unexpected(UnsealError::does_not_open);
    return std::move(*plain);
}

}  // namespace vereda::engine
