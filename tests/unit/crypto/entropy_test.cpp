#include "crypto/entropy.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "crypto/secret_bytes.h"
#include "tests/unit/crypto/known_answers.h"

using namespace vereda;
using namespace vereda::crypto;
using namespace vereda::crypto::test;

TEST_CASE("the same seed gives the same bytes in the same order") {
    SeededEntropy one(7), other(7);
    for (int i = 0; i < 100; ++i) CHECK(one.bytes<33>() == other.bytes<33>());
}

TEST_CASE("seeded bytes stay what they were, so that a failing seed can be replayed later") {
    SeededEntropy entropy(7);
    CHECK(entropy.bytes<16>() == array_from_hex<16>("fc2bc4433001cb10f101df9e723b3e13"));
    CHECK(entropy.bytes<16>() == array_from_hex<16>("e6a4796964495875e061a7edafa13b1a"));
}

TEST_CASE("neither seeds nor calls share a stream") {
    std::set<ByteArray<16>> seen;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        SeededEntropy entropy(seed << 56 | seed);
        for (int call = 0; call < 100; ++call) seen.insert(entropy.bytes<16>());
    }
    CHECK(seen.size() == std::size_t{100} * 100);
}

TEST_CASE("filling nothing is allowed") {
    SeededEntropy seeded(1);
    SystemEntropy system;
    seeded.fill({});
    system.fill({});
    CHECK(seeded.bytes<8>() != SeededEntropy(2).bytes<8>());
}

TEST_CASE("the system's entropy does not repeat, from several threads at once") {
    std::vector<ByteArray<32>> drawn(64);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t)
        threads.emplace_back([&drawn, t] {
            SystemEntropy entropy;
            for (std::size_t i = 0; i < 16; ++i) drawn[t * 16 + i] = entropy.bytes<32>();
        });
    for (auto& thread : threads) thread.join();
    CHECK(std::set(drawn.begin(), drawn.end()).size() == drawn.size());
}
