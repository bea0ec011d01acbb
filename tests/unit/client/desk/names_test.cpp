#include "client/desk/names.h"

#include <catch2/catch.hpp>

using namespace vereda::client;

namespace {
std::string refusal_of(const std::string& typed) {
    const auto name = read_name(typed);
    return name ? "taken" : name.error().code;
}
}  // namespace

TEST_CASE("a name loses the space around it", "[client]") {
    CHECK(read_name("  North side ").value() == "North side");
    CHECK(read_name("Ñandú") == "Ñandú");
    CHECK(read_owner(" Rosa", "field 3 ")->device_name == "field 3");
}

TEST_CASE("a name that others could not read is refused before anything is made", "[client]") {
    CHECK(refusal_of(" \t ") == "unreadable_name");
    CHECK(refusal_of("  ") == "empty_name");
    CHECK(refusal_of("Jos\xe9") == "unreadable_name");
    CHECK(refusal_of("North\x1b[31m") == "unreadable_name");
    CHECK(refusal_of(std::string(101, 'n')) == "long_name");
    CHECK_FALSE(read_owner("Rosa", ""));
    std::string accents;
    for (int i = 0; i < 100; ++i) accents += "é";
    CHECK(refusal_of(accents) == "taken");
}
