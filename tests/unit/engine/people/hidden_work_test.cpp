#include "engine/people/hidden_work.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/people/office.h"

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

    std::vector<LocalDot> found_while_carrying(Desk& from, Desk& to) {
        HiddenWork watch(*to);
        REQUIRE(office.carry(from, to) > 0);
        return watch.found_since();
    }
    void visit() const {
        REQUIRE(People(*other).add_interaction(there, {.kind = "door", .outcome = "spoke"}));
    }
};

}  // namespace

TEST_CASE("a retraction that hides a visit is told of on both laptops, once", "[people]") {
    TwoDesks on;
    on.visit();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.found_while_carrying(on.desk, on.other) == std::vector{on.there});
    CHECK(on.found_while_carrying(on.other, on.desk) == std::vector{on.ana});
    CHECK(HiddenWork(*on.desk).found_since().empty());
    CHECK(HiddenWork(*on.other).found_since().empty());
}

TEST_CASE("an edit beside a retraction is told of like a visit", "[people]") {
    TwoDesks on;
    REQUIRE(People(*on.other).edit_contact(on.there, {.set = {{"district", "East"}}}));
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.found_while_carrying(on.desk, on.other) == std::vector{on.there});
    CHECK(on.found_while_carrying(on.other, on.desk) == std::vector{on.ana});
}

TEST_CASE("a retraction of what this laptop never wrote to is nothing to tell of", "[people]") {
    TwoDesks on;
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.found_while_carrying(on.desk, on.other).empty());
}

TEST_CASE("whoever entered a contact is told that somebody else retracted it", "[people]") {
    TwoDesks on;
    REQUIRE(People(*on.other).retract_contact(on.there));
    CHECK(on.found_while_carrying(on.other, on.desk) == std::vector{on.ana});
}

TEST_CASE("two who retract the same have hidden nothing from each other", "[people]") {
    TwoDesks on;
    REQUIRE(People(*on.other).retract_contact(on.there));
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    CHECK(on.found_while_carrying(on.desk, on.other).empty());
}

TEST_CASE("what was brought back is not told of", "[people]") {
    TwoDesks on;
    on.visit();
    REQUIRE(People(*on.desk).retract_contact(on.ana));
    REQUIRE(People(*on.desk).restore_contact(on.ana));
    CHECK(on.found_while_carrying(on.desk, on.other).empty());
    CHECK(on.found_while_carrying(on.other, on.desk).empty());
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
    HiddenWork watch(*other);
    REQUIRE(office.carry(desk, other) > 0);
    CHECK(watch.found_since().size() == 1);
}
