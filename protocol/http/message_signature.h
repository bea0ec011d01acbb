#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "crypto/entropy.h"
#include "crypto/signature.h"
#include "protocol/http/exchange.h"
#include "protocol/ids.h"

/// Vereda's profile of HTTP Message Signatures (RFC 9421): every choice fixed, anything else
/// refused. Source: docs/protocol/sync.md "HTTP profile".
///
///   request    v=("@method" "@authority" "@path" ["@query"] "content-digest" "content-type")
///              ;created;expires;nonce;keyid;alg="ed25519";tag="vereda/1"
///   response   v=("@status" "content-digest" "@method";req "@path";req ["@query";req]
///                 ["signature";req;key="v"])
///              ;created;keyid;alg="ed25519";tag="vereda/1"       created is the hub's time
namespace vereda::http {

inline constexpr std::string_view signature_tag = "vereda/1";
inline constexpr std::int64_t lifetime_s_max = 300;  ///< expires − created, at most.

using RequestNonce = ByteArray<16>;

/// What a request signature says of itself, after everything about it has been checked.
struct RequestSignature {
    /// The device's HTTP key; who it belongs to is for the roster to say.
    crypto::PublicKey key{};
    RequestNonce nonce{};
    std::int64_t created_s = 0;  ///< Unix time in seconds, by the signer's clock.
    std::int64_t expires_s = 0;
    std::string label;
    bool operator==(const RequestSignature&) const = default;
};

enum class SignatureError {
    missing,           ///< No signature with our tag.
    malformed,         ///< A field, parameter or length out of form, or a field repeated.
    wrong_components,  ///< Covers another set than the profile's.
    bad_signature,
    digest_mismatch,  ///< The body is not the one signed.
};

[[nodiscard]] std::string_view name_of(SignatureError error);

/// Signs `request`, appending Content-Digest, Signature-Input and Signature. Its Content-Type must
/// be set already. `authority` as Origin::authority(). `now` becomes created, in whole seconds;
/// expires is `lifetime_s_max` later.
void sign_request(
    Request& request, std::string_view authority, const crypto::SigningKey& key,
    protocol::Millis now, crypto::Entropy& entropy);

/// Reads the signature's claims without believing them: form, components and parameters, but no
/// cryptography, so that an unknown key or a strange clock costs nothing. Errors: `missing`,
/// `malformed`, `wrong_components`.
[[nodiscard]] std::expected<RequestSignature, SignatureError> parse_request_signature(
    const Request& request);

/// The claims of a request that is what its signer sent to `authority`: signature and body digest
/// checked. Says nothing about time, replay, or who the key belongs to (request_gate.h does).
/// Errors: any of SignatureError.
[[nodiscard]] std::expected<RequestSignature, SignatureError> verify_request(
    const Request& request, std::string_view authority);

/// What a response's signature binds of its request; taken before the request's body is moved away.
struct RequestLine {
    std::string method;
    std::string target;
    std::string label;      ///< Of the request's signature; empty for an unsigned request.
    std::string signature;  ///< The request's Signature field, for "signature";req;key.
};

[[nodiscard]] RequestLine line_of(const Request& request);

/// Signs the hub's answer to `request`, appending Content-Digest, Signature-Input and Signature.
void sign_response(
    Response& response, const RequestLine& request, const crypto::SigningKey& hub_key,
    protocol::Millis now);

struct ResponseSignature {
    crypto::PublicKey key{};
    std::int64_t created_s = 0;  ///< The hub's time, Unix seconds.
};

/// The hub's key and time from an answer that its signature binds to this very request. The caller
/// compares the key with the hub's. Errors: any of SignatureError.
[[nodiscard]] std::expected<ResponseSignature, SignatureError> verify_response(
    const Response& response, const RequestLine& request);

}  // namespace vereda::http
