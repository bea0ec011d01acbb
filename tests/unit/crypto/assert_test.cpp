#include "crypto/assert.h"

#include <catch2/catch.hpp>

#include "tests/unit/crypto/death.h"

using vereda::crypto::test::death_of;

TEST_CASE("a false assertion names itself on standard error and aborts, in every build") {
    const auto death = death_of([] { VEREDA_ASSERT(1 + 1 == 3); });
    CHECK(death.by_signal == SIGABRT);
    CHECK_THAT(death.last_words, Catch::Contains("1 + 1 == 3"));
    CHECK_THAT(death.last_words, Catch::Contains("assert_test.cpp:"));
}

TEST_CASE("a true assertion says nothing, and evaluates its condition once") {
    int evaluated = 0;
    const auto death = death_of([&] { VEREDA_ASSERT(++evaluated == 1); });
    CHECK(death.by_signal == 0);
    CHECK(death.last_words.empty());
    VEREDA_ASSERT(++evaluated == 1);
    CHECK(evaluated == 1);
}
