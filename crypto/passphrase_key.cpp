#include "crypto/passphrase_key.h"

#include <new>
#include <sodium.h>

#include "crypto/assert.h"
#include "crypto/sodium_ready.h"

namespace vereda::crypto {

static_assert(crypto_pwhash_argon2id_SALTBYTES == 16);

std::expected<SecretBytes, PassphraseError> derive_passphrase_key(
    ByteView passphrase, const ByteArray<16>& salt, PassphraseCost cost) {
    // Each bound by itself: many passes do not make up for little memory.
    const auto& [memory_least, passes_least] = passphrase_cost_floor;
    const auto& [memory_most, passes_most] = passphrase_cost_ceiling;
    if (cost.memory_kib < memory_least || cost.passes < passes_least)
        return std::unexpected(PassphraseError::cost_below_floor);
    if (cost.memory_kib > memory_most || cost.passes > passes_most)
        return std::unexpected(PassphraseError::cost_above_ceiling);
    SecretBytes key(32);
    argon2id(key.writable(), passphrase, salt, cost);
    return key;
}

void argon2id(
    std::span<std::uint8_t> out, ByteView passphrase, const ByteArray<16>& salt,
    PassphraseCost cost) {
    VEREDA_ASSERT(out.size() >= crypto_pwhash_argon2id_BYTES_MIN);
    const std::size_t memory = std::size_t{cost.memory_kib} * 1024;
    VEREDA_ASSERT(memory >= crypto_pwhash_argon2id_MEMLIMIT_MIN);
    VEREDA_ASSERT(cost.passes >= crypto_pwhash_argon2id_OPSLIMIT_MIN);
    ensure_sodium_ready();
    const std::string_view text = passphrase.empty() ? "" : as_text(passphrase);  // never null
    const int failed = crypto_pwhash_argon2id(
        out.data(), out.size(), text.data(), text.size(), salt.data(), cost.passes, memory,
        crypto_pwhash_argon2id_ALG_ARGON2ID13);
    if (failed != 0) throw std::bad_alloc();
}

}  // namespace vereda::crypto
