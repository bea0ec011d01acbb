#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace vereda::http {

/// SHA-256 over the certificate's SubjectPublicKeyInfo: what an invite carries and a client insists
/// upon. Source: RFC 7469 §2.4.
using TlsPin = ByteArray<32>;

/// "sha256//" and 44 characters of base64, as curl writes it.
[[nodiscard]] std::string pin_text(const TlsPin& pin);

enum class PinError { malformed };
[[nodiscard]] std::expected<TlsPin, PinError> parse_pin(std::string_view text);

enum class TlsIdentityError {
    malformed,   ///< Not one private key and one certificate in PEM.
    mismatched,  ///< The certificate is for another key.
};

/// A hub's TLS key and its self-signed certificate. Ed25519: the smallest handshake
/// (docs/benchmarks.md); of the certificate only the key is read, so it names nobody and does not
/// expire (RFC 5280 §4.1.2.5, year 9999).
struct TlsIdentity {
    std::string private_key_pem;
    std::string certificate_pem;
    TlsPin pin{};
};

[[nodiscard]] TlsIdentity make_tls_identity();

/// Reads a private key and a certificate from PEM text. Errors: `malformed`, `mismatched`.
[[nodiscard]] std::expected<TlsIdentity, TlsIdentityError> parse_tls_identity(std::string_view pem);

/// The identity in `file`; where there is none, a new one is made and stored durably first,
/// readable by its owner alone (0600). A damaged file is an error and stays as it is: a new key
/// would lock every client out. Throws std::system_error when the disk fails.
[[nodiscard]] std::expected<TlsIdentity, TlsIdentityError> load_or_make_tls_identity(
    const std::filesystem::path& file);

}  // namespace vereda::http
