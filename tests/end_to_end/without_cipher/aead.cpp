#include "crypto/aead.h"

#include "tests/end_to_end/without_cipher/stand_in.h"

namespace vereda::crypto {

using namespace without_cipher;

Bytes aead_seal(ByteView key, const Nonce& nonce, ByteView associated, ByteView plain) {
    Bytes sealed(plain.begin(), plain.end());
    append(sealed, tag_of(key, {nonce, associated, plain}));
    return sealed;
}

std::expected<Bytes, AeadError> aead_open(
    ByteView key, const Nonce& nonce, ByteView associated, ByteView sealed) {
    if (sealed.size() < aead_tag_size) return std::unexpected(AeadError::does_not_open);
    const ByteView plain = sealed.first(sealed.size() - aead_tag_size);
    if (!ends_with(sealed, tag_of(key, {nonce, associated, plain}))) {
        return std::unexpected(AeadError::does_not_open);
    }
    return Bytes(plain.begin(), plain.end());
}

}  // namespace vereda::crypto
