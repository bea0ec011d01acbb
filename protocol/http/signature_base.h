#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/signature.h"
#include "protocol/http/exchange.h"
#include "protocol/http/structured_field.h"

/// HTTP Message Signatures (RFC 9421) in general: what a signature covers, and checking one. Our
/// own use of them, which fixes every choice, is in message_signature.h.
namespace vereda::http {

/// What a signature can cover of a request. Views: the message must outlive it.
struct RequestParts {
    std::string_view method;
    std::string_view authority;
    std::string_view target;  ///< Path, then perhaps "?query".
    const Headers* headers = nullptr;
};

/// What a signature can cover of a response: its own parts, and those of the request it answers
/// (";req").
struct ResponseParts {
    unsigned status = 0;
    const Headers* headers = nullptr;
    RequestParts request;
};

enum class BaseError {
    missing_component,      ///< The message has no such field or dictionary member.
    unsupported_component,  ///< A derived component or parameter outside our part of the RFC.
    repeated_component,
    malformed_component,
};

/// The bytes that are signed (RFC 9421 §2.5) for the covered components and parameters of `input`.
/// Components: fields, also with ";key"; "@method", "@authority", "@path", "@query"; and in a
/// response "@status" and the request's own with ";req".
[[nodiscard]] std::expected<std::string, BaseError> signature_base(
    const RequestParts& message, const InnerList& input);
[[nodiscard]] std::expected<std::string, BaseError> signature_base(
    const ResponseParts& message, const InnerList& input);

/// One label of Signature-Input with its Ed25519 signature.
struct LabelledSignature {
    std::string label;
    InnerList input;
    crypto::Signature signature{};
};

enum class LabelError { missing, malformed, not_ed25519_sized };

/// The signature called `label`. Both fields must occur once. Errors: `missing`, `malformed`,
/// `not_ed25519_sized`.
[[nodiscard]] std::expected<LabelledSignature, LabelError> find_signature(
    const Headers& headers, std::string_view label);

enum class TagError { missing, repeated, malformed };

/// The label of the only signature whose "tag" parameter is `tag`. Errors: `missing`, `repeated`,
/// `malformed`.
[[nodiscard]] std::expected<std::string, TagError> find_tagged_label(
    const Headers& headers, std::string_view tag);

}  // namespace vereda::http
