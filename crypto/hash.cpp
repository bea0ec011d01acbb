#include "crypto/hash.h"

#include <algorithm>
#include <sodium.h>

#include "crypto/assert.h"
#include "crypto/sodium_ready.h"

namespace vereda::crypto {
namespace {

crypto_generichash_blake2b_state* blake2b_in(std::uint8_t* memory) {
    return reinterpret_cast<crypto_generichash_blake2b_state*>(memory);
}

bool is_width(std::size_t size) {
    return size >= crypto_generichash_blake2b_BYTES_MIN &&
           size <= crypto_generichash_blake2b_BYTES_MAX;
}

}  // namespace

void blake2b(std::span<std::uint8_t> out, ByteView message, ByteView key) {
    VEREDA_ASSERT(is_width(out.size()));
    VEREDA_ASSERT(key.size() <= crypto_generichash_blake2b_KEYBYTES_MAX);
    ensure_sodium_ready();
    crypto_generichash_blake2b(
        out.data(), out.size(), message.data(), message.size(), key.data(), key.size());
}

Hash blake2b_256(ByteView message, ByteView key) {
    Hash hash;
    blake2b(hash, message, key);
    return hash;
}

void derive_key(std::span<std::uint8_t, 32> out, ByteView key, std::string_view personal) {
    VEREDA_ASSERT(key.size() == 32);
    ByteArray<crypto_generichash_blake2b_PERSONALBYTES> personalisation{};
    VEREDA_ASSERT(personal.size() <= personalisation.size());
    std::copy(personal.begin(), personal.end(), personalisation.begin());
    const ByteArray<crypto_generichash_blake2b_SALTBYTES> salt{};
    ensure_sodium_ready();
    crypto_generichash_blake2b_salt_personal(
        out.data(), out.size(), nullptr, 0, key.data(), key.size(), salt.data(),
        personalisation.data());
}

Blake2b::Blake2b(std::size_t out_size, ByteView key) : out_size_(out_size) {
    static_assert(sizeof(crypto_generichash_blake2b_state) == sizeof(state_));
    static_assert(alignof(crypto_generichash_blake2b_state) <= alignof(Blake2b));
    VEREDA_ASSERT(is_width(out_size));
    VEREDA_ASSERT(key.size() <= crypto_generichash_blake2b_KEYBYTES_MAX);
    ensure_sodium_ready();
    crypto_generichash_blake2b_init(blake2b_in(state_), key.data(), key.size(), out_size);
}

Blake2b& Blake2b::update(ByteView piece) {
    crypto_generichash_blake2b_update(blake2b_in(state_), piece.data(), piece.size());
    return *this;
}

void Blake2b::finish(std::span<std::uint8_t> out) {
    VEREDA_ASSERT(out.size() == out_size_);
    crypto_generichash_blake2b_final(blake2b_in(state_), out.data(), out.size());
    out_size_ = 0;
}

Hash Blake2b::finish_256() {
    Hash hash;
    finish(hash);
    return hash;
}

}  // namespace vereda::crypto
