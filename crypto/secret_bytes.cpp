#include "crypto/secret_bytes.h"

#include <algorithm>
#include <new>
#include <sodium.h>
#include <utility>

#include "crypto/sodium_ready.h"

namespace vereda::crypto {

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
    if (size == 0) return;
    ensure_sodium_ready();
    data_ = static_cast<std::uint8_t*>(sodium_malloc(size));
    if (data_ == nullptr) throw std::bad_alloc();
    std::fill_n(data_, size, std::uint8_t{0});
}

SecretBytes SecretBytes::copy_of(ByteView bytes) {
    SecretBytes secret(bytes.size());
    std::copy(bytes.begin(), bytes.end(), secret.data_);
    return secret;
}

SecretBytes SecretBytes::random(std::size_t size, Entropy& entropy) {
    SecretBytes secret(size);
    entropy.fill(secret.writable());
    return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    SecretBytes taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    return *this;
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

bool SecretBytes::equals(ByteView other) const { return equal_in_constant_time(view(), other); }

void wipe(std::span<std::uint8_t> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

bool equal_in_constant_time(ByteView a, ByteView b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace vereda::crypto
