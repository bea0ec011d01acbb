#include "engine/vault/secrets.h"

#include "protocol/domain.h"

namespace vereda::engine {
namespace {

Bytes place_of(std::string_view name) {
    Bytes place = protocol::domain_prefix("secret");
    append(place, name);
    return place;
}

}  // namespace

Bytes SecretSealer::seal(std::string_view name, ByteView secret) const {
    return sealer_.seal(place_of(name), secret);
}

std::expected<crypto::SecretBytes, UnsealError> SecretSealer::open(
    std::string_view name, ByteView sealed) const {
    auto plain = sealer_.open(place_of(name), sealed);
    if (!plain) return std::unexpected(plain.error());
    auto secret = crypto::SecretBytes::copy_of(*plain);
    crypto::wipe(*plain);
    return secret;
}

}  // namespace vereda::engine
