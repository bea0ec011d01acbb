#include "protocol/http/content_digest.h"

#include <openssl/evp.h>

#include "crypto/assert.h"
#include "crypto/secret_bytes.h"
#include "protocol/http/structured_field.h"

namespace vereda::http {

ByteArray<32> sha256(ByteView message) {
    ByteArray<32> out;
    const int done =
        EVP_Digest(message.data(), message.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    VEREDA_ASSERT(done == 1);
    return out;
}

std::string content_digest(ByteView body) {
    const ByteArray<32> digest = sha256(body);
    return "sha-256=" + serialize(BareItem(Bytes(digest.begin(), digest.end())));
}

std::expected<void, DigestError> verify_content_digest(std::string_view field, ByteView body) {
    const auto members = parse_dictionary(field);
    if (!members || members->size() != 1 || members->front().key != "sha-256") {
        return std::unexpected(DigestError::malformed);
    }
    const Item* item = std::get_if<Item>(&members->front().value);
    const Bytes* claimed = item == nullptr ? nullptr : std::get_if<Bytes>(&item->value);
    if (claimed == nullptr || claimed->size() != 32 || !item->parameters.empty()) {
        return std::unexpected(DigestError::malformed);
    }
    if (!crypto::equal_in_constant_time(*claimed, sha256(body)))
        return std::unexpected(DigestError::mismatch);
    return {};
}

}  // namespace vereda::http
