#include "protocol/http/message_signature.h"

#include <algorithm>

#include "crypto/assert.h"
#include "protocol/http/base64.h"
#include "protocol/http/content_digest.h"
#include "protocol/http/signature_base.h"

namespace vereda::http {
namespace {

constexpr std::string_view label = "v";

Item component(std::string_view name, std::vector<Parameter> parameters = {}) {
    return {.value = std::string(name), .parameters = std::move(parameters)};
}

Item component_of_request(std::string_view name) {
    return component(name, {{.key = "req", .value = true}});
}

std::vector<Item> request_components(std::string_view target) {
    std::vector<Item> items{component("@method"), component("@authority"), component("@path")};
    if (query_of(target)) items.push_back(component("@query"));
    items.push_back(component("content-digest"));
    items.push_back(component("content-type"));
    return items;
}

std::vector<Item> response_components(const RequestLine& request) {
    std::vector<Item> items{
        component("@status"), component("content-digest"), component_of_request("@method"),
        component_of_request("@path")};
    if (query_of(request.target)) items.push_back(component_of_request("@query"));
    if (!request.label.empty()) {
        items.push_back(component("signature", {{"req", true}, {"key", request.label}}));
    }
    return items;
}

RequestParts parts_of(const Request& request, std::string_view authority) {
    return {
        .method = request.method,
        .authority = authority,
        .target = request.target,
        .headers = &request.headers};
}

std::int64_t seconds(protocol::Millis time) { return time.value / 1000; }

/// Signs `message` with `input` and appends the two fields.
template <class Parts>
void add_signature(
    Headers& headers, const Parts& message, InnerList input, const crypto::SigningKey& key) {
    const auto base = signature_base(message, input);
    VEREDA_ASSERT(base.has_value());
    const crypto::Signature signature = key.sign(as_bytes(*base));
    const Item item{.value = Bytes(signature.begin(), signature.end()), .parameters = {}};
    headers.add("signature-input", serialize(Dictionary{{std::string(label), std::move(input)}}));
    headers.add("signature", serialize(Dictionary{{std::string(label), item}}));
}

/// Reads the parameters of a signature in the order the profile writes them; any other is an error.
class ParameterReader {
  public:
    explicit ParameterReader(const std::vector<Parameter>& parameters) : parameters_(parameters) {}

    bool read_time(std::string_view key, std::int64_t& out) {
        const auto* value = next<std::int64_t>(key);
        if (value == nullptr || *value < 0) return false;
        out = *value;
        return true;
    }
    bool read_nonce(RequestNonce& out) {
        const auto* text = next<std::string>("nonce");
        return text != nullptr && copy_exactly(parse_base64(*text), out);
    }
    bool read_key(crypto::PublicKey& out) {
        const auto* text = next<std::string>("keyid");
        return text != nullptr && copy_exactly(parse_base64url(*text), out);
    }
    bool read_constant(std::string_view key, std::string_view expected) {
        const auto* text = next<std::string>(key);
        return text != nullptr && *text == expected;
    }
    [[nodiscard]] bool at_end() const { return position_ == parameters_.size(); }

  private:
    template <class T>
    const T* next(std::string_view key) {
        if (at_end() || parameters_[position_].key != key) return nullptr;
        return std::get_if<T>(&parameters_[position_++].value);
    }
    template <std::size_t size>
    static bool copy_exactly(const std::expected<Bytes, Base64Error>& bytes, ByteArray<size>& out) {
        if (!bytes || bytes->size() != size) return false;
        std::ranges::copy(*bytes, out.begin());
        return true;
    }

