#include "crypto/passphrase_key.h"

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include "tests/unit/crypto/known_answers.h"

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

namespace {

ByteArray<16> salt_at(const nlohmann::json& test) {
    const std::string text = test.at("salt");
    ByteArray<16> salt{};
    REQUIRE(text.size() == salt.size());
    std::copy(text.begin(), text.end(), salt.begin());
    return salt;
}

PassphraseCost cost_at(const nlohmann::json& test) {
    return {.memory_kib = test.at("memlimit_kib"), .passes = test.at("opslimit")};
}

/// The most memory this process ever had resident, in KiB.
long peak_memory_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

std::expected<SecretBytes, PassphraseError> derive(PassphraseCost cost) {
    return derive_passphrase_key(as_bytes("walk the lane"), ByteArray<16>{}, cost);
}

}  // namespace

TEST_CASE("Argon2id agrees with the reference program") {
    const auto vectors = load_vectors("argon2/argon2id_p1.json");
    REQUIRE(vectors.at("tests").size() == 5);
    for (const auto& test : vectors.at("tests")) {
        const std::string passphrase = test.at("password");
        const Bytes wanted = hex_at(test, "out");
        Bytes out(wanted.size());
        argon2id(out, as_bytes(passphrase), salt_at(test), cost_at(test));
        CHECK(out == wanted);
    }
}

TEST_CASE("a passphrase key is Argon2id at a cost within the bounds") {
    const auto test = load_vectors("argon2/argon2id_p1.json").at("tests").at(3);
    REQUIRE(cost_at(test) == passphrase_cost_floor);
    const std::string passphrase = test.at("password");
    const auto key = derive_passphrase_key(as_bytes(passphrase), salt_at(test), cost_at(test));
    REQUIRE(key);
    CHECK(key->equals(hex_at(test, "out")));
}

TEST_CASE("an empty passphrase is a passphrase like another") {
    const auto key = derive_passphrase_key({}, ByteArray<16>{}, passphrase_cost_floor);
    REQUIRE(key);
    CHECK_FALSE(key->equals(derive(passphrase_cost_floor)->view()));
}

TEST_CASE("a cost outside the bounds is refused, memory and passes each by itself, for nothing") {
    const auto [least_memory, least_passes] = passphrase_cost_floor;
    const auto [most_memory, most_passes] = passphrase_cost_ceiling;
    const long before = peak_memory_kib();
    const auto below = [](PassphraseCost cost) {
        return derive(cost).error() == PassphraseError::cost_below_floor;
    };
    const auto above = [](PassphraseCost cost) {
        return derive(cost).error() == PassphraseError::cost_above_ceiling;
    };
    CHECK(below({least_memory - 1, 16}));
    CHECK(below({most_memory, least_passes - 1}));
    CHECK(below({0, 0}));
    CHECK(above({most_memory + 1, least_passes}));
    CHECK(above({most_memory, most_passes + 1}));
    CHECK(above({0xffffffff, 0xffffffff}));
    CHECK(peak_memory_kib() - before < 16L * 1024);
}

TEST_CASE("the cost that new vaults get lies within the bounds") {
    CHECK(PassphraseCost{}.memory_kib >= passphrase_cost_floor.memory_kib);
    CHECK(PassphraseCost{}.memory_kib <= passphrase_cost_ceiling.memory_kib);
    CHECK(PassphraseCost{}.passes >= passphrase_cost_floor.passes);
    CHECK(PassphraseCost{}.passes <= passphrase_cost_ceiling.passes);
}
