#include "crypto/signature.h"

#include <catch2/catch.hpp>
#include <type_traits>

#include "tests/unit/crypto/death.h"
#include "tests/unit/crypto/known_answers.h"

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

TEST_CASE("keys and signatures are those of RFC 8032 section 7.1") {
    struct Case {
        const char *seed, *public_key, *message, *signature;
    };
    const auto [seed, public_key, message, signature] = GENERATE(
        Case{
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
            "701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        Case{
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
            "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        Case{
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7"
            "60984dc6594a7c15e9716ed28dc027beceea1ec40a"});
    const SigningKey key = SigningKey::from_seed(from_hex(seed));
    CHECK(key.public_key() == array_from_hex<32>(public_key));
    CHECK(key.sign(from_hex(message)) == array_from_hex<64>(signature));
    CHECK(verify(key.public_key(), from_hex(message), array_from_hex<64>(signature)));
    CHECK(is_valid_public_key(key.public_key()));
}

TEST_CASE("a signature holds for its key and message only") {
    SeededEntropy entropy(1);
    const SigningKey key = SigningKey::generate(entropy), other = SigningKey::generate(entropy);
    const Signature signature = key.sign(as_bytes("knocked"));
    CHECK(verify(key.public_key(), as_bytes("knocked"), signature));
    CHECK_FALSE(verify(other.public_key(), as_bytes("knocked"), signature));
    CHECK_FALSE(verify(key.public_key(), as_bytes("knocked."), signature));
    for (std::size_t bit = 0; bit < 512; ++bit) {
        Signature changed = signature;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
        CHECK_FALSE(verify(key.public_key(), as_bytes("knocked"), changed));
    }
}

TEST_CASE("a signing key is remade from its seed, or cloned") {
    SeededEntropy entropy(2);
    const SigningKey key = SigningKey::generate(entropy);
    const SigningKey again = SigningKey::from_seed(key.seed()), clone = key.clone();
    CHECK(again.public_key() == key.public_key());
    CHECK(clone.public_key() == key.public_key());
    CHECK(again.sign(as_bytes("x")) == key.sign(as_bytes("x")));
    CHECK(clone.sign(as_bytes("x")) == key.sign(as_bytes("x")));
    STATIC_REQUIRE(!std::is_copy_constructible_v<SigningKey>);
}

TEST_CASE("signing with no key, or making one from a short seed, aborts") {
    CHECK(death_of([] { (void)SigningKey().sign({}); }).by_signal == SIGABRT);
    CHECK(death_of([] { (void)SigningKey().seed(); }).by_signal == SIGABRT);
    CHECK(death_of([] { (void)SigningKey::from_seed(Bytes(31)); }).by_signal == SIGABRT);
}
