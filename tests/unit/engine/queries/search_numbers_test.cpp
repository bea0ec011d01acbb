#include <catch2/catch.hpp>

#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

LocalDot add(Desk& desk, const std::string& name, const std::string& phone) {
    const auto added =
        People(*desk).add_contact(desk.north, {.set = {{"name", name}, {"phone", phone}}});
    REQUIRE(added);
    return added->id;
}

std::vector<std::string> found(Desk& desk, const std::string& words) {
    std::vector<std::string> names;
    for (const ContactLine& line : Queries(*desk).search(words)) names.push_back(line.name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a number is found however its digits are grouped", "[people][queries][phone]") {
    Office office;
    Desk& desk = office.coordinator();
    add(desk, "Rosa", "+57 601 555 0101");
    add(desk, "Omar", "+57 601 555 0102");
    for (const std::string words :
         {"+57 601 555 0101", "+576015550101", "576015550101", "601 555 0101", "6015550101",
          "555-0101", "555.0101", "(601) 555 0101", "5550101", "0101", "0057 601 555 0101",
          "0 601 555 0101", "06015550101", "+57 (0)601 5550101", "+57 601 555 0101 rosa",
          "rosa 555 0101", "rosa 601 555 0101", "٦٠١ ٥٥٥ ٠١٠١", "۵۵۵۰۱۰۱"}) {
        INFO(words);
        CHECK(found(desk, words) == Names{"Rosa"});
    }
    for (const std::string words :
         {"555 0103", "omar 555 0101", "101", "5555 0101", "+58 601 555 0101", "1010555"}) {
        INFO(words);
        CHECK(found(desk, words).empty());
    }
    CHECK(found(desk, "57 601 555") == Names{"Omar", "Rosa"});
}

TEST_CASE("a number that is no number of a country is found too", "[people][queries][phone]") {
    Office office;
    Desk& desk = office.coordinator();
    add(desk, "Rosa", "300 123 4567");
    add(desk, "Omar", "٣٠٠ ١٢٣ ٤٥٦٨");
    add(desk, "Lina", "020 7946 0958 ext 5");
    for (const std::string words :
         {"3001234567", "300 123 4567", "300 1234567", "4567", "123 4567"}) {
        INFO(words);
        CHECK(found(desk, words) == Names{"Rosa"});
    }
    CHECK(found(desk, "3001234568") == Names{"Omar"});
    CHECK(found(desk, "20 79460958") == Names{"Lina"});
}

TEST_CASE("digits in names and tags are words as well", "[people][queries][phone]") {
    Office office;
    Desk& desk = office.coordinator();
    add(desk, "Brigada 4512", "+57 601 555 0101");
    add(desk, "Rosa", "+57 601 555 4512");
    CHECK(found(desk, "brigada 45") == Names{"Brigada 4512"});
    CHECK(found(desk, "4512") == Names{"Brigada 4512", "Rosa"});
    CHECK(found(desk, "4512 555 0101") == Names{"Brigada 4512"});
    CHECK(found(desk, "4512 6015550101 brigada") == Names{"Brigada 4512"});
}

TEST_CASE("a number is found while the contact has it, and no longer", "[people][queries][phone]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot rosa = add(desk, "Rosa", "+57 601 555 0101");
    REQUIRE(People(*desk).edit_contact(
        rosa, {.set = {{"phone", "+57 601 555 0199"}}, .add = {{"phone", "300 123 4567"}}}));
    CHECK(found(desk, "5550101").empty());
    CHECK(found(desk, "5550199") == Names{"Rosa"});
    CHECK(found(desk, "1234567") == Names{"Rosa"});
    office.reopen(desk);
    CHECK(found(desk, "1234567") == Names{"Rosa"});
    REQUIRE(People(*desk).edit_contact(rosa, {.set = {{"phones", ""}}}));
    CHECK(found(desk, "1234567").empty());
}

TEST_CASE("numbers in notes are found by their words", "[people][queries][phone]") {
    Office office({.index_notes = true});
    Desk& desk = office.coordinator();
    const LocalDot rosa = add_person(desk, "Rosa", "Paz");
    REQUIRE(People(*desk).add_interaction(
        rosa, {.kind = "call", .note = "her brother has 300 123 4567"}));
    CHECK(found(desk, "300 123 4567") == Names{"Rosa Paz"});
    CHECK(found(desk, "brother 300") == Names{"Rosa Paz"});
}

TEST_CASE("a query of nothing but numbers ends", "[people][queries][phone]") {
    Office office;
    Desk& desk = office.coordinator();
    add(desk, "Rosa", "+57 601 555 0101");
    std::string words;
    for (int i = 0; i < 300; ++i) words += "12345 ";
    CHECK(found(desk, words).empty());
}
