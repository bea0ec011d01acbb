#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace vereda::http {

/// SHA-256 (FIPS 180-4) through OpenSSL: what HTTP fields and TLS pins need; the protocol itself
/// hashes with BLAKE2b.
[[nodiscard]] ByteArray<32> sha256(ByteView message);

/// The value of a Content-Digest field over `body`: `sha-256=:…:`. Source: RFC 9530 §2.
[[nodiscard]] std::string content_digest(ByteView body);

enum class DigestError { malformed, mismatch };

/// Recomputes the digest over the received body. The field must hold sha-256 and nothing else.
/// Errors: `malformed` for another form or algorithm; `mismatch` when the body is not the one
/// meant.
[[nodiscard]] std::expected<void, DigestError> verify_content_digest(
    std::string_view field, ByteView body);

}  // namespace vereda::http
