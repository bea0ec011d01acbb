#include "engine/sheets/sheet_import.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "engine/queries/workspace_status.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

ImportResult import_text(
    Desk& desk, const std::string& text, SheetOptions how = {.key_column = "id"},
    ImportOptions options = {.source = "roll"}) {
    how.this_year = 2026;
    auto sheet = Sheet::open(text, std::move(how));
    REQUIRE(sheet);
    const auto result = import_sheet(*desk, desk.north, *sheet, options);
    REQUIRE(result);
    return *result;
}

ImportResult import_keyless(Desk& desk, const std::string& text) {
    return import_text(desk, text, {});
}

LocalDot keyed(Desk& desk, const std::string& key) {
    const auto found = desk->projection().contacts().find_key(desk.north, "roll", key);
    REQUIRE(found);
    return *found;
}

std::set<std::string> live(Desk& desk, LocalDot contact, const std::string& field) {
    std::set<std::string> found;
    const auto view = Queries(*desk).contact(contact);
    REQUIRE(view);
    for (const FieldView& each : view->fields) {
        if (each.name != field) continue;
        for (const ValueView& value : each.values) found.insert(value.text);
    }
    return found;
}

bool given(Desk& desk, LocalDot contact, const std::string& channel) {
    const auto view = Queries(*desk).contact(contact);
    REQUIRE(view);
    for (const ConsentView& consent : view->consents) {
        if (consent.channel == channel) return consent.given;
    }
    FAIL("nothing is known of " << channel);
    return false;
}

const std::string two_people =
    "id,first name,last name,district\n"
    "1,Ana,Ruiz,East\n"
    "2,Bo,Lind,West\n";

}  // namespace

TEST_CASE("importing the same sheet twice adds nothing", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    const ImportResult first = import_text(desk, two_people);
    CHECK(first.added == 2);
    const std::uint64_t entries = unsynced_entries(*desk);
    const ImportResult second = import_text(desk, two_people);
    CHECK(second.added == 0);
    CHECK(second.updated == 0);
    CHECK(second.unchanged == 2);
    CHECK(unsynced_entries(*desk) == entries);
}

TEST_CASE(
    "a sheet without keys adds nothing the second time, and twins stay two", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    const std::string sheet =
        "first name,last name,district\nAna,Ruiz,East\nAna,Ruiz,East\nBo,Lind,West\n";
    CHECK(import_keyless(desk, sheet).added == 3);
    CHECK(import_keyless(desk, sheet).unchanged == 3);
    CHECK(status_of(*desk).contacts == 3);
    const std::string longer = sheet + "Ana,Ruiz,East\nCy,Twombly,North\n";
    const ImportResult again = import_keyless(desk, longer);
    CHECK(again.added == 2);
    CHECK(again.unchanged == 3);
}

TEST_CASE("what a person edited since stands when the same sheet comes again", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    import_text(desk, two_people);
    const LocalDot ana = keyed(desk, "1");
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "Harbour"}}}));
    const ImportResult again = import_text(desk, two_people);
    CHECK(again.unchanged == 2);
    CHECK(again.conflicts == 0);
    CHECK(shown(desk, ana, "district") == "Harbour");
}

TEST_CASE("a cell that changed where a person edited is a visible conflict", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    import_text(desk, two_people);
    const LocalDot ana = keyed(desk, "1");
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "Harbour"}}}));
    const ImportResult again =
        import_text(desk, "id,first name,last name,district\n1,Ana,Ruiz,South\n2,Bo,Lind,West\n");
    CHECK(again.updated == 1);
    CHECK(again.unchanged == 1);
    CHECK(again.conflicts == 1);
    CHECK(live(desk, ana, "district") == std::set<std::string>{"Harbour", "South"});
    REQUIRE(Queries(*desk).conflicts().size() == 1);
    REQUIRE(People(*desk).settle_conflict(ana, "district", "Harbour"));
    CHECK(
        import_text(desk, "id,first name,last name,district\n1,Ana,Ruiz,South\n2,Bo,Lind,West\n")
            .unchanged == 2);
    CHECK(shown(desk, ana, "district") == "Harbour");
}

