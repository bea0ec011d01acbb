#include "engine/vault/secrets.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "crypto/hash.h"

namespace vereda::engine {
namespace {

VaultKey key_of(std::uint8_t byte) {
    return VaultKey(crypto::SecretBytes::copy_of(Bytes(32, byte)));
}

TEST_CASE("a secret opens under its name and its vault only", "[vault]") {
    const SecretSealer sealer(key_of(1));
    const Bytes seed(32, 0x42);
    const Bytes sealed = sealer.seal("device signing seed", seed);
    CHECK(sealer.open("device signing seed", sealed)->equals(seed));
    CHECK(sealer.open("device box seed", sealed).error() == UnsealError::does_not_open);
    CHECK_FALSE(SecretSealer(key_of(2)).open("device signing seed", sealed).has_value());
}

TEST_CASE("every changed bit and every cut of a sealed secret is refused", "[vault]") {
    const SecretSealer sealer(key_of(1));
    const Bytes sealed = sealer.seal("seed", Bytes(32, 0x42));
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        Bytes bad = sealed;
        bad[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        REQUIRE_FALSE(sealer.open("seed", bad).has_value());
    }
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        REQUIRE_FALSE(sealer.open("seed", ByteView(sealed).first(size)).has_value());
    }
}

TEST_CASE("a nonce changes with the plaintext, the place and the key", "[vault]") {
    const Sealer sealer(derive_subkey(key_of(1), KeyPurpose::open_entries));
    const auto nonce = [](const Bytes& sealed) {
        return Bytes(sealed.begin(), sealed.begin() + 24);
    };
    const Bytes first = nonce(sealer.seal(as_bytes("ab"), as_bytes("c")));
    CHECK(nonce(sealer.seal(as_bytes("ab"), as_bytes("c"))) == first);
    CHECK(nonce(sealer.seal(as_bytes("ab"), as_bytes("d"))) != first);
    CHECK(nonce(sealer.seal(as_bytes("a"), as_bytes("bc"))) != first);
    const Sealer other(derive_subkey(key_of(2), KeyPurpose::open_entries));
    CHECK(nonce(other.seal(as_bytes("ab"), as_bytes("c"))) != first);
}

TEST_CASE("a sealed text under a nonce of another's choosing is refused", "[vault]") {
    // Even the holder of the key may not bring a nonce of their own: one content, one sealing.
    const auto subkey = derive_subkey(key_of(1), KeyPurpose::secrets);
    crypto::SecretBytes sealing_key(32);
    crypto::derive_key(
        std::span<std::uint8_t, 32>(sealing_key.writable()), subkey.view(), "vereda/seal/v1");
    const crypto::Nonce nonce{};
    Bytes sealed(nonce.begin(), nonce.end());
    append(
        sealed, crypto::aead_seal(sealing_key.view(), nonce, as_bytes("place"), as_bytes("plain")));
    CHECK(Sealer(subkey).open(as_bytes("place"), sealed).error() == UnsealError::does_not_open);
}

TEST_CASE("each purpose has its own subkey", "[vault]") {
    std::set<Bytes> keys;
    for (const auto purpose :
         {KeyPurpose::open_entries, KeyPurpose::snapshot, KeyPurpose::secrets, KeyPurpose::guard,
          KeyPurpose::header}) {
        const auto subkey = derive_subkey(key_of(1), purpose);
        keys.insert(Bytes(subkey.view().begin(), subkey.view().end()));
        const auto other = derive_subkey(key_of(2), purpose);
        keys.insert(Bytes(other.view().begin(), other.view().end()));
    }
    CHECK(keys.size() == 10);
}

}  // namespace
}  // namespace vereda::engine
