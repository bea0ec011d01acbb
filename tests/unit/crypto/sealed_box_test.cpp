#include "crypto/sealed_box.h"

#include <catch2/catch.hpp>
#include <sodium.h>
#include <type_traits>

#include "tests/unit/crypto/death.h"
#include "tests/unit/crypto/known_answers.h"

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

namespace {

/// The seed 00 01 02 … 1f.
BoxKey counting_key() {
    return BoxKey::from_seed(
        from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
}

}  // namespace

TEST_CASE("a box sealed by libsodium alone opens, with the key made from its seed") {
    const BoxKey key = counting_key();
    CHECK(
        key.public_key() ==
        array_from_hex<32>("4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01"));
    const auto plain = key.open(from_hex(
        "fcb9a4edb53969760d025f597831b56a495852f00966c3568f24a4a0243dba1baf27934442ecfbd3e5"
        "459dd5f0e01cf70bb927ab32d515"));
    REQUIRE(plain);
    CHECK(plain->equals(as_bytes("doorbel")));
}

TEST_CASE("only the recipient opens a box, and no two boxes are alike") {
    SeededEntropy entropy(1);
    const BoxKey recipient = BoxKey::generate(entropy), other = BoxKey::generate(entropy);
    const Bytes box = seal_box(recipient.public_key(), as_bytes("the key of the turf"));
    CHECK(box.size() == 19 + sealed_box_overhead);
    CHECK(recipient.open(box)->equals(as_bytes("the key of the turf")));
    CHECK(recipient.clone().open(box)->equals(as_bytes("the key of the turf")));
    CHECK(BoxKey::from_seed(recipient.seed()).open(box).has_value());
    CHECK_FALSE(other.open(box));
    CHECK(seal_box(recipient.public_key(), as_bytes("the key of the turf")) != box);
    STATIC_REQUIRE(!std::is_copy_constructible_v<BoxKey>);
}

TEST_CASE("a box changed in any byte or cut anywhere does not open") {
    const BoxKey key = counting_key();
    const Bytes box = seal_box(key.public_key(), as_bytes("0123456789abcdef"));
    for (std::size_t i = 0; i < box.size(); ++i) {
        Bytes changed = box;
        changed[i] ^= 1;
        CHECK_FALSE(key.open(changed));
        CHECK_FALSE(key.open(ByteView(box).first(i)));
    }
}

TEST_CASE("a box of nothing opens to nothing") {
    const BoxKey key = counting_key();
    CHECK(key.open(seal_box(key.public_key(), {}))->empty());
}

TEST_CASE("a sender's key of small order does not open instead of giving a known secret") {
    Bytes box = seal_box(counting_key().public_key(), as_bytes("x"));
    std::fill_n(box.begin(), 32, std::uint8_t{0});
    CHECK_FALSE(counting_key().open(box));
}

TEST_CASE("X25519 agrees with every Wycheproof case; only keys giving zero are unfit to enrol") {
    int agreed = 0, unfit = 0;
    const auto vectors = load_vectors("wycheproof/x25519_test.json");
    for (const auto& group : vectors.at("testGroups"))
        for (const auto& test : group.at("tests")) {
            CAPTURE(test.at("tcId").get<int>());
            const auto key = array_from_hex<32>(test.at("public").get<std::string>());
            const Bytes wanted = hex_at(test, "shared");
            const bool zero = wanted == Bytes(32, 0);
            Bytes shared(32);
            const int refused =
                crypto_scalarmult(shared.data(), hex_at(test, "private").data(), key.data());
            CHECK((refused != 0) == zero);
            if (!zero) CHECK(shared == wanted);
            CHECK(is_valid_box_key(key) == !zero);
            ++agreed;
            unfit += zero;
        }
    CHECK(agreed == 518);
    CHECK(unfit == 31);
}

TEST_CASE("sealing to a key that should not have been enrolled aborts") {
    CHECK(death_of([] { (void)seal_box(BoxPublicKey{}, as_bytes("k")); }).by_signal == SIGABRT);
    CHECK(death_of([] { (void)BoxKey().open({}); }).by_signal == SIGABRT);
}
