#include <catch2/catch.hpp>

#include "crypto/signature.h"
#include "tests/unit/crypto/known_answers.h"

// Which signatures count is part of the protocol: two programs that disagree about one block have
// two logs. Here the rule is pinned, case by case; see docs/decisions/0001.

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

namespace {

PublicKey key_at(const nlohmann::json& object, const char* name) {
    return array_from_hex<32>(object.at(name).get<std::string>());
}

bool accepts(const PublicKey& key, ByteView message, const nlohmann::json& signature) {
    return verify(key, message, array_from_hex<64>(signature.get<std::string>()));
}

}  // namespace

TEST_CASE("Ed25519 acceptance agrees with every Wycheproof case") {
    const auto vectors = load_vectors("wycheproof/ed25519_test.json");
    int agreed = 0;
    for (const auto& group : vectors.at("testGroups"))
        for (const auto& test : group.at("tests")) {
            CAPTURE(test.at("tcId").get<int>());
            const bool valid = test.at("result") == "valid";
            // Another length is no Signature at all: parsers of blocks and entries refuse it.
            const bool accepted =
                test.at("sig").get<std::string>().size() == 2 * sizeof(Signature) &&
                accepts(key_at(group.at("publicKey"), "pk"), hex_at(test, "msg"), test.at("sig"));
            CHECK(accepted == valid);
            ++agreed;
        }
    CHECK(agreed == 151);
}

TEST_CASE("of the 914 CCTV edge cases exactly these 43 are accepted") {
    const std::vector<int> pinned{7,   29,  50,  117, 139, 161, 182, 249, 305, 411, 425,
                                  438, 465, 473, 481, 489, 497, 511, 525, 538, 565, 573,
                                  581, 589, 597, 611, 625, 638, 665, 673, 681, 689, 697,
                                  711, 725, 738, 765, 773, 781, 789, 797, 832, 899};
    std::vector<int> accepted, accepted_with_enrolled_key;
    const auto vectors = load_vectors("cctv-ed25519/ed25519vectors.json");
    REQUIRE(vectors.size() == 914);
    for (const auto& vector : vectors) {
        const PublicKey key = key_at(vector, "key");
        const std::string message = vector.at("msg");
        if (!accepts(key, as_bytes(message), vector.at("sig"))) continue;
        accepted.push_back(vector.at("number"));
        if (is_valid_public_key(key)) accepted_with_enrolled_key.push_back(vector.at("number"));
    }
    CHECK(accepted == pinned);
    // The one whose key could be enrolled is an ordinary signature: neither point has a small
    // order.
    CHECK(accepted_with_enrolled_key == std::vector<int>{305});
}

TEST_CASE("of the speccheck cases only number 3 is accepted, as its authors found for libsodium") {
    std::vector<std::size_t> accepted;
    const auto cases = load_vectors("ed25519-speccheck/cases.json");
    REQUIRE(cases.size() == 12);
    for (std::size_t i = 0; i < cases.size(); ++i)
        if (accepts(
                key_at(cases[i], "pub_key"), hex_at(cases[i], "message"), cases[i]["signature"]))
            accepted.push_back(i);
    CHECK(accepted == std::vector<std::size_t>{3});
    // Its key has a component of small order, so it could not have been enrolled.
    CHECK_FALSE(is_valid_public_key(key_at(cases[3], "pub_key")));
}

TEST_CASE("keys of small order, off the curve, not canonical or of mixed order are not enrolled") {
    const char* key = GENERATE(
        "0000000000000000000000000000000000000000000000000000000000000000",   // order 4
        "0100000000000000000000000000000000000000000000000000000000000000",   // the identity
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",   // order 8
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",   // order 2
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",   // y = p
        "0200000000000000000000000000000000000000000000000000000000000000");  // no such point
    CAPTURE(key);
    CHECK_FALSE(is_valid_public_key(array_from_hex<32>(key)));
}
