#include <catch2/catch.hpp>
#include <limits>

#include "engine/audit/history.h"
#include "engine/schema/value_text.h"
#include "engine/sheets/sheet_import.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

std::vector<std::string> types(const std::vector<ActionView>& actions) {
    std::vector<std::string> found;
    for (const ActionView& action : actions) found.push_back(action.type);
    return found;
}

}  // namespace

TEST_CASE(
    "a contact's history tells who did what, when, and what it replaced", "[people][history]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    office.clock.advance_ms(1000);
    const auto visit =
        People(*desk).add_interaction(ana, {.kind = "door", .outcome = "spoke", .note = "dog"});
    REQUIRE(visit);
    office.carry_all();
    const LocalDot there = Queries(*other).contacts({}).front().id;
    office.clock.advance_ms(1000);
    REQUIRE(People(*other).edit_contact(
        there, {.set = {{"given_name", "Anna"}, {"district", "East"}}, .add = {{"tags", "cook"}}}));
    office.carry_all();
    office.clock.advance_ms(1000);
    REQUIRE(People(*desk).correct_interaction(*visit, {.outcome = "refused"}));
    office.clock.advance_ms(1000);
    REQUIRE(People(*desk).edit_contact(ana, {.consents = {{"sms", false}}}));
    office.clock.advance_ms(1000);
    REQUIRE(People(*desk).lift_consent(ana, "sms", "signed form"));
    office.clock.advance_ms(1000);
    REQUIRE(People(*desk).retract_contact(ana));

    ActionHistory history(*desk);
    const std::vector<ActionView> actions = history.of_contact(ana);
    CHECK(
        types(actions) == std::vector<std::string>{
                              "contact.create", "interaction.create", "contact.edit",
                              "interaction.edit", "contact.edit", "consent.lift",
                              "contact.retract"});
    const ActionView& edit = actions[2];
    CHECK(edit.author.member == "Omar");
    CHECK(edit.author.device == "Omar's laptop");
    CHECK(edit.at == writing_time({1'780'000'002'000}));
    CHECK(edit.status == EntryStatus::applied);
    REQUIRE(edit.steps.size() == 3);
    CHECK(edit.steps[0].field == "given_name");
    CHECK(edit.steps[0].value == "Anna");
    CHECK(edit.steps[0].replaced == std::vector<std::string>{"Ana"});
    CHECK(edit.steps[1].replaced.empty());
    CHECK(edit.steps[2].action == "add");
    CHECK(edit.steps[2].value == "cook");
    CHECK(actions[3].steps.front().replaced == std::vector<std::string>{"spoke"});
    CHECK(actions[4].steps.front().field == "consent sms");
    CHECK(actions[4].steps.front().action == "withdrawn");
    CHECK(actions[5].evidence == "signed form");
}

TEST_CASE("a history reads blocks and open entries alike", "[people][history]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "East"}}}));
    ActionHistory history(*desk);
    const auto open = history.of_contact(ana);
    desk->close_blocks();
    const auto closed = history.of_contact(ana);
    REQUIRE(closed.size() == 2);
    CHECK(types(closed) == types(open));
    CHECK(closed[1].steps[0].value == open[1].steps[0].value);
    CHECK(closed[1].at == open[1].at);
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "West"}}}));
    const auto both = history.of_contact(ana);
    REQUIRE(both.size() == 3);
    CHECK(both[2].steps[0].replaced == std::vector<std::string>{"East"});
}

TEST_CASE("the history of a row on two laptops is that of both records", "[people][history]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    for (Desk* each : {&desk, &other}) {
        auto sheet = Sheet::open("id,first name\n1,Ana\n", {.key_column = "id", .this_year = 2026});
        REQUIRE(sheet);
        REQUIRE(import_sheet(**each, each->north, *sheet, {.source = "roll"}));
        const LocalDot ana = Queries(**each).contacts({}).front().id;
        REQUIRE(People(**each).add_interaction(ana, {.kind = "door", .outcome = "spoke"}));
    }
    office.carry_all();
    const LocalDot ana = Queries(*desk).contacts({}).front().id;
    CHECK(Queries(*desk).contact(ana)->members.size() == 2);
    CHECK(Queries(*desk).contact(ana)->interactions == 2);
    ActionHistory history(*desk);
    const auto actions = history.of_contact(ana);
    CHECK(actions.size() == 4);
    CHECK(actions.front().source == "roll");
}

TEST_CASE("an action without authority is in the history and says so", "[people][history]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& auditor = office.join("Aya", protocol::Role::auditor);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    office.carry_all();
    // A program that does not ask the roster: the engine's own People does.
    const LocalDot there = Queries(*auditor).contacts({}).front().id;
    auditor->append(
        auditor.north, {.type = protocol::EventType::retract,
                        .record = there,
                        .body = protocol::encode_retract()});
    office.carry_all();
    CHECK_FALSE(Queries(*desk).contact(ana)->retracted);
    ActionHistory history(*desk);
    const auto actions = history.of_contact(ana);
    REQUIRE(actions.size() == 2);
    CHECK(actions[1].type == "contact.retract");
    CHECK(actions[1].status == EntryStatus::no_authority);
    CHECK(actions[1].author.member == "Aya");
}

TEST_CASE("a time beyond what a time can be is the time of writing", "[people][history]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const protocol::InteractionCreate event{
        .kind = {1, {}}, .at_offset_ms = std::numeric_limits<std::int64_t>::max()};
    const LocalDot visit = desk->append(
        desk.north, {.type = protocol::EventType::interaction_create,
                     .parent = ana,
                     .body = protocol::encode(event)});
    const protocol::Millis written = writing_time(office.clock.now());
    CHECK(Queries(*desk).interaction(visit)->what.at_ms == written.value);
    const auto actions = ActionHistory(*desk).of_contact(ana);
    REQUIRE(actions.size() == 2);
    const std::vector<Step>& steps = actions[1].steps;
    REQUIRE(steps.back().field == "at");
    CHECK(steps.back().value == time_text(written));
}

TEST_CASE("only a lift that names a withdrawal says that it ended one", "[people][history]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const auto lift = [&](std::vector<protocol::Reference> over) {
        const protocol::ConsentLift event{
            .channel = {3, {}}, .over = {.dots = std::move(over)}, .evidence = "said so"};
        office.clock.advance_ms(1000);
        desk->append(
            desk.north, {.type = protocol::EventType::consent_lift,
                         .record = ana,
                         .body = protocol::encode(event)});
    };
    lift({});
    lift({{0, ana.seq()}});
    office.clock.advance_ms(1000);
    const auto no = People(*desk).edit_contact(ana, {.consents = {{"sms", false}}});
    REQUIRE(no);
    lift({{0, no->entry.seq()}});
    const auto actions = ActionHistory(*desk).of_contact(ana);
    REQUIRE(actions.size() == 5);
    CHECK(actions[1].steps[0].replaced.empty());
    CHECK(actions[2].steps[0].replaced.empty());
    CHECK(actions[4].steps[0].action == "lifted");
    CHECK(actions[4].steps[0].replaced == std::vector<std::string>{"withdrawn"});
}
