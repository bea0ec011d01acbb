#pragma once

#include <expected>

#include "crypto/bytes.h"
#include "crypto/secret_bytes.h"

namespace vereda::crypto {

/// What Argon2id costs: memory in KiB and passes; one lane (libsodium has no more). Source: RFC
/// 9106.
struct PassphraseCost {
    std::uint32_t memory_kib = 256 * 1024;
    std::uint32_t passes = 3;
    auto operator<=>(const PassphraseCost&) const = default;
};

/// Floor: RFC 9106's second choice, 64 MiB and three passes. Ceiling: 2 GiB and 16 passes, so that
/// a forged header cannot exhaust the machine.
inline constexpr PassphraseCost passphrase_cost_floor{64 * 1024, 3};
inline constexpr PassphraseCost passphrase_cost_ceiling{2 * 1024 * 1024, 16};

enum class PassphraseError { cost_below_floor, cost_above_ceiling };

/// 32 bytes from a passphrase and a 16-byte salt. The bounds are checked before anything is
/// allocated. Throws std::bad_alloc when the machine has not that much memory.
[[nodiscard]] std::expected<SecretBytes, PassphraseError> derive_passphrase_key(
    ByteView passphrase, const ByteArray<16>& salt, PassphraseCost cost);

/// Argon2id without the bounds, for the published vectors only: `out` at least 16 bytes, one pass,
/// 8 KiB. Throws std::bad_alloc when the machine has not that much memory.
void argon2id(
    std::span<std::uint8_t> out, ByteView passphrase, const ByteArray<16>& salt,
    PassphraseCost cost);

}  // namespace vereda::crypto
