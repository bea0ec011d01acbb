#include "engine/text/utf8.h"

using namespace vereda::engine;

TEST_CASE("UTF-8 of every length is valid", "[utf8]") {
    CHECK(is_valid_utf8(""));
    CHECK(is_valid_utf8("a é ₽ 😀"));
    CHECK(is_valid_utf8("\xF4\x8F\xBF\xBF"));
}

TEST_CASE("overlong, cut off, surrogate and too large sequences are not UTF-8", "[utf8]") {
    for (const char* bad :
         {"\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xC3", "\xE2\x82",
          "\xF0\x9F\x98", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xFF",
          "\xC3(", "\xE2(\xAC"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_utf8(bad));
    }
}

TEST_CASE("every code point survives writing and reading", "[utf8]") {
    for (char32_t code_point = 0; code_point <= 0x10FFFF; code_point += 37) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
        std::string text;
        append_utf8(text, code_point);
        std::size_t at = 0;
        REQUIRE(next_code_point(text, at) == code_point);
        REQUIRE(at == text.size());
    }
}

TEST_CASE("what has no UTF-8 form is written as the replacement character", "[utf8]") {
    std::string text;
    append_utf8(text, 0xD800);
    append_utf8(text, 0x110000);
    CHECK(text == "\uFFFD\uFFFD");
}

TEST_CASE("make_valid_utf8 replaces each wrong byte and keeps the rest", "[utf8]") {
    CHECK(make_valid_utf8("a\xFFé\xC3") == "a\uFFFDé\uFFFD");
    CHECK(make_valid_utf8("né") == "né");
}
