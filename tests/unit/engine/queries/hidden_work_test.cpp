#include "engine/queries/hidden_work.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

/// Ana, known on the coordinator's laptop and on Omar's.
struct TwoDesks {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    LocalDot ana = add_person(desk, "Ana", "Ruiz");
    LocalDot there;

    TwoDesks() {
        office.carry_all();
        there = Queries(*other).contacts({}).front().id;
    }

    /// What the owner of `to` is told of when everything of `from` has come, and is told of once.
    HiddenRecords all_told_after_carrying(Desk& from, Desk& to) {
        REQUIRE(office.carry(from, to) > 0);
        HiddenRecords told = HiddenWork(*to).to_tell();
        HiddenWork(*to).note_told(told);
        CHECK(HiddenWork(*to).to_tell().empty());
        return told;
    }
    /// The same of contacts.
    std::vector<LocalDot> told_after_carrying(Desk& from, Desk& to) {
        HiddenRecords told = all_told_after_carrying(from, to);
        CHECK(told.interactions.empty());
        return std::move(told.contacts);
    }
    /// And of interactions.
    std::vector<LocalDot> visits_told_after_carrying(Desk& from, Desk& to) {
        HiddenRecords told = all_told_after_carrying(from, to);
        CHECK(told.contacts.empty());
        return std::move(told.interactions);
    }
    LocalDot visit() const {
        const auto added =
            People(*other).add_interaction(there, {.kind = "door", .outcome = "spoke"});
        REQUIRE(added);
        return *added;
    }
    /// Omar's visit as the coordinator's laptop knows it.
    LocalDot visit_known_at_the_desk() {
        office.carry_all();
        return Queries(*desk).interactions_of(ana).front().what.id;
    }
};

}  // namespace

TEST_CASE("a retraction that hides a visit is told of on both laptops", "[people]") {
    TwoDesks on;
    on.visit();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, on.other) == std::vector{on.there});
    CHECK(on.told_after_carrying(on.other, on.desk) == std::vector{on.ana});
}

TEST_CASE("an edit beside a retraction is told of like a visit", "[people]") {
    TwoDesks on;
    REQUIRE(People(*on.other).edit_contact(on.there, {.set = {{"district", "East"}}}));
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, on.other) == std::vector{on.there});
    CHECK(on.told_after_carrying(on.other, on.desk) == std::vector{on.ana});
}

TEST_CASE("a retraction of what this laptop never wrote to is nothing to tell of", "[people]") {
    TwoDesks on;
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, on.other).empty());
}

TEST_CASE("whoever entered a contact is told that somebody else retracted it", "[people]") {
    TwoDesks on;
    REQUIRE(People(*on.other).retract_contact(on.there));
    CHECK(on.told_after_carrying(on.other, on.desk) == std::vector{on.ana});
}

TEST_CASE("two who retract the same have hidden nothing from each other", "[people]") {
    TwoDesks on;
    REQUIRE(People(*on.other).retract_contact(on.there));
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, on.other).empty());
}

TEST_CASE("what was brought back is not told of", "[people]") {
    TwoDesks on;
    on.visit();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    REQUIRE(People(*on.desk).restore_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, on.other).empty());
    CHECK(on.told_after_carrying(on.other, on.desk).empty());
}

TEST_CASE("work in one of several records read as one is told of with its contact", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const ContactDraft draft{.set = {{"name", "Rosa"}}, .key = RowKey{"list", "1"}};
    const auto here = People(*desk).add_contact(desk.north, draft);
    const auto there = People(*other).add_contact(other.north, draft);
    REQUIRE(here);
    REQUIRE(there);
    REQUIRE(People(*desk).retract_contact(here->id));
    REQUIRE(office.carry(desk, other) > 0);
    CHECK(HiddenWork(*other).to_tell().contacts.size() == 1);
}

TEST_CASE("what nobody was told of is told of later, whatever happened in between", "[people]") {
    TwoDesks on;
    on.visit();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    REQUIRE(on.office.carry(on.desk, on.other) > 0);
    CHECK(HiddenWork(*on.other).to_tell().contacts == std::vector{on.there});
    on.office.reopen(on.other);
    on.other->rebuild();
    CHECK(HiddenWork(*on.other).to_tell().contacts == std::vector{on.there});
    HiddenWork(*on.other).note_told({.contacts = {on.there}, .interactions = {}});
    on.office.reopen(on.other);
    on.other->rebuild();
    CHECK(HiddenWork(*on.other).to_tell().empty());
}

