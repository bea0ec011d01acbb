#include "protocol/text_id.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/protocol/vectors.h"

using namespace vereda;
using namespace vereda::protocol;

TEST_CASE("a text id has twelve digits and a check character in lower case", "[text_id]") {
    constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
    for (std::uint8_t n = 0; n < 200; ++n) {
        const std::string text = text_id(Bytes{n});
        REQUIRE(text.size() == text_id_size);
        REQUIRE(text.find_first_not_of(digits) >= 12);
        REQUIRE(parse_text_id(text) == text);
    }
}

TEST_CASE("the text form of two ids worked out apart from this code", "[text_id]") {
    CHECK(text_id(Bytes(32, 0)) == "ya6wtf8f73acj");
    CHECK(text_id(Dot{LogId{}, Seq{1}}) == "ek0w94368bwks");
}

TEST_CASE("either case, lookalikes and hyphens are read as what they mean", "[text_id]") {
    CHECK(parse_text_id("O1Il") == "0111");
    CHECK(parse_text_id("ab-CD-ef") == "abcdef");
}

TEST_CASE("a wrong character in any place is caught by the check", "[text_id]") {
    const std::string good = text_id(Bytes{42});
    for (std::size_t at = 0; at < 12; ++at) {
        std::string typed = good;
        typed[at] = typed[at] == '7' ? '8' : '7';
        REQUIRE(parse_text_id(typed).error() == TextIdError::wrong_check);
    }
}

TEST_CASE("two neighbours in each other's place are caught by the check", "[text_id]") {
    const std::string good = text_id(Bytes{42});
    for (std::size_t at = 0; at + 1 < 12; ++at) {
        std::string typed = good;
        std::swap(typed[at], typed[at + 1]);
        if (typed != good) REQUIRE(parse_text_id(typed).error() == TextIdError::wrong_check);
    }
}

TEST_CASE("the beginning of a text id is enough from four characters on", "[text_id]") {
    const std::string good = text_id(Bytes{42});
    CHECK(parse_text_id(good.substr(0, 4)) == good.substr(0, 4));
    CHECK(parse_text_id(good.substr(0, 12)) == good.substr(0, 12));
    CHECK(parse_text_id(good.substr(0, 3)).error() == TextIdError::wrong_length);
    CHECK(parse_text_id(good + "0").error() == TextIdError::wrong_length);
    CHECK(parse_text_id(std::string(1000, '-')).error() == TextIdError::wrong_length);
}

TEST_CASE("characters of no text id are refused", "[text_id]") {
    for (const auto* typed : {"abcu", "abc*", "ab cd", "abc\xc3\xa9", "abcd$", "u23456789012"}) {
        CAPTURE(typed);
        CHECK(parse_text_id(typed).error() == TextIdError::wrong_character);
    }
    CHECK(parse_text_id("000000000000!").error() == TextIdError::wrong_character);
    CHECK(parse_text_id("0000000000000") == "0000000000000");
}
