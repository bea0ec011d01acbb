#include "protocol/log/event.h"

#include <catch2/catch.hpp>

using namespace vereda;
using namespace vereda::protocol;

TEST_CASE("a new contact's set has an element, so that there is one way to have none", "[event]") {
    const Bytes one{0x83, 0x01, 0xa1, 0x06, 0x81, 0x61, 'a', 0xf6};
    const auto event = parse_contact_create(one);
    REQUIRE(event);
    CHECK(encode(*event) == one);
    const Bytes none{0x83, 0x01, 0xa1, 0x06, 0x80, 0xf6};
    CHECK_FALSE(parse_contact_create(none));
}
