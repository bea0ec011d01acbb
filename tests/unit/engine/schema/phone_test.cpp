#include "engine/schema/phone.h"

#include <fstream>
#include <sstream>

#include "engine/sheets/csv_reader.h"

using namespace vereda::engine;

TEST_CASE("a number is the same however it is typed", "[phone]") {
    for (const char* written :
         {"600 123 456", "600123456", "(600) 123-456", "+34 600 123 456", "0034600123456",
          " 600.12.34.56\n", "\u0666\u0660\u0660 \u0661\u0662\u0663 \u0664\u0665\u0666"}) {
        CAPTURE(written);
        CHECK(normalise_phone(written, "ES") == "+34600123456");
    }
    CHECK(normalise_phone("600 123 456", "es") == "+34600123456");
}

TEST_CASE("numbers of the countries we work in are normalised", "[phone]") {
    CHECK(normalise_phone("8 (912) 345-67-89", "RU") == "+79123456789");
    CHECK(normalise_phone("050 123 45 67", "UA") == "+380501234567");
    CHECK(normalise_phone("0612-345678", "MA") == "+212612345678");
    CHECK(normalise_phone("0803 123 4567", "NG") == "+2348031234567");
    CHECK(normalise_phone("064 1234567", "RS") == "+381641234567");
    CHECK(normalise_phone("(202) 555-0123", "US") == "+12025550123");
}

TEST_CASE("a number with + needs no region", "[phone]") {
    CHECK(normalise_phone("+381 64 123 4567", "") == "+381641234567");
    CHECK(normalise_phone("064 123 4567", "") == "064 123 4567");
}

TEST_CASE("an extension is kept with its number", "[phone]") {
    CHECK(normalise_phone("+34 912 345 678 ext. 5", "") == "+34912345678;ext=5");
    CHECK(normalise_phone("+34912345678;ext=5", "ES") == "+34912345678;ext=5");
}

TEST_CASE("what is doubtful stays as written", "[phone]") {
    for (const char* written :
         {"555-1234", "999-4445", "ask for Ana", "12", "+999 12345678901234567", "0"}) {
        CAPTURE(written);
        CHECK(normalise_phone(written, "ES") == written);
    }
    CHECK(normalise_phone("  call mum ", "ES") == "call mum");
    CHECK(normalise_phone("", "ES").empty());
    CHECK(normalise_phone(std::string(300, '1'), "ES") == std::string(300, '1'));
}

TEST_CASE("a normalised number stays as it is", "[phone]") {
    for (const char* number : {"+34600123456", "+79123456789", "+34912345678;ext=5", "555-1234"}) {
        CHECK(normalise_phone(number, "US") == number);
    }
}

TEST_CASE("an example of every region and type becomes its country code and number", "[phone]") {
    std::ostringstream text;
    text << std::ifstream(VEREDA_TEST_DATA "/data/phones/example_numbers.csv").rdbuf();
    const std::string content = text.str();
    CsvReader reader(content);
    CsvRow row;
    REQUIRE(reader.next(row).value());
    int normal = 0;
    int all = 0;
    while (reader.next(row).value()) {
        if (row.fields.at(0) == "001") continue;  // numbers of no country
        const std::string found = normalise_phone(row.fields.at(3), row.fields.at(0));
        normal += found.starts_with("+" + row.fields.at(1)) ? 1 : 0;
        ++all;
    }
    CAPTURE(normal, all);
    CHECK(all > 1000);
    CHECK(normal * 100 >= all * 99);
}

TEST_CASE("regions are known by their two letters", "[phone]") {
    CHECK(is_phone_region("ES"));
    CHECK(is_phone_region("rs"));
    CHECK_FALSE(is_phone_region("XX"));
    CHECK_FALSE(is_phone_region(""));
    CHECK_FALSE(is_phone_region("Spain"));
}