TEST_CASE("what one saw when retracting is nothing to tell of", "[people]") {
    TwoDesks on;
    on.visit();
    on.office.carry_all();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(HiddenWork(*on.desk).to_tell().empty());
    REQUIRE(People(*on.desk).restore_contact(on.ana));
    on.desk->begin_group();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    on.desk->commit_group();
    CHECK(HiddenWork(*on.desk).to_tell().empty());
}

TEST_CASE("a visit under one's own retraction is told of beside another's retraction", "[people]") {
    TwoDesks on;
    Desk& third = on.office.join("Olga");
    on.office.carry_all();
    const LocalDot at_olgas = Queries(*third).contacts({}).front().id;
    REQUIRE(People(*third).retract_contact(at_olgas));
    on.visit();
    REQUIRE(People(*on.other).retract_contact(on.there));
    CHECK(on.told_after_carrying(on.other, third) == std::vector{at_olgas});
}

TEST_CASE("who has nothing to do with it is told of nothing", "[people]") {
    TwoDesks on;
    Desk& third = on.office.join("Olga");
    on.office.carry_all();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, third).empty());
    on.visit();
    CHECK(on.told_after_carrying(on.other, third).empty());
}

TEST_CASE("a second retraction by somebody else is told of again", "[people]") {
    TwoDesks on;
    on.visit();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, on.other).size() == 1);
    REQUIRE(People(*on.desk).restore_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, on.other).empty());
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.told_after_carrying(on.desk, on.other).size() == 1);
}

TEST_CASE("a visit that somebody else retracts is told of to whoever recorded it", "[people]") {
    TwoDesks on;
    const LocalDot visit = on.visit();
    const LocalDot at_desk = on.visit_known_at_the_desk();
    REQUIRE(People(*on.desk).retract_interaction(at_desk));
    CHECK(HiddenWork(*on.desk).to_tell().empty());
    CHECK(on.visits_told_after_carrying(on.desk, on.other) == std::vector{visit});
    on.office.reopen(on.other);
    on.other->rebuild();
    CHECK(HiddenWork(*on.other).to_tell().empty());
}

TEST_CASE("a correction of one's own that another's retraction hides is told of", "[people]") {
    TwoDesks on;
    const LocalDot visit = on.visit();
    const LocalDot at_desk = on.visit_known_at_the_desk();
    REQUIRE(People(*on.desk).correct_interaction(at_desk, {.note = "wants a lift"}));
    on.office.carry_all();
    REQUIRE(People(*on.other).retract_interaction(visit));
    CHECK(HiddenWork(*on.other).to_tell().empty());
    CHECK(on.visits_told_after_carrying(on.other, on.desk) == std::vector{at_desk});
}

TEST_CASE("a correction that comes under one's own retraction is told of", "[people]") {
    TwoDesks on;
    const LocalDot visit = on.visit();
    const LocalDot at_desk = on.visit_known_at_the_desk();
    REQUIRE(People(*on.desk).correct_interaction(at_desk, {.note = "wants a lift"}));
    REQUIRE(People(*on.other).retract_interaction(visit));
    CHECK(on.visits_told_after_carrying(on.desk, on.other) == std::vector{visit});
}

TEST_CASE("a visit of others that others retract is nothing to tell of", "[people]") {
    TwoDesks on;
    Desk& third = on.office.join("Olga");
    const LocalDot visit = on.visit();
    on.office.carry_all();
    REQUIRE(People(*on.other).retract_interaction(visit));
    CHECK(on.visits_told_after_carrying(on.other, third).empty());
}

TEST_CASE("a visit that was brought back is not told of, and is when it goes again", "[people]") {
    TwoDesks on;
    const LocalDot visit = on.visit();
    const LocalDot at_desk = on.visit_known_at_the_desk();
    REQUIRE(People(*on.desk).retract_interaction(at_desk));
    REQUIRE(People(*on.desk).restore_interaction(at_desk));
    CHECK(on.visits_told_after_carrying(on.desk, on.other).empty());
    REQUIRE(People(*on.desk).retract_interaction(at_desk));
    CHECK(on.visits_told_after_carrying(on.desk, on.other) == std::vector{visit});
    REQUIRE(People(*on.other).restore_interaction(visit));
    CHECK(Queries(*on.other).interactions_of(on.there).size() == 1);
}
