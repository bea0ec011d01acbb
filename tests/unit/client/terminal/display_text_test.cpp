#include "client/terminal/display_text.h"

using namespace vereda::client;

using Lines = std::vector<std::string>;

TEST_CASE("width counts columns, not bytes", "[display]") {
    CHECK(display_width("Ana") == 3);
    CHECK(display_width("Núñez") == 5);
    CHECK(display_width("Nu\u0301n\u0303ez") == 5);
    CHECK(display_width("山田太郎") == 8);
    CHECK(display_width("한국") == 4);
    CHECK(display_width("مُحَمَّد") == 4);
    CHECK(display_width("😀") == 2);
    CHECK(display_width("\u200Eא\u200E") == 1);
    CHECK(display_width("") == 0);
}

TEST_CASE("printable text cannot drive the terminal", "[display]") {
    CHECK(printable("\x1b[2JAna\x07") == " [2JAna ");
    CHECK(printable("a\nb\r\nc\td") == "a b  c d");
    CHECK(printable("\u009B31mAna") == " 31mAna");
    CHECK(printable("a\u202Eb\u2066c") == "abc");
    CHECK(printable("a\xFF") == "a\uFFFD");
    CHECK(printable("a\u2028b") == "a b");
    CHECK(printable("مُحَمَّد\u200F") == "مُحَمَّد\u200F");
}

TEST_CASE("text is broken at spaces", "[display]") {
    CHECK(broken_into("one two three", 7) == Lines{"one two", "three"});
    CHECK(broken_into("one two three", 13) == Lines{"one two three"});
    CHECK(broken_into("  one   two ", 20) == Lines{"one two"});
    CHECK(broken_into("", 5) == Lines{""});
}

TEST_CASE(
    "a word too long for a line is broken between letters, never before a mark", "[display]") {
    CHECK(broken_into("abcdefgh", 3) == Lines{"abc", "def", "gh"});
    CHECK(broken_into("a abcdef", 3) == Lines{"a", "abc", "def"});
    CHECK(broken_into("aba\u0301b", 3) == Lines{"aba\u0301", "b"});
    CHECK(broken_into("山田太郎", 5) == Lines{"山田", "太郎"});
}

TEST_CASE("no broken line is wider than asked", "[display]") {
    const std::string text = "Vereda приходит 山田太郎さん مُحَمَّد extraordinarily-long-word 한국어 x";
    for (int width = 2; width < 30; ++width) {
        for (const std::string& line : broken_into(text, width)) {
            CAPTURE(width, line);
            CHECK(display_width(line) <= width);
        }
    }
}

TEST_CASE("shortened text fits and shows that it was longer", "[display]") {
    CHECK(shortened("Anastasia", 5) == "Anas…");
    CHECK(shortened("Anna", 4) == "Anna");
    CHECK(shortened("山田太郎", 4) == "山…");
    CHECK(shortened("山田", 2) == "…");
    CHECK(shortened("山田", 1) == "…");
}

TEST_CASE("right-to-left letters are noticed anywhere in a text", "[display]") {
    CHECK(has_right_to_left("Ana (أنا)"));
    CHECK(has_right_to_left("שלום"));
    CHECK_FALSE(has_right_to_left("Анна 山田 123"));
}
