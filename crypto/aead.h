#pragma once

#include <expected>

#include "crypto/bytes.h"

namespace vereda::crypto {

using Nonce = ByteArray<24>;
inline constexpr std::size_t aead_tag_size = 16;
inline constexpr std::size_t nonce_size = sizeof(Nonce);
inline constexpr std::size_t aead_key_size = 32;

enum class AeadError { does_not_open };

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): ciphertext followed by its 16-byte tag.
/// A nonce must never meet two plaintexts under one key; `docs/protocol.md` derives them from what
/// they seal.
[[nodiscard]] Bytes aead_seal(
    ByteView key, const Nonce& nonce, ByteView associated, ByteView plain);

/// The plaintext. Error: `does_not_open` when key, nonce, associated data or a byte differs, or it
/// is too short.
[[nodiscard]] std::expected<Bytes, AeadError> aead_open(
    ByteView key, const Nonce& nonce, ByteView associated, ByteView sealed);

}  // namespace vereda::crypto
