#include "crypto/aead.h"

#include <catch2/catch.hpp>

#include "crypto/hash.h"
#include "tests/unit/crypto/death.h"
#include "tests/unit/crypto/known_answers.h"

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

namespace {

const Hash key = blake2b_256(as_bytes("key"));
const Nonce nonce{1, 2, 3};

}  // namespace

TEST_CASE("XChaCha20-Poly1305 agrees with every Wycheproof case whose nonce is 24 bytes") {
    int agreed = 0;
    const auto vectors = load_vectors("wycheproof/xchacha20_poly1305_test.json");
    for (const auto& group : vectors.at("testGroups")) {
        if (group.at("ivSize") != 8 * sizeof(Nonce)) continue;  // does not even compile
        for (const auto& test : group.at("tests")) {
            const auto iv = array_from_hex<24>(test.at("iv").get<std::string>());
            const Bytes secret = hex_at(test, "key"), associated = hex_at(test, "aad");
            const Bytes plain = hex_at(test, "msg");
            Bytes sealed = hex_at(test, "ct");
            append(sealed, hex_at(test, "tag"));
            const bool valid = test.at("result") == "valid";
            CAPTURE(test.at("tcId").get<int>());
            CHECK((aead_seal(secret, iv, associated, plain) == sealed) == valid);
            const auto opened = aead_open(secret, iv, associated, sealed);
            CHECK(opened.has_value() == valid);
            if (opened) CHECK(*opened == plain);
            ++agreed;
        }
    }
    CHECK(agreed == 306);
}

TEST_CASE("a sealed message with any one bit changed does not open") {
    const Bytes sealed = aead_seal(key, nonce, as_bytes("aad"), as_bytes("door 14"));
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        Bytes changed = sealed;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
        CHECK_FALSE(aead_open(key, nonce, as_bytes("aad"), changed));
    }
    CHECK(
        *aead_open(key, nonce, as_bytes("aad"), sealed) ==
        Bytes{'d', 'o', 'o', 'r', ' ', '1', '4'});
}

TEST_CASE("a sealed message cut anywhere does not open, however short") {
    const Bytes sealed = aead_seal(key, nonce, {}, as_bytes("door 14"));
    for (std::size_t size = 0; size < sealed.size(); ++size)
        CHECK_FALSE(aead_open(key, nonce, {}, ByteView(sealed).first(size)));
}

TEST_CASE("key, nonce and associated data all count") {
    const Bytes sealed = aead_seal(key, nonce, as_bytes("a"), as_bytes("b"));
    CHECK_FALSE(aead_open(blake2b_256({}), nonce, as_bytes("a"), sealed));
    CHECK_FALSE(aead_open(key, Nonce{}, as_bytes("a"), sealed));
    CHECK_FALSE(aead_open(key, nonce, {}, sealed));
    CHECK(aead_open(key, nonce, as_bytes("a"), sealed));
}

TEST_CASE("nothing at all can be sealed and opened") {
    const Bytes sealed = aead_seal(key, nonce, {}, {});
    CHECK(sealed.size() == aead_tag_size);
    CHECK(aead_open(key, nonce, {}, sealed)->empty());
}

TEST_CASE("a key of another length aborts") {
    CHECK(death_of([] { (void)aead_seal(Bytes(16), nonce, {}, {}); }).by_signal == SIGABRT);
    CHECK(death_of([] { (void)aead_open(Bytes(33), nonce, {}, {}); }).by_signal == SIGABRT);
}