TEST_CASE("a cell that changed where nobody edited is taken over", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    import_text(desk, two_people);
    const ImportResult again =
        import_text(desk, "id,first name,last name,district\n1,Ana,Ruiz,South\n2,Bo,Lind,West\n");
    CHECK(again.updated == 1);
    CHECK(again.conflicts == 0);
    CHECK(shown(desk, keyed(desk, "1"), "district") == "South");
    // And back: what the sheet said last counts, not what it said ever.
    CHECK(import_text(desk, two_people).updated == 1);
    CHECK(shown(desk, keyed(desk, "1"), "district") == "East");
}

TEST_CASE("a person who wrote what the sheet says now makes no conflict", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    import_text(desk, two_people);
    REQUIRE(People(*desk).edit_contact(keyed(desk, "1"), {.set = {{"district", "South"}}}));
    const ImportResult again =
        import_text(desk, "id,first name,last name,district\n1,Ana,Ruiz,South\n2,Bo,Lind,West\n");
    CHECK(again.conflicts == 0);
    CHECK(shown(desk, keyed(desk, "1"), "district") == "South");
}

TEST_CASE("two laptops that import one sheet make no duplicates", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    import_text(desk, two_people);
    import_text(other, two_people);
    REQUIRE(People(*other).edit_contact(keyed(other, "2"), {.set = {{"district", "Quay"}}}));
    office.carry_all();
    for (Desk* each : {&desk, &other}) {
        CHECK(status_of(**each).contacts == 2);
        CHECK(Queries(**each).contacts({}).size() == 2);
        // The edit had not seen the other laptop's row, so both values show.
        CHECK(live(*each, keyed(*each, "2"), "district") == std::set<std::string>{"Quay", "West"});
    }
    CHECK(status_of(*desk).digest == status_of(*other).digest);
    CHECK(import_text(desk, two_people).unchanged == 2);
    REQUIRE(People(*desk).settle_conflict(keyed(desk, "2"), "district", "Quay"));
    CHECK(import_text(desk, two_people).unchanged == 2);
    office.carry_all();
    CHECK(shown(other, keyed(other, "2"), "district") == "Quay");
    CHECK(status_of(*desk).digest == status_of(*other).digest);
}

TEST_CASE("an import never ends a withdrawal", "[import][people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    const std::string sheet = "id,first name,sms consent\n1,Ana,yes\n";
    CHECK(import_text(desk, sheet).added == 1);
    const LocalDot ana = keyed(desk, "1");
    CHECK(given(desk, ana, "sms"));
    REQUIRE(People(*desk).edit_contact(ana, {.consents = {{"sms", false}}}));
    const ImportResult again = import_text(desk, sheet);
    CHECK(again.kept_withdrawn == 1);
    CHECK(again.unchanged == 1);
    CHECK_FALSE(given(desk, ana, "sms"));
}

TEST_CASE("a lift stands when the sheet that withdrew comes again", "[import][people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    const std::string sheet = "id,first name,sms consent\n1,Ana,yes\n";
    const std::string withdrawing = "id,first name,sms consent\n1,Ana,no\n";
    import_text(desk, sheet);
    const LocalDot ana = keyed(desk, "1");
    office.clock.advance_ms(1000);
    CHECK(import_text(desk, withdrawing).updated == 1);
    CHECK_FALSE(given(desk, ana, "sms"));
    office.clock.advance_ms(1000);
    REQUIRE(People(*desk).lift_consent(ana, "sms", "signed form"));
    CHECK(import_text(desk, withdrawing).unchanged == 1);
    CHECK(given(desk, ana, "sms"));
}

TEST_CASE("a row of somebody retracted is named and stays hidden", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    import_text(desk, two_people);
    const LocalDot bo = keyed(desk, "2");
    REQUIRE(People(*desk).retract_contact(bo));
    const ImportResult again =
        import_text(desk, "id,first name,last name,district\n1,Ana,Ruiz,East\n2,Bo,Lind,South\n");
    CHECK(again.updated == 1);
    REQUIRE(again.retracted.size() == 1);
    CHECK(again.retracted.front().line == 3);
    CHECK(again.retracted.front().contact == bo);
    CHECK(Queries(*desk).contacts({}).size() == 1);
    REQUIRE(People(*desk).restore_contact(bo));
    CHECK(shown(desk, bo, "district") == "South");
}

