#include "engine/schema/date.h"

using namespace vereda::engine;

namespace {

std::string read(std::string_view text, DateOrder order = DateOrder::day_first) {
    return read_date(text, {.order = order, .this_year = 2026}).value_or("none");
}

DateError error_of(std::string_view text) { return read_date(text, {}).error(); }

}  // namespace

TEST_CASE("dates in numbers are read", "[date]") {
    CHECK(read("2008-09-01") == "2008-09-01");
    CHECK(read("20080901") == "2008-09-01");
    CHECK(read(" 2008-9-1 ") == "2008-09-01");
    CHECK(read("2008/09/01") == "2008-09-01");
    CHECK(read("1/9/2008") == "2008-09-01");
    CHECK(read("01.09.2008") == "2008-09-01");
    CHECK(read("01-09-08") == "2008-09-01");
    CHECK(read("09/01/2008", DateOrder::month_first) == "2008-09-01");
    CHECK(read("9/1/08", DateOrder::month_first) == "2008-09-01");
    CHECK(read("٠١/٠٩/٢٠٠٨") == "2008-09-01");
}

TEST_CASE("dates with the month in letters are read", "[date]") {
    for (const char* text :
         {"01-Sep-08", "September 1, 2008", "1st September 2008", "Sept. 1 2008",
          "1 de septiembre de 2008", "1 septembre 2008", "1 de setembro de 2008",
          "1 сентября 2008 г.", "1 вересня 2008 року", "1 سبتمبر 2008", "1 SEP 2008", "1sep2008"}) {
        CAPTURE(text);
        CHECK(read(text) == "2008-09-01");
        CHECK(read(text, DateOrder::month_first) == "2008-09-01");
    }
    CHECK(read("1 août 1990") == "1990-08-01");
    CHECK(read("9 мая 1985") == "1985-05-09");
    CHECK(read("12 травня 1985") == "1985-05-12");
}

TEST_CASE("partial dates stay partial", "[date]") {
    CHECK(read("1976") == "1976");
    CHECK(read("1976-02") == "1976-02");
    CHECK(read("02/1976") == "1976-02");
    CHECK(read("Feb 1976") == "1976-02");
    CHECK(read("--02-03") == "--02-03");
    CHECK(read("3 February") == "--02-03");
    CHECK(read("--02-29") == "--02-29");
}

TEST_CASE("a time of day behind a date is left out", "[date]") {
    CHECK(read("2008-09-01 00:00:00") == "2008-09-01");
    CHECK(read("2008-09-01T00:00:00Z") == "2008-09-01");
    CHECK(read("1/9/2008 0:00") == "2008-09-01");
}

TEST_CASE("years of two digits are no later than this year", "[date]") {
    CHECK(read("01/02/26") == "2026-02-01");
    CHECK(read("01/02/27") == "1927-02-01");
    CHECK(read("01/02/00") == "2000-02-01");
}

TEST_CASE("years of two digits are refused while nobody says which year it is", "[date]") {
    CHECK(error_of("01/02/26") == DateError::not_a_date);
}

TEST_CASE("days that no calendar has are refused", "[date]") {
    for (const char* text :
         {"2008-25-1", "2008-02-30", "2007-02-29", "31/4/2008", "20081332", "2008-00-10",
          "2008-10-00", "0/1/2008", "45/45/2008", "1900-02-29", "1976-13", "--13-01", "0000"}) {
        CAPTURE(text);
        CHECK(read(text) == "none");
    }
    CHECK(read("2008-02-29") == "2008-02-29");
    CHECK(read("2000-02-29") == "2000-02-29");
    CHECK(error_of("2008-25-1") == DateError::no_such_day);
}

TEST_CASE("what is no date is refused", "[date]") {
    for (const char* text :
         {"", "soon", "12", "1/2/3/4", "123456789012345678901234567890", "September", "1-2",
          "10:30", "--", "2008-Sept-ember", "200809011", "1/2/12345"}) {
        CAPTURE(text);
        CHECK(error_of(text) == DateError::not_a_date);
    }
}

TEST_CASE("a date tells its order when one number is above twelve", "[date]") {
    CHECK(proven_order("25/12/1990") == DateOrder::day_first);
    CHECK(proven_order("12/25/90") == DateOrder::month_first);
    CHECK_FALSE(proven_order("03/04/1990"));
    CHECK_FALSE(proven_order("1990-12-25"));
    CHECK_FALSE(proven_order("25/25/1990"));
    CHECK(is_ambiguous_date("03/04/1990"));
    CHECK_FALSE(is_ambiguous_date("03/03/1990"));
    CHECK_FALSE(is_ambiguous_date("25/12/1990"));
    CHECK_FALSE(is_ambiguous_date("1990-04-03"));
}

TEST_CASE("a date is made of the parts that are known", "[date]") {
    CHECK(make_date(1976, 2, 3) == "1976-02-03");
    CHECK(make_date(1976, 2, 0) == "1976-02");
    CHECK(make_date(1976, 0, 0) == "1976");
    CHECK(make_date(0, 2, 3) == "--02-03");
    CHECK_FALSE(make_date(1976, 0, 3).has_value());
    CHECK_FALSE(make_date(0, 2, 0).has_value());
    CHECK_FALSE(make_date(0, 0, 0).has_value());
    CHECK_FALSE(make_date(76, 1, 1).has_value());
}
