#include "client/time_text.h"

#include <catch2/catch.hpp>

using namespace vereda;
using vereda::client::parse_moment;

TEST_CASE("a moment is milliseconds or what people write", "[time]") {
    constexpr protocol::Millis now{1'770'000'000'000};
    CHECK(parse_moment("1700000000000", now) == protocol::Millis{1'700'000'000'000});
    CHECK(parse_moment("2023-11-14T22:13:20Z", now) == protocol::Millis{1'700'000'000'000});
    CHECK(parse_moment("now", now) == now);
    CHECK_FALSE(parse_moment("", now));
    CHECK_FALSE(parse_moment("12", now));
    CHECK_FALSE(parse_moment("99999999999999999", now));
    CHECK_FALSE(parse_moment("-17000000", now));
}
