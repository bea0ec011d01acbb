#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace vereda::http {

enum class Base64Error { malformed };

/// Standard alphabet, padded. Source: RFC 4648 §4.
[[nodiscard]] std::string base64(ByteView bytes);
/// Strict: padding required, unused bits zero, no space or line break: one text for one value.
/// Error: `malformed`.
[[nodiscard]] std::expected<Bytes, Base64Error> parse_base64(std::string_view text);

/// URL-safe alphabet without padding. Source: RFC 4648 §5. As strict as the other.
[[nodiscard]] std::string base64url(ByteView bytes);
[[nodiscard]] std::expected<Bytes, Base64Error> parse_base64url(std::string_view text);

}  // namespace vereda::http
