#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/secret_bytes.h"

/// Secrets that people write down: base32 in groups of five, with a check that tells a misread
/// character, and one kind of code from the other. Normative: docs/protocol/roster.md "Codes on
/// paper".
namespace vereda::protocol {

enum class PrintedKeyError { unreadable, mistyped };

/// Opens a vault: 128 bits and 20 check bits, 30 characters in 6 groups. The text is the secret:
/// show it, do not keep it.
[[nodiscard]] std::string print_recovery_code(const ByteArray<16>& secret);

/// The 16 secret bytes; either case, any separators, I and L for 1, O for 0.
/// Errors: `unreadable` when it has not the characters or the length of a code; `mistyped` when the
/// check differs.
[[nodiscard]] std::expected<crypto::SecretBytes, PrintedKeyError> parse_recovery_code(
    std::string_view text);

/// The seed of the workspace's recovery key: 256 bits and 40 check bits, 60 characters in 12
/// groups.
[[nodiscard]] std::string print_recovery_key(const ByteArray<32>& seed);

/// The 32 secret bytes. Errors as for the recovery code.
[[nodiscard]] std::expected<crypto::SecretBytes, PrintedKeyError> parse_recovery_key(
    std::string_view text);

}  // namespace vereda::protocol
