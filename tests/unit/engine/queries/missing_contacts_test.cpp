#include "engine/queries/missing_contacts.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/audit/history.h"
#include "engine/queries/hidden_work.h"
#include "engine/queries/record_ids.h"
#include "engine/queries/workspace_status.h"
#include "tests/unit/engine/office.h"

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

TEST_CASE("a lost contact can be hidden with all that is left of it", "[people][rot]") {
    const Left left = GENERATE(Left::visits, Left::visits_and_city);
    Lost lost(left);
    People people(*lost.desk);
    REQUIRE(people.retract_contact(lost.contact));
    CHECK(people.retract_contact(lost.contact).error().problem == ActionProblem::nothing_to_change);
    CHECK(status_of(*lost.desk).missing_contacts.empty());
    RecordIds ids(*lost.desk);
    CHECK(ids.find_missing(ids.text_of(lost.contact)) == lost.contact);
    Desk& omar = lost.office.join("Omar");
    lost.office.carry_all();
    CHECK(lost.desk->close_blocks().set_aside == 0);
    CHECK(status_of(*omar).missing_contacts.empty());
    REQUIRE(people.restore_contact(lost.contact));
    CHECK(status_of(*lost.desk).missing_contacts.size() == 1);
}

TEST_CASE("a lost contact's owner hears that somebody else hid it", "[people][rot]") {
    Lost lost;
    Desk& omar = lost.office.join("Omar", protocol::Role::coordinator);
    lost.office.carry_all();
    REQUIRE(People(*omar).retract_contact(status_of(*omar).missing_contacts.front().id));
    CHECK(HiddenWork(*omar).to_tell().empty());
    lost.office.carry_all();
    const LocalDot contact = missing_contacts(*lost.desk).front().id;
    const HiddenRecords told = HiddenWork(*lost.desk).to_tell();
    CHECK(told.contacts == std::vector{contact});
    HiddenWork(*lost.desk).note_told(told);
    CHECK(HiddenWork(*lost.desk).to_tell().empty());
}

TEST_CASE("only what is lost of a missing contact can be hidden", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot nobody = LocalDot::of(add_person(desk, "Ana", "Ruiz").log(), {99});
    const auto retracted = People(*desk).retract_contact(nobody);
    CHECK(retracted.error().problem == ActionProblem::no_such_contact);
}

TEST_CASE("of missing contacts the lost come first, and then where own work is", "[people][rot]") {
    Lost lost;
    Desk& omar = lost.office.join("Omar");
    lost.office.carry_all();
    const LocalDot known_here = lost.contact;
    const auto away = [](Desk& desk, LocalDot contact) {
        Statement(desk->projection().database(), "UPDATE contacts SET kind = NULL WHERE id = ?1")
            .run(contact);
    };
    std::vector<LocalDot> waiting;
    for (const char* name : {"Bea", "Cleo", "Dora"}) {
        waiting.push_back(add_person(omar, name, "Paz"));
        REQUIRE(
            People(*omar).add_interaction(waiting.back(), {.kind = "door", .outcome = "spoke"}));
    }
    lost.office.carry_all();
    std::vector<LocalDot> there;
    for (const ContactLine& line : Queries(*lost.desk).contacts({})) there.push_back(line.id);
    std::ranges::sort(there);
    REQUIRE(People(*lost.desk).add_interaction(there[1], {.kind = "call", .outcome = "spoke"}));
    for (const LocalDot contact : there) away(lost.desk, contact);
    std::vector<LocalDot> told;
    for (const MissingContact& contact : status_of(*lost.desk).missing_contacts)
        told.push_back(contact.id);
    CHECK(told == std::vector{known_here, there[1], there[0], there[2]});
}

TEST_CASE(
    "what cannot be done with a visit to a lost contact is refused as lost", "[people][rot]") {
    Lost lost;
    People people(*lost.desk);
    const auto corrected = people.correct_interaction(lost.first, {.note = "sees a bus"});
    CHECK(corrected.error().problem == ActionProblem::contact_lost);
    CHECK(people.release_interaction(lost.first).error().problem == ActionProblem::contact_lost);
    CHECK(people.retract_interaction(lost.first));
    CHECK(people.restore_interaction(lost.first));
}

TEST_CASE("a contact whose block was lost is lost under its new id", "[people][rot]") {
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
