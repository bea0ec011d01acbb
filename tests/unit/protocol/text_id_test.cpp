#include "protocol/text_id.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/protocol/vectors.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

constexpr std::string_view letters_and_digits = "0123456789abcdefghjkmnpqrstvwxyz";

/// An id as the program wrote it before: the same twelve digits and their number modulo 37.
std::string old_form(const std::string& text) {
    constexpr std::string_view checks = "0123456789abcdefghjkmnpqrstvwxyz*~$=u";
    std::uint64_t number = 0;
    for (const char digit : text.substr(0, 12))
        number = number * 32 + letters_and_digits.find(digit);
    return text.substr(0, 12) + checks[number % 37];
}

/// Nothing else is read of it: an error, or the right id by its old check.
void expect_caught(const std::string& typed, const std::string& good) {
    CAPTURE(typed, good);
    if (typed == old_form(good)) return;
    const auto read = parse_text_id(typed);
    // An old check is right by chance once in 37 times; what is read then is not this id either.
    if (read && typed == old_form(typed)) {
        REQUIRE(read->substr(0, 12) != good.substr(0, 12));
        return;
    }
    REQUIRE(!read);
    REQUIRE(read.error() == TextIdError::wrong_check);
}

}  // namespace

TEST_CASE("a text id is thirteen letters and digits in lower case", "[text_id]") {
    for (std::uint8_t n = 0; n < 200; ++n) {
        const std::string text = text_id(Bytes{n});
        REQUIRE(text.size() == text_id_size);
        REQUIRE(text.find_first_not_of(letters_and_digits) == std::string::npos);
        REQUIRE(parse_text_id(text) == text);
    }
}

TEST_CASE("the text form of three ids worked out apart from this code", "[text_id]") {
    CHECK(text_id(Bytes(32, 0)) == "ya6wtf8f73acn");
    CHECK(text_id(Dot{LogId{}, Seq{1}}) == "ek0w94368bwkq");
    CHECK(text_id(Bytes{42}) == "8txm8nw1y0bag");
}

TEST_CASE("either case, lookalikes and hyphens are read as what they mean", "[text_id]") {
    CHECK(parse_text_id("O1Il") == "0111");
    CHECK(parse_text_id("ab-CD-ef") == "abcdef");
}

TEST_CASE("an id from before is read as the same id", "[text_id]") {
    CHECK(parse_text_id("ya6wtf8f73acj") == "ya6wtf8f73acn");
    CHECK(parse_text_id("EK0W-94368-BWKS") == "ek0w94368bwkq");
    std::set<char> checks;
    for (std::uint8_t n = 0; n < 200; ++n) {
        const std::string text = text_id(Bytes{n});
        checks.insert(old_form(text).back());
        REQUIRE(parse_text_id(old_form(text)) == text);
    }
    CHECK(checks.contains('*'));
    CHECK(checks.contains('u'));
}

TEST_CASE("every wrong character in every place is caught by the check", "[text_id]") {
    for (std::uint8_t n = 0; n < 40; ++n) {
        const std::string good = text_id(Bytes{n});
        for (std::size_t at = 0; at < text_id_size; ++at) {
            for (const char wrong : letters_and_digits) {
                std::string typed = good;
                typed[at] = wrong;
                if (typed != good) expect_caught(typed, good);
            }
        }
    }
}

TEST_CASE("any two neighbours in each other's place are caught by the check", "[text_id]") {
    for (std::uint8_t n = 0; n < 200; ++n) {
        const std::string good = text_id(Bytes{n});
        for (std::size_t at = 0; at + 1 < text_id_size; ++at) {
            std::string typed = good;
            std::swap(typed[at], typed[at + 1]);
            if (typed != good) expect_caught(typed, good);
        }
    }
}

TEST_CASE("every pair of digits in every two places has a check of its own", "[text_id]") {
    // The check is linear, so ids that are zero except in two neighbours stand for all.
    for (std::size_t at = 0; at + 1 < 12; ++at) {
        for (const char left : letters_and_digits) {
            for (const char right : letters_and_digits) {
                if (left == right) continue;
                std::string one(12, '0'), other(12, '0');
                one[at] = other[at + 1] = left;
                one[at + 1] = other[at] = right;
                std::size_t both = 0;
                for (const char check : letters_and_digits) {
                    const auto read = parse_text_id(one + check);
                    const auto swapped = parse_text_id(other + check);
                    both += read == one + check && swapped == other + check;
                }
                REQUIRE(both == 0);
            }
        }
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
