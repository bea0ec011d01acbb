#include "engine/sheets/cell_text.h"

#include <catch2/catch.hpp>

#include "engine/sheets/formula.h"
#include "engine/sheets/sheet_columns.h"

using namespace vereda::engine;

namespace {

using Texts = std::vector<std::string>;

const Field& named(std::string_view name) {
    const Field* found = find_field(FieldOwner::contact, name);
    REQUIRE(found != nullptr);
    return *found;
}

Texts read(std::string_view name, std::string_view cell) {
    return values_in_cell(named(name), clean_cell(cell), {});
}

/// As an export writes them, and what an import makes of that.
Texts back(std::string_view name, const Texts& values) {
    return read(name, shown_as_text(cell_text(named(name), values)));
}

}  // namespace

TEST_CASE("values that come back as they are stand plainly in their cell", "[cell]") {
    CHECK(cell_text(named("tags"), {"river", "youth"}) == "river; youth");
    CHECK(cell_text(named("name"), {"Rosa \"la Nena\" Pérez"}) == "Rosa \"la Nena\" Pérez");
    CHECK(cell_text(named("name"), {"\"la Nena"}) == "\"la Nena");
    CHECK(cell_text(named("notes"), {"one\ntwo"}) == "one\ntwo");
    CHECK(cell_text(named("birth_date"), {"1990-02"}) == "1990-02");
    CHECK(
        cell_text(named("phones"), {"+34600123456", "+34600123457"}) ==
        "+34600123456; +34600123457");
}

TEST_CASE("values that would not come back are quoted and come back", "[cell]") {
    CHECK(cell_text(named("tags"), {"rent; heating", "youth"}) == "\"rent; heating\"; \"youth\"");
    CHECK(cell_text(named("notes"), {std::string("a\0b\x01", 4)}) == "\"a\\u0000b\\u0001\"");
    const Texts tags[] = {{"a;b"},   {"a,b", "c|d"}, {"\"a\"; \"b;c\""},
                          {"'=1"},   {"a", "'=1"},   {"\u00A0a"},
                          {"\\\";"}, {"\"VIP\""},    {"\"\\u0001\""}};
    for (const Texts& values : tags) {
        CAPTURE(cell_text(named("tags"), values));
        CHECK(back("tags", values) == values);
    }
    const Texts notes[] = {{"\u200Bx\uFEFF"}, {"\"\\u0001\""}, {"\"a\""},
                           {"a\x0b"},         {"'"},           {"'=x"}};
    for (const Texts& values : notes) {
        CAPTURE(cell_text(named("notes"), values));
        CHECK(back("notes", values) == values);
    }
    CHECK(back("emails", {"none"}) == Texts{"none"});
    CHECK(
        back("phones", {"ask her mother", "+34600123456"}) ==
        Texts{"ask her mother", "+34600123456"});
    CHECK(back("preferred_channel", {"correo"}) == Texts{"correo"});
}

TEST_CASE("quotes that no export wrote are part of the value", "[cell]") {
    CHECK(read("name", "\"la Nena\"") == Texts{"\"la Nena\""});
    CHECK(read("tags", "\"river\"; \"youth\"") == Texts{"\"river\"", "\"youth\""});
    CHECK(read("tags", "\"\"") == Texts{"\"\""});
    CHECK(read("notes", "\"a\\u0041\"") == Texts{"\"a\\u0041\""});
    CHECK(read("notes", "\"a\x01") == Texts{"\"a\x01"});
    CHECK(read("notes", "\"a\\") == Texts{"\"a\\"});
}

TEST_CASE("no quoted cell begins as a formula does", "[cell]") {
    for (const std::string start : {"=1;2", "@x;y", "-1,2", "\t;"})
        CHECK_FALSE(could_be_formula(cell_text(named("tags"), {start})));
}
