#include "client/terminal/progress.h"

#include <sstream>

#include "client/terminal/display_text.h"

using namespace vereda::client;

namespace {

constexpr Terminal terminal{.is_terminal = true, .color = false, .width = 80};

struct Watched {
    std::ostringstream out;
    std::int64_t now_ms = 5000;
    Progress progress;

    explicit Watched(std::uint64_t total, Terminal seen = terminal)
        : progress("importing", total, out, seen, [this] { return now_ms; }) {}

    /// What was drawn since last asked.
    std::string drawn() {
        std::string text = out.str();
        out.str("");
        return text;
    }
};

}  // namespace

TEST_CASE("nothing is drawn in the first second", "[progress]") {
    Watched watched(100);
    watched.now_ms += 999;
    watched.progress.advance_to(50);
    CHECK(watched.drawn().empty());
    watched.now_ms += 1;
    watched.progress.advance_to(51);
    CHECK(watched.drawn().find("51 %") != std::string::npos);
}

TEST_CASE("nothing is ever drawn where there is no terminal", "[progress]") {
    Watched watched(100, Terminal{});
    watched.now_ms += 60'000;
    watched.progress.advance_to(50);
    watched.progress.clear();
    CHECK(watched.drawn().empty());
}

TEST_CASE("the bar says how long it will take at this pace", "[progress]") {
    Watched watched(100);
    watched.now_ms += 30'000;
    watched.progress.advance_to(25);
    const std::string text = watched.drawn();
    CHECK(
        text.starts_with("\r\x1b[K"
                         "importing  ━━━━━━──"));
    CHECK(text.find("25 %  about 1 min 30 s left") != std::string::npos);
}

TEST_CASE("the bar is drawn at most ten times a second", "[progress]") {
    Watched watched(1'000'000);
    watched.now_ms += 2000;
    watched.progress.advance_to(1);
    CHECK_FALSE(watched.drawn().empty());
    watched.now_ms += 99;
    watched.progress.advance_to(2);
    CHECK(watched.drawn().empty());
    watched.now_ms += 1;
    watched.progress.advance();
    CHECK_FALSE(watched.drawn().empty());
}

TEST_CASE("the bar takes its line away", "[progress]") {
    Watched watched(10);
    watched.now_ms += 2000;
    watched.progress.advance_to(10);
    CHECK(watched.drawn().find("100 %") != std::string::npos);
    watched.progress.clear();
    CHECK(watched.drawn() == "\r\x1b[K");
    watched.progress.clear();
    CHECK(watched.drawn().empty());
}

TEST_CASE("the bar never fills a line to its end", "[progress]") {
    Watched watched(100, {.is_terminal = true, .color = false, .width = 30});
    watched.now_ms += 30'000;
    watched.progress.advance_to(25);
    CHECK(display_width(watched.drawn().substr(4)) == 29);
}

TEST_CASE("without a known end a count is shown, beyond the end no more than all", "[progress]") {
    Watched counted(0);
    counted.now_ms += 2000;
    counted.progress.advance_to(7);
    CHECK(counted.drawn() == "\r\x1b[Kimporting  7");
    Watched beyond(10);
    beyond.now_ms += 2000;
    beyond.progress.advance_to(11);
    CHECK(beyond.drawn().find("100 %") != std::string::npos);
}
