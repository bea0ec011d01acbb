#include "engine/people/missing_contacts.h"

#include <catch2/catch.hpp>

#include "engine/people/action_history.h"
#include "engine/people/record_ids.h"
#include "engine/people/workspace_status.h"
#include "tests/unit/engine/people/office.h"

/// What is left of a contact that a disk destroyed, or that has not come.
namespace vereda::tests {
namespace {

using namespace engine;

enum class Left { visits, visits_and_city };

/// A contact with two visits, which rots before anybody else has it.
struct Lost {
    Office office;
    Desk& desk = office.coordinator();
    LocalDot contact = add_person(desk, "Ana", "Ruiz");
    LocalDot first = visit("sees no bus"), second = visit("wants a lift");

    explicit Lost(Left left = Left::visits_and_city) {
        if (left == Left::visits_and_city)
            REQUIRE(People(*desk).edit_contact(contact, {.set = {{"city", "Cali"}}}));
        Statement(
            desk->store().database(), "UPDATE open_entries SET sealed = zeroblob(90) WHERE id = ?1")
            .run(contact);
        office.reopen(desk);
    }
    LocalDot visit(const std::string& note) {
        const auto added = People(*desk).add_interaction(
            contact, {.kind = "door", .outcome = "spoke", .note = note});
        REQUIRE(added);
        return *added;
    }
};

std::string city_of(const ContactView& view) {
    for (const FieldView& field : view.fields) {
        if (field.name == "city") return field.values.front().text;
    }
    return {};
}

}  // namespace

TEST_CASE("visits to a lost contact are counted by the contact that is lost", "[people][rot]") {
    Lost lost;
    const auto missing = status_of(*lost.desk).missing_contacts;
    REQUIRE(missing.size() == 1);
    CHECK(missing.front().id == lost.contact);
    CHECK(missing.front().lost);
    CHECK(missing.front().interactions == 2);
}

TEST_CASE("what is left of a lost contact is found under its id", "[people][rot]") {
    Lost lost;
    RecordIds ids(*lost.desk);
    const std::string id = ids.text_of(lost.contact);
    CHECK_FALSE(ids.find(id, RecordKind::contact));
    REQUIRE(ids.find_missing(id.substr(0, 6)));
    CHECK(ids.find_missing(id) == lost.contact);

    Queries queries(*lost.desk);
    CHECK(city_of(queries.missing_contact(lost.contact)) == "Cali");
    CHECK(queries.missing_contact(lost.contact).interactions == 2);
    const auto visits = queries.interactions_of(lost.contact);
    REQUIRE(visits.size() == 2);
    CHECK(visits.back().what.note == "sees no bus");
    CHECK(ActionHistory(*lost.desk).of_contact(lost.contact).size() == 3);
}

TEST_CASE("others hear of the lost contact whose visits they have", "[people][rot]") {
    Lost lost;
    Desk& omar = lost.office.join("Omar");
    lost.office.carry_all();
    const auto missing = status_of(*omar).missing_contacts;
    REQUIRE(missing.size() == 1);
    CHECK(missing.front().lost);
    CHECK(Queries(*omar).interactions_of(missing.front().id).size() == 2);
}

TEST_CASE("visits to a lost contact can be hidden, and then nothing is told of them", "[rot]") {
    Lost lost;
    People people(*lost.desk);
    REQUIRE(people.retract_interaction(lost.first));
    CHECK(status_of(*lost.desk).missing_contacts.front().interactions == 1);
    REQUIRE(people.retract_interaction(lost.second));
    REQUIRE(people.restore_interaction(lost.second));
    REQUIRE(people.retract_interaction(lost.second));
    CHECK(status_of(*lost.desk).missing_contacts.front().interactions == 0);  // its city is left
    CHECK(lost.desk->close_blocks().set_aside == 0);
}

TEST_CASE("a lost contact is found though all its visits are hidden", "[people][rot]") {
    Lost lost(Left::visits);
    People people(*lost.desk);
    for (const LocalDot visit : {lost.first, lost.second})
        REQUIRE(people.retract_interaction(visit));
    CHECK(status_of(*lost.desk).missing_contacts.empty());
    RecordIds ids(*lost.desk);
    CHECK(ids.find_missing(ids.text_of(lost.contact)) == lost.contact);
    CHECK(Queries(*lost.desk).interactions_of(lost.contact, true).size() == 2);
}

TEST_CASE("a contact whose block was lost is lost under its new name", "[people][rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot contact = add_person(desk, "Ana", "Ruiz");
    desk->close_blocks();
    REQUIRE(People(*desk).add_interaction(contact, {.kind = "door", .outcome = "spoke"}));
    desk->close_blocks();
    desk->store().database().exec("DELETE FROM copies");
    const LogOrdinal log = contact.log();
    const auto block = desk->store().block_holding(contact);
    Bytes bytes = block->bytes;
    bytes[bytes.size() - 9] ^= 1;
    desk->store().replace_block(log, block->block_no, bytes, BlockState::damaged);
    CHECK(desk->end_log(log, block->block_no) >= 1);
    const auto missing = status_of(*desk).missing_contacts;
    REQUIRE(missing.size() == 1);
    CHECK(missing.front().lost);
    CHECK(Queries(*desk).interactions_of(missing.front().id).size() == 1);
}

}  // namespace vereda::tests
