#include <catch2/catch.hpp>

#include "engine/queries/record_ids.h"
#include "engine/queries/workspace_status.h"
#include "engine/sheets/sheet_import.h"
#include "engine/text/compose.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

// One word as two keyboards make it.
const std::string whole = "Jos\u00E9";
const std::string apart = "Jose\u0301";

}  // namespace

TEST_CASE("composed text is the same however it was typed, and nothing else changes", "[text]") {
    CHECK(composed(apart) == whole);
    CHECK(composed(whole) == whole);
    CHECK(composed("\u1112\u1161\u11AB") == "\uD55C");
    CHECK(composed("\uFB01 \u00BD \u200D plain") == "\uFB01 \u00BD \u200D plain");  // not NFKC
    CHECK(composed("e\u0301 \xff") == "e\u0301 \xff");
    CHECK(composed("").empty());
}

TEST_CASE("values that look the same are no conflict", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    Desk& omar = office.join("Omar");
    const LocalDot rosa = add_person(carla, "Rosa", "Paz");
    office.carry_all();
    const LocalDot there = Queries(*omar).contacts({}).front().id;
    REQUIRE(
        People(*carla).edit_contact(rosa, {.set = {{"city", whole}}, .add = {{"tags", whole}}}));
    REQUIRE(
        People(*omar).edit_contact(there, {.set = {{"city", apart}}, .add = {{"tags", apart}}}));
    office.carry_all();
    CHECK(Queries(*carla).conflicts().empty());
    CHECK(shown(carla, rosa, "city") == whole);
    CHECK(shown(carla, rosa, "tags") == whole);
    REQUIRE(People(*carla).edit_contact(rosa, {.remove = {{"tags", apart}}}));
    const auto same = People(*carla).edit_contact(rosa, {.set = {{"city", apart}}});
    REQUIRE_FALSE(same);
    CHECK(same.error().problem == ActionProblem::nothing_to_change);
}

TEST_CASE("keys and sources that look the same name one contact", "[people][import]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const auto first =
        people.add_contact(desk.north, {.set = {{"name", whole}}, .key = RowKey{whole, whole}});
    const auto second =
        people.add_contact(desk.north, {.set = {{"name", apart}}, .key = RowKey{apart, apart}});
    REQUIRE(first);
    REQUIRE(second);
    CHECK(second->id == first->id);
    CHECK_FALSE(second->changed);
    const std::string rows = "id,name\n" + apart + "," + apart + "\n";
    auto sheet = Sheet::open(rows, {.key_column = "id"});
    REQUIRE(sheet);
    const auto result = import_sheet(*desk, desk.north, *sheet, {.source = apart});
    REQUIRE(result);
    CHECK(result->unchanged == 1);
    RecordIds ids(*desk);
    CHECK(ids.find("key:" + apart, RecordKind::contact) == first->id);
    CHECK(ids.find("key:" + apart + "/" + whole, RecordKind::contact) == first->id);
}

TEST_CASE("notes, free words and channels are composed as well", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk, {.new_channels = true});
    const LocalDot rosa = add_person(desk, "Rosa", "Paz");
    const auto visit =
        people.add_interaction(rosa, {.kind = apart, .outcome = apart, .note = apart});
    REQUIRE(visit);
    const auto view = Queries(*desk).interaction(*visit);
    REQUIRE(view);
    CHECK(view->what.kind == whole);
    CHECK(view->what.outcome == whole);
    CHECK(view->what.note == whole);
    const auto same = people.correct_interaction(*visit, {.note = apart});
    REQUIRE_FALSE(same);
    CHECK(same.error().problem == ActionProblem::nothing_to_change);
    REQUIRE(people.edit_contact(rosa, {.consents = {{apart, true}}}));
    const auto again = people.edit_contact(rosa, {.consents = {{whole, true}}});
    REQUIRE_FALSE(again);
    CHECK(again.error().problem == ActionProblem::nothing_to_change);
}
