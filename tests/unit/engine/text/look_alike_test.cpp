#include "engine/text/look_alike.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace vereda::engine;

namespace {

bool are_alike(std::string_view one, std::string_view other) {
    const auto keys = look_alike_keys(one);
    return std::ranges::any_of(
        look_alike_keys(other), [&](const std::string& key) { return keys.contains(key); });
}

}  // namespace

TEST_CASE("names that differ in case, accents, spaces or punctuation look alike", "[text]") {
    for (const auto* other :
         {"ana ruiz", "ANA RUIZ", "Ána Ruíz", "AnaRuiz", " Ana  Ruiz. ", "Ana-Ruiz"}) {
        CAPTURE(other);
        CHECK(are_alike("Ana Ruiz", other));
    }
}

TEST_CASE("names of letters that look the same in another script look alike", "[text]") {
    CHECK(are_alike("Ana", "\u0410n\u0430"));        // Cyrillic А, а
    CHECK(are_alike("bruno", "\u0412runo"));         // Cyrillic В, a capital only
    CHECK(are_alike("Bruno", "Brun\u03BF"));         // Greek omicron
    CHECK(are_alike("Paul", "PauI"));                // a capital i for an l
    CHECK(are_alike("Ana", "A\u200Bn\u200Da"));      // letters that do not show
    CHECK(are_alike("Тамара", "\u0054\u0430мара"));  // the other way round
}

TEST_CASE("a name with the mark of another one looks like that one", "[text]") {
    CHECK(are_alike("Bruno", "Bruno #7k2m"));
    CHECK(are_alike("Bruno", "Bruno \uFF037k2m"));
    CHECK(are_alike("Bruno #7k2m", "bruno \u266F9abc"));
    CHECK_FALSE(look_alike_keys("#").empty());
    CHECK_FALSE(look_alike_keys("\U0001F333").empty());
}

TEST_CASE("different names do not look alike", "[text]") {
    CHECK_FALSE(are_alike("Ana", "Anna"));
    CHECK_FALSE(are_alike("Bruno", "Bruna"));
    CHECK_FALSE(are_alike("Олена", "Оксана"));
    CHECK_FALSE(are_alike("laptop", "old laptop"));
    CHECK_FALSE(are_alike("#1", "#2"));
}
