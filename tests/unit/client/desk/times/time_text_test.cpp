#include "client/desk/times/time_text.h"

#include <catch2/catch.hpp>

using namespace vereda;
using namespace vereda::client;

TEST_CASE("a moment is milliseconds or what people write", "[time]") {
    constexpr protocol::Millis now{1'770'000'000'000};
    CHECK(parse_moment("1700000000000", now) == protocol::Millis{1'700'000'000'000});
    CHECK(parse_moment("2023-11-14T22:13:20Z", now) == protocol::Millis{1'700'000'000'000});
    CHECK(parse_moment("now", now) == now);
    CHECK_FALSE(parse_moment("", now));
    CHECK_FALSE(parse_moment("12", now));
    CHECK_FALSE(parse_moment("99999999999999999", now));
    CHECK_FALSE(parse_moment("-17000000", now));
    CHECK_FALSE(parse_moment("-5", now));
    CHECK_FALSE(parse_moment("3000w ago", now));
}

TEST_CASE("a number of seconds is no moment in January 1970", "[time]") {
    constexpr protocol::Millis now{1'770'000'000'000};
    CHECK(parse_moment("1700000000", now).error() == MomentError::maybe_seconds);
    CHECK(parse_moment("946684799999", now).error() == MomentError::maybe_seconds);
    CHECK(parse_moment("946684800000", now).has_value());
    CHECK(parse_moment(" 1700000000", now).error() == MomentError::maybe_seconds);
    CHECK(moment_of_number(1'700'000'000).error() == MomentError::maybe_seconds);
    CHECK(moment_of_number(-5).error() == MomentError::not_a_time);
    CHECK(parse_moment("1970-01-20", now).has_value());
}

TEST_CASE("a day ahead of the laptop's clock is far ahead", "[time]") {
    constexpr protocol::Millis now{1'770'000'000'000};
    CHECK_FALSE(is_far_ahead({now.value + 86'400'000}, now));
    CHECK(is_far_ahead({now.value + 86'400'001}, now));
    CHECK_FALSE(is_far_ahead({0}, now));
}