    const std::vector<Parameter>& parameters_;
    std::size_t position_ = 0;
};

bool read_request_parameters(const InnerList& input, RequestSignature& out) {
    ParameterReader reader(input.parameters);
    return reader.read_time("created", out.created_s) &&
           reader.read_time("expires", out.expires_s) && reader.read_nonce(out.nonce) &&
           reader.read_key(out.key) && reader.read_constant("alg", "ed25519") &&
           reader.read_constant("tag", signature_tag) && reader.at_end();
}

bool read_response_parameters(const InnerList& input, ResponseSignature& out) {
    ParameterReader reader(input.parameters);
    return reader.read_time("created", out.created_s) && reader.read_key(out.key) &&
           reader.read_constant("alg", "ed25519") && reader.read_constant("tag", signature_tag) &&
           reader.at_end();
}

/// The only signature with our tag.
std::expected<LabelledSignature, SignatureError> find_ours(const Headers& headers) {
    const auto own_label = find_tagged_label(headers, signature_tag);
    if (!own_label) {
        return std::unexpected(
            own_label.error() == TagError::missing ? SignatureError::missing
                                                   : SignatureError::malformed);
    }
    auto found = find_signature(headers, *own_label);
    if (!found) return std::unexpected(SignatureError::malformed);
    return *std::move(found);
}

/// Signature and digest of a message whose signature is `signature` by `key`.
template <class Parts>
std::expected<void, SignatureError> check(
    const Parts& message, const LabelledSignature& signature, const crypto::PublicKey& key,
    ByteView body) {
    const auto base = signature_base(message, signature.input);
    if (!base) return std::unexpected(SignatureError::malformed);
    if (!crypto::verify(key, as_bytes(*base), signature.signature)) {
        return std::unexpected(SignatureError::bad_signature);
    }
    const auto digest = verify_content_digest(*message.headers->only("content-digest"), body);
    if (digest) return {};
    return std::unexpected(
        digest.error() == DigestError::mismatch ? SignatureError::digest_mismatch
                                                : SignatureError::malformed);
}

struct ReadRequest {
    LabelledSignature labelled;
    RequestSignature claims;
};

std::expected<ReadRequest, SignatureError> read_request(const Request& request) {
    for (const char* name : {"content-digest", "content-type"}) {
        if (request.headers.count(name) > 1) return std::unexpected(SignatureError::malformed);
    }
    auto found = find_ours(request.headers);
    if (!found) return std::unexpected(found.error());
    if (found->input.items != request_components(request.target)) {
        return std::unexpected(SignatureError::wrong_components);
    }
    RequestSignature claims;
    if (!read_request_parameters(found->input, claims))
        return std::unexpected(SignatureError::malformed);
    if (claims.expires_s <= claims.created_s ||
        claims.expires_s - claims.created_s > lifetime_s_max) {
        return std::unexpected(SignatureError::malformed);
    }
    claims.label = found->label;
    return ReadRequest{.labelled = *std::move(found), .claims = std::move(claims)};
}

}  // namespace

std::string_view name_of(SignatureError error) {
    switch (error) {
        case SignatureError::missing:
            return "not-signed";
        case SignatureError::malformed:
            return "malformed-signature";
        case SignatureError::wrong_components:
            return "wrong-components";
        case SignatureError::bad_signature:
            return "bad-signature";
        case SignatureError::digest_mismatch:
            return "digest-mismatch";
    }
    return "unknown";
}

void sign_request(
    Request& request, std::string_view authority, const crypto::SigningKey& key,
    protocol::Millis now, crypto::Entropy& entropy) {
    VEREDA_ASSERT(request.headers.only("content-type").has_value());
    request.headers.add("content-digest", content_digest(request.body));
    const std::vector<Parameter> parameters{
        {"created", seconds(now)},
        {"expires", seconds(now) + lifetime_s_max},
        {"nonce", base64(entropy.bytes<16>())},
        {"keyid", base64url(key.public_key())},
        {"alg", "ed25519"},
        {"tag", std::string(signature_tag)}};
    InnerList input{.items = request_components(request.target), .parameters = parameters};
    add_signature(request.headers, parts_of(request, authority), std::move(input), key);
}

std::expected<RequestSignature, SignatureError> parse_request_signature(const Request& request) {
    auto read = read_request(request);
    if (!read) return std::unexpected(read.error());
    return std::move(read->claims);
}

std::expected<RequestSignature, SignatureError> verify_request(
    const Request& request, std::string_view authority) {
    auto read = read_request(request);
    if (!read) return std::unexpected(read.error());
    const auto checked =
        check(parts_of(request, authority), read->labelled, read->claims.key, request.body);
    if (!checked) return std::unexpected(checked.error());
    return std::move(read->claims);
}

RequestLine line_of(const Request& request) {
    RequestLine line{
        .method = request.method, .target = request.target, .label = {}, .signature = {}};
    const auto own_label = find_tagged_label(request.headers, signature_tag);
    if (!own_label || !find_signature(request.headers, *own_label)) return line;
    line.label = *own_label;
    line.signature = *request.headers.only("signature");
    return line;
}

void sign_response(
    Response& response, const RequestLine& request, const crypto::SigningKey& hub_key,
    protocol::Millis now) {
    response.headers.add("content-digest", content_digest(response.body));
    const std::vector<Parameter> parameters{
        {"created", seconds(now)},
        {"keyid", base64url(hub_key.public_key())},
        {"alg", "ed25519"},
        {"tag", std::string(signature_tag)}};
    const Headers signed_fields{{"signature", request.signature}};
    const ResponseParts parts{
        .status = response.status,
        .headers = &response.headers,
        .request = {
            .method = request.method,
            .authority = {},
            .target = request.target,
            .headers = &signed_fields}};
    InnerList input{.items = response_components(request), .parameters = parameters};
    add_signature(response.headers, parts, std::move(input), hub_key);
}

std::expected<ResponseSignature, SignatureError> verify_response(
    const Response& response, const RequestLine& request) {
    if (response.headers.count("content-digest") > 1)
        return std::unexpected(SignatureError::malformed);
    const auto found = find_ours(response.headers);
    if (!found) return std::unexpected(found.error());
    if (found->input.items != response_components(request)) {
        return std::unexpected(SignatureError::wrong_components);
    }
    ResponseSignature claims;
    if (!read_response_parameters(found->input, claims))
        return std::unexpected(SignatureError::malformed);
    const Headers signed_fields{{"signature", request.signature}};
    const ResponseParts parts{
        .status = response.status,
        .headers = &response.headers,
        .request = {
            .method = request.method,
            .authority = {},
            .target = request.target,
            .headers = &signed_fields}};
    const auto checked = check(parts, *found, claims.key, response.body);
    if (!checked) return std::unexpected(checked.error());
    return claims;
}

}  // namespace vereda::http
