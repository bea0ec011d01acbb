#include "engine/text/blank.h"

#include <catch2/catch.hpp>

using vereda::engine::is_blank;

TEST_CASE("white space and characters without a form show nothing", "[text]") {
    for (const char* text :
         {"", " ", "\t\r\n", "\u00A0", "\u200B", "\u200D\u2060", "\u202E \uFEFF", "\u3164"})
        CHECK(is_blank(text));
    for (const char* text : {"a", " . ", "\u200Ba", "é", "٠", "\xff"}) CHECK_FALSE(is_blank(text));
}
