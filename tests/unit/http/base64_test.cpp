#include "protocol/http/base64.h"

#include <catch2/catch.hpp>

using namespace vereda;
using namespace vereda::http;

TEST_CASE("base64 agrees with RFC 4648 section 10", "[http]") {
    const auto [plain, text] = GENERATE(table<std::string, std::string>(
        {{"", ""},
         {"f", "Zg=="},
         {"fo", "Zm8="},
         {"foo", "Zm9v"},
         {"foob", "Zm9vYg=="},
         {"foobar", "Zm9vYmFy"}}));
    CHECK(base64(as_bytes(plain)) == text);
    const auto back = parse_base64(text);
    REQUIRE(back.has_value());
    CHECK(as_text(*back) == plain);
}

TEST_CASE("base64 has one text for one value", "[http]") {
    for (const char* text :
         {"Zh==", "Zg=", "Zg", " Zg==", "Zg==\n", "Zg==Zg==", "Z===", "====", "=Zg=", "Zm9-",
          "Zm\0v"}) {
        INFO(text);
        CHECK_FALSE(parse_base64(text).has_value());
    }
}

TEST_CASE("base64url of every length comes back", "[http]") {
    Bytes bytes;
    for (int size = 0; size < 70; ++size) {
        const std::string text = base64url(bytes);
        CHECK(text.find_first_of("+/=") == std::string::npos);
        const auto back = parse_base64url(text);
        REQUIRE(back.has_value());
        CHECK(*back == bytes);
        bytes.push_back(static_cast<std::uint8_t>(251 * size + 255));
    }
}

TEST_CASE("base64url refuses the standard alphabet, padding and unused bits", "[http]") {
    for (const char* text : {"Zg==", "+A", "/A", "Zh", "Z", "Zm9vY"}) {
        INFO(text);
        CHECK_FALSE(parse_base64url(text).has_value());
    }
    CHECK(parse_base64url("-_-_").has_value());
}
