#include "crypto/hash.h"
#include "engine/vault/vault_header.h"
#include "protocol/cbor.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::engine;

namespace {

const VaultKey& key() {
    static const VaultKey key(crypto::SecretBytes::copy_of(Bytes(32, 0x55)));
    return key;
}

}  // namespace

/// The file `vault.header`: what parses is written again as the same body, and only the holder of
/// the vault's key writes one that is believed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView file(data, size);
    const auto read = parse_header(file);
    if (!read) return 0;
    const Bytes written = encode_header(read->header, key());
    const auto again = parse_header(written);
    fuzz::expect(again && verify_header(*again, key()), "what we write, we believe");
    fuzz::expect(again->header == read->header, "a header survives being written");
    fuzz::expect_same(again->body, read->body, "a body has one encoding");
    fuzz::expect(verify_header(*read, key()) == (again->mac == read->mac), "one MAC is right");
    return 0;
}
