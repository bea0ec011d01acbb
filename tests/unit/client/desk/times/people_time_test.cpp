#include "client/desk/times/people_time.h"

#include <cstdlib>
#include <ctime>

#include "engine/schema/value_text.h"

using namespace vereda::client;
using vereda::protocol::Millis;
namespace engine = vereda::engine;

namespace {

/// The time zone, for the length of a test.
class Zone {
  public:
    explicit Zone(const char* name) {
        if (const char* before = std::getenv("TZ")) before_ = before;
        set(name);
    }
    ~Zone() { set(before_.c_str()); }
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;

  private:
    static void set(const char* name) {
        setenv("TZ", name, 1);
        tzset();
    }
    std::string before_;
};

constexpr const char* madrid = "CET-1CEST,M3.5.0,M10.5.0/3";  // spelled out: needs no zone files
constexpr Millis noon{1'795'345'200'000};  // 2026-11-22T11:00:00Z, 12:00 in Madrid

std::int64_t read(std::string_view text) {
    const auto time = parse_time(text, noon);
    CAPTURE(text);
    REQUIRE(time.has_value());
    return time->value;
}

TimeError error_of(std::string_view text) { return parse_time(text, noon).error(); }

}  // namespace

TEST_CASE("ISO times with a zone are the same everywhere", "[time]") {
    for (const char* name : {"UTC0", madrid}) {
        const Zone zone(name);
        CHECK(read("2026-11-22T11:00:00Z") == noon.value);
        CHECK(read("2026-11-22T12:00+01:00") == noon.value);
        CHECK(read("2026-11-22t12:00+0100") == noon.value);
        CHECK(read("2026-11-22 16:30 +05:30") == noon.value);
        CHECK(read("2026-11-22T07:00-04") == noon.value);
        CHECK(read("2026-11-22T11:00:00.250Z") == noon.value + 250);
        CHECK(read("2026-11-22T11:00:00,25Z") == noon.value + 250);
        CHECK(read("2026-11-22T11:00:00.2509999Z") == noon.value + 250);
    }
}

TEST_CASE("times without a zone are local", "[time]") {
    const Zone zone(madrid);
    CHECK(read("2026-11-22 12:00") == noon.value);
    CHECK(read(" 2026-11-22 12:00 ") == noon.value);
    CHECK(read("2026-11-22T12:00:05") == noon.value + 5000);
    CHECK(read("2026-11-22") == noon.value - 12 * 3'600'000);
    CHECK(read("2026-07-01 12:00") == read("2026-07-01T10:00Z"));
}

TEST_CASE("times are read as people say them", "[time]") {
    const Zone zone(madrid);
    CHECK(read("now") == noon.value);
    CHECK(read("today 14:30") == read("2026-11-22T13:30Z"));
    CHECK(read("Today") == read("2026-11-22"));
    CHECK(read("yesterday 09:05") == read("2026-11-21T08:05Z"));
    CHECK(read(" yesterday ") == read("2026-11-21"));
    CHECK(read("14:30") == read("2026-11-22T13:30Z"));
    CHECK(read("2h ago") == noon.value - 7'200'000);
}

TEST_CASE("no time is later than four digits of a year can write", "[time]") {
    CHECK(read("253402300799999") == 253'402'300'799'999);
    CHECK(error_of("253402300800000") == TimeError::no_such_time);
    CHECK(error_of("1795345200000000") == TimeError::no_such_time);  // microseconds
    CHECK(read("9999-12-31T23:59Z") == 253'402'300'740'000);
    CHECK(error_of("9999-12-31T23:59-01:00") == TimeError::no_such_time);
}

TEST_CASE("programs may give milliseconds since 1970", "[time]") {
    CHECK(read("1795345200000") == noon.value);
    CHECK(read("12345") == 12345);
    CHECK(error_of("-1") == TimeError::not_a_time);
    CHECK(error_of("-1795345200000") == TimeError::not_a_time);
    CHECK(error_of("1234") == TimeError::not_a_time);
    CHECK(error_of("12345x") == TimeError::not_a_time);
    CHECK(error_of("99999999999999999999") == TimeError::not_a_time);
}

TEST_CASE("yesterday is the day before by the calendar, also after a day of 25 hours", "[time]") {
    const Zone zone(madrid);
    const Millis after{1'792'969'200'000};  // 2026-10-25T23:00Z is 2026-10-26 00:00 in Madrid
    CHECK(parse_time("yesterday", after) == parse_time("2026-10-25", after));
    CHECK(parse_time("today", after) == after);
}

TEST_CASE("times that no clock shows are refused", "[time]") {
    const Zone zone(madrid);
    for (const char* text :
         {"2026-02-30", "2026-13-01", "2026-00-10", "2026-11-22 25:00", "2026-11-22T10:60Z",
          "2026-11-22T10:00:60Z", "2026-03-29 02:30", "1969-12-31", "today 24:00",
          "2026-11-22T24:00Z"}) {
        CAPTURE(text);
        CHECK(error_of(text) == TimeError::no_such_time);
    }
}

TEST_CASE("what is no time is refused", "[time]") {
    for (const char* text :
         {"",
          "soon",
          "tomorrow",
          "todayish",
          "today14:30",
          "2026",
          "2026-11",
          "22.11.2026",
          "2026-11-22T",
          "2026-11-22T1:00",
          "2026-11-22T11",
          "2026-11-22T11:00X",
          "2026-11-22T11:00+1",
          "2026-11-22T11:00+15:00",
          "2026-11-22T11:00.5Z",
          "2026-11-22T11:00:00.Z",
          "ago",
          " ago",
          "0s ago",
          "12:3",
          "-2026-11-22",
          "１２:００"}) {
        CAPTURE(text);
        CHECK(error_of(text) == TimeError::not_a_time);
    }
}

TEST_CASE("times are shown as near as they are", "[time]") {
    const Zone zone(madrid);
    const auto shown = [](std::string_view iso) { return format_time(Millis{read(iso)}, noon); };
    CHECK(shown("2026-11-22T13:30Z") == "today 14:30");
    CHECK(shown("2026-11-21T23:00Z") == "today 00:00");
    CHECK(shown("2026-11-21T22:59Z") == "yesterday 23:59");
    CHECK(shown("2026-11-23T08:00Z") == "tomorrow 09:00");
    CHECK(shown("2026-03-03T13:30Z") == "Tue 3 Mar 14:30");
    CHECK(shown("2025-03-03T13:30Z") == "3 Mar 2025 14:30");
}

TEST_CASE("machines get ISO 8601 in UTC that reads back", "[time]") {
    CHECK(engine::time_text(noon) == "2026-11-22T11:00:00.000Z");
    CHECK(engine::time_text(Millis{-1}) == "1969-12-31T23:59:59.999Z");
    CHECK(engine::time_text(Millis{INT64_MAX}) == "9999-12-31T23:59:59.999Z");
    CHECK(engine::time_text(Millis{INT64_MIN}) == "0000-01-01T00:00:00.000Z");
    for (const std::int64_t value : {0LL, 1LL, 951'782'399'999LL, 4'102'444'800'123LL}) {
        CHECK(read(engine::time_text(Millis{value})) == value);
    }
}