TEST_CASE("elements that the sheet no longer has go, a person's own stay", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    import_text(desk, "id,first name,tags\n1,Ana,driver; cook\n");
    const LocalDot ana = keyed(desk, "1");
    REQUIRE(People(*desk).edit_contact(ana, {.add = {{"tags", "loud"}}}));
    CHECK(import_text(desk, "id,first name,tags\n1,Ana,cook; nurse\n").updated == 1);
    CHECK(live(desk, ana, "tags") == std::set<std::string>{"cook", "loud", "nurse"});
}

TEST_CASE("a dry run says what would happen and writes nothing", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    import_text(desk, two_people);
    const std::uint64_t entries = unsynced_entries(*desk);
    const ImportResult dry = import_text(
        desk, "id,first name,last name,district\n1,Ana,Ruiz,South\n3,Cy,Twombly,North\n",
        {.key_column = "id"}, {.source = "roll", .dry_run = true});
    CHECK(dry.added == 1);
    CHECK(dry.updated == 1);
    CHECK(unsynced_entries(*desk) == entries);
    CHECK(shown(desk, keyed(desk, "1"), "district") == "East");
}

TEST_CASE(
    "rows that cannot be read are rejected with their line, the others taken", "[import][people]") {
    Office office;
    Desk& desk = office.coordinator();
    const ImportResult result = import_text(
        desk, "id,first name,birth date\n1,Ana,1990-02-31\n2,Bo,1990-02-03\n2,Bo,1990-02-03\n" +
                  ("3," + std::string(40'000, 'x')) + ",\n");
    CHECK(result.added == 1);
    REQUIRE(result.rejected.size() == 3);
    CHECK(result.rejected[0].line == 2);
    CHECK(result.rejected[1].line == 4);
    CHECK(result.rejected[2].line == 5);
}

TEST_CASE("an auditor imports nothing", "[import][people]") {
    Office office;
    Desk& auditor = office.join("Aya", protocol::Role::auditor);
    auto sheet = Sheet::open(two_people, {.this_year = 2026});
    REQUIRE(sheet);
    const auto refused = import_sheet(*auditor, auditor.north, *sheet, {.source = "roll"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().problem == ActionProblem::no_authority);
}

TEST_CASE("11,540 voters come in, and again, and add nothing the second time", "[import][people]") {
    std::ifstream file(std::string(VEREDA_TEST_DATA) + "/data/osdi/fake_data.csv");
    std::ostringstream text;
    text << file.rdbuf();
    const std::string sheet = text.str();
    Office office;
    Desk& desk = office.coordinator();
    const ImportResult first = import_keyless(desk, sheet);
    const ImportResult second = import_keyless(desk, sheet);
    CHECK(first.added + first.rejected.size() == 11'540);
    CHECK(first.rejected.empty());
    CHECK(second.added == 0);
    CHECK(second.unchanged == first.added);
    const StateDigest imported = status_of(*desk).digest;
    desk->close_blocks();
    office.reopen(desk);
    CHECK(status_of(*desk).digest == imported);
}

TEST_CASE(
    "an import that is stopped has what it read, and the next one does the rest", "[import]") {
    Office office;
    Desk& desk = office.coordinator();
    std::string text = "id,name\n";
    for (int row = 0; row < 25; ++row) {
        text += std::to_string(row) + ",Rosa " + std::to_string(row) + "\n";
    }
    std::uint64_t in = 0;
    int asked = 0;
    const ImportResult stopped = import_text(
        desk, text, {.key_column = "id"},
        {.source = "roll",
         .rows_per_commit = 10,
         .on_commit = [&in](std::uint64_t rows) { in = rows; },
         .is_to_stop = [&asked] { return ++asked == 17; }});
    CHECK(stopped.stopped);
    CHECK(stopped.added == 17);
    CHECK(in == 17);
    const ImportResult rest = import_text(desk, text);
    CHECK_FALSE(rest.stopped);
    CHECK(rest.added == 8);
    CHECK(rest.unchanged == 17);
}
