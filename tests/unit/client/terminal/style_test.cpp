#include "client/terminal/style.h"

using namespace vereda::client;

TEST_CASE(
    "color needs a terminal that is not dumb and a user who has not refused it", "[terminal]") {
    CHECK(judge_terminal(true, "xterm", nullptr, 100).color);
    CHECK(judge_terminal(true, "xterm", "", 100).color);
    CHECK_FALSE(judge_terminal(true, "xterm", "1", 100).color);
    CHECK_FALSE(judge_terminal(true, "dumb", nullptr, 100).color);
    CHECK_FALSE(judge_terminal(true, nullptr, nullptr, 100).color);
    CHECK_FALSE(judge_terminal(false, "xterm", nullptr, 100).color);
}

TEST_CASE("refusing color leaves a terminal a terminal", "[terminal]") {
    CHECK(judge_terminal(true, "xterm", "1", 100).is_terminal);
    CHECK(judge_terminal(true, "xterm", "1", 100).width == 100);
}

TEST_CASE("a terminal that tells no width has eighty columns, a file none", "[terminal]") {
    CHECK(judge_terminal(true, "xterm", nullptr, 0).width == 80);
    CHECK(judge_terminal(false, "xterm", nullptr, 120).width == 0);
    CHECK_FALSE(judge_terminal(true, "dumb", nullptr, 120).is_terminal);
}

TEST_CASE("style wraps text where color is wanted and leaves it alone elsewhere", "[terminal]") {
    CHECK(Style(true).bad("no") == "\x1b[31mno\x1b[0m");
    CHECK(Style(true).bold("") == "");
    CHECK(Style(false).bad("no") == "no");
}
