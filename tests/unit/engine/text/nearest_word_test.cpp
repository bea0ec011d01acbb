#include "engine/text/nearest_word.h"

#include <catch2/catch.hpp>
#include <string>

using vereda::engine::nearest_word;

namespace {

constexpr std::string_view channels[] = {"door", "phone", "sms", "email", "whatsapp", "telegram"};

std::string meant(std::string_view typed) {
    return std::string(nearest_word(typed, channels).value_or("nothing"));
}

}  // namespace

TEST_CASE("a word with a letter wrong, missing, too many or swapped is recognised", "[text]") {
    CHECK(meant("emial") == "email");
    CHECK(meant("emai") == "email");
    CHECK(meant("emaill") == "email");
    CHECK(meant("phome") == "phone");
    CHECK(meant("smss") == "sms");
    CHECK(meant("watsap") == "whatsapp");
    CHECK(meant("email") == "email");
}

TEST_CASE("a word that is like none is taken for none", "[text]") {
    CHECK(meant("pigeon") == "nothing");
    CHECK(meant("fax") == "nothing");
    CHECK(meant("") == "nothing");
    CHECK(meant(std::string(100'000, 'e')) == "nothing");
}
