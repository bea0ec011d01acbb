#pragma once

#include <memory>
#include <string_view>

#include "crypto/bytes.h"

namespace vereda::crypto {

using Hash = ByteArray<32>;

/// BLAKE2b-256 of `message`, keyed when `key` is not empty (at most 64 bytes). Source: RFC 7693.
[[nodiscard]] Hash blake2b_256(ByteView message, ByteView key = {});

/// BLAKE2b of any width from 16 to 64 bytes into `out`, keyed when `key` is not empty (at most 64
/// bytes). Width is out.size().
void blake2b(std::span<std::uint8_t> out, ByteView message, ByteView key = {});

/// A subkey: BLAKE2b-256 of the empty message under `key` (32 bytes), salt zeros, `personal`
/// zero-padded to 16 bytes (at most 16 characters). Source: RFC 7693 §2.5; docs/protocol.md "Keys
/// of a turf epoch".
void derive_key(std::span<std::uint8_t, 32> out, ByteView key, std::string_view personal);

/// BLAKE2b fed piece by piece, for messages that do not lie in one buffer. Copyable, so that a
/// common beginning is hashed once; allocates nothing. The width is fixed at the start, since it is
/// part of what is hashed.
class Blake2b {
  public:
    explicit Blake2b(std::size_t out_size = 32, ByteView key = {});
    Blake2b& update(ByteView piece);
    Blake2b& update(std::string_view piece) { return update(as_bytes(piece)); }
    /// Ends the hash into `out`, as wide as was said at the start; the object is wiped and spent.
    void finish(std::span<std::uint8_t> out);
    [[nodiscard]] Hash finish_256();

  private:
    // crypto_generichash_state: 384 bytes at an alignment of 64 (checked in hash.cpp).
    alignas(64) std::uint8_t state_[384];
    std::size_t out_size_;
};

}  // namespace vereda::crypto
