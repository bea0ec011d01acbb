#pragma once

#include <cstddef>
#include <span>

#include "crypto/bytes.h"
#include "crypto/entropy.h"

namespace vereda::crypto {

/// A secret of `size` bytes in guarded memory: guard pages around it, locked against swapping and
/// core dumps where the system allows, wiped when it goes. Not copyable (`clone` says so aloud),
/// never printable. Source: libsodium `sodium_malloc`. Throws std::bad_alloc when the memory cannot
/// be had.
class SecretBytes {
  public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size);
    /// Takes a copy of `bytes`; the caller wipes its own.
    [[nodiscard]] static SecretBytes copy_of(ByteView bytes);
    [[nodiscard]] static SecretBytes random(std::size_t size, Entropy& entropy);

    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    [[nodiscard]] SecretBytes clone() const { return copy_of(view()); }
    [[nodiscard]] ByteView view() const { return {data_, size_}; }
    [[nodiscard]] std::span<std::uint8_t> writable() { return {data_, size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    /// Constant-time comparison; different sizes are simply different.
    [[nodiscard]] bool equals(ByteView other) const;

  private:
    std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
};

/// Overwrites `bytes` in a way the compiler may not remove.
void wipe(std::span<std::uint8_t> bytes);

/// Constant-time equality for authenticators, commitments and tokens.
[[nodiscard]] bool equal_in_constant_time(ByteView a, ByteView b);

}  // namespace vereda::crypto
