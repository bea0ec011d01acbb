#include "protocol/frontier.h"

#include <catch2/catch.hpp>

using namespace vereda::protocol;

namespace {
const LogId a{{1}};
const LogId b{{2}};
}  // namespace

TEST_CASE("a frontier covers a log's prefix and nothing after it", "[frontier]") {
    Frontier frontier;
    frontier.raise(a, {3});
    CHECK(frontier.covers({a, {1}}));
    CHECK(frontier.covers({a, {3}}));
    CHECK_FALSE(frontier.covers({a, {4}}));
    CHECK_FALSE(frontier.covers({b, {1}}));
    CHECK_FALSE(frontier.covers({a, {0}}));
}

TEST_CASE("a frontier never falls", "[frontier]") {
    Frontier frontier;
    frontier.raise(a, {3});
    frontier.raise(a, {2});
    CHECK(frontier.of(a) == Seq{3});
    CHECK(frontier.of(b) == Seq{0});
}

TEST_CASE("joined frontiers know what either knew", "[frontier]") {
    Frontier left;
    left.raise(a, {3});
    left.raise(b, {1});
    Frontier right;
    right.raise(b, {5});
    CHECK_FALSE(left.includes(right));
    left.join(right);
    CHECK(left.includes(right));
    CHECK(left.of(a) == Seq{3});
    CHECK(left.of(b) == Seq{5});
    CHECK_FALSE(right.includes(left));
}

TEST_CASE("frontiers of the same knowledge are equal", "[frontier]") {
    Frontier left;
    left.raise(a, {1});
    left.raise(b, {0});
    Frontier right;
    right.raise(a, {1});
    CHECK(left == right);
}
