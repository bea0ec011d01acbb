#include "crypto/entropy.h"

#include <sodium.h>

#include "crypto/sodium_ready.h"

namespace vereda::crypto {
namespace {

void write_u64(std::span<std::uint8_t, 8> out, std::uint64_t value) {
    for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}

}  // namespace

void SystemEntropy::fill(std::span<std::uint8_t> out) {
    ensure_sodium_ready();
    if (out.empty()) return;  // its pointer may be null, which libsodium forbids
    randombytes_buf(out.data(), out.size());
}

SeededEntropy::SeededEntropy(std::uint64_t seed) { write_u64(std::span(key_).first<8>(), seed); }

void SeededEntropy::fill(std::span<std::uint8_t> out) {
    ensure_sodium_ready();
    if (out.empty()) return;
    ByteArray<crypto_stream_xchacha20_NONCEBYTES> nonce{};
    write_u64(std::span(nonce).first<8>(), block_++);
    crypto_stream_xchacha20(out.data(), out.size(), nonce.data(), key_.data());
}

}  // namespace vereda::crypto
