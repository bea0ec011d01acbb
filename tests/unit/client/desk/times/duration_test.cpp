#include "client/desk/times/duration.h"

using namespace vereda::client;

TEST_CASE("durations are read in weeks to seconds, also several together", "[duration]") {
    CHECK(parse_duration_ms("90s") == 90'000);
    CHECK(parse_duration_ms("30m") == 1'800'000);
    CHECK(parse_duration_ms("12h") == 43'200'000);
    CHECK(parse_duration_ms("7d") == 604'800'000);
    CHECK(parse_duration_ms("2w") == 1'209'600'000);
    CHECK(parse_duration_ms("1d12h") == 129'600'000);
}

TEST_CASE("what is no duration, nothing or too long is refused", "[duration]") {
    for (const char* text :
         {"", "7", "d", "7x", "-1d", "1.5h", "7 d", "12h1d", "1d1d", "0s", "0d0h",
          "99999999999999999999s", "36526d", "5219w", "36525d1s", "+1d", "1dd"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration_ms(text).has_value());
    }
    CHECK(parse_duration_ms("36525d") == 36'525LL * 86'400'000);
}

TEST_CASE("durations are shown in their two largest units", "[duration]") {
    CHECK(format_duration(0) == "0 s");
    CHECK(format_duration(999) == "0 s");
    CHECK(format_duration(40'000) == "40 s");
    CHECK(format_duration(80'000) == "1 min 20 s");
    CHECK(format_duration(3'600'000) == "1 h");
    CHECK(format_duration(3'605'000) == "1 h");
    CHECK(format_duration(90'061'000) == "1 d 1 h");
}
