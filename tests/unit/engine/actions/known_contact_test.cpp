#include <catch2/catch.hpp>

#include "engine/queries/workspace_status.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

AddedContact add(Desk& desk, ContactDraft draft) {
    draft.key = RowKey{"list", "1"};
    const auto added = People(*desk).add_contact(desk.north, draft);
    REQUIRE(added);
    return *added;
}

std::vector<std::string> values(Desk& desk, LocalDot contact, const std::string& field) {
    std::vector<std::string> found;
    const auto view = Queries(*desk).contact(contact);
    REQUIRE(view);
    for (const FieldView& each : view->fields) {
        if (each.name != field) continue;
        for (const ValueView& value : each.values) found.push_back(value.text);
    }
    return found;
}

}  // namespace

TEST_CASE("who is added again under one's key is the same contact, and changes", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    const AddedContact first = add(desk, {.set = {{"name", "First"}, {"city", "Cali"}}});
    CHECK_FALSE(first.was_there);
    const AddedContact second = add(desk, {.set = {{"name", "Second"}}});
    CHECK(second.was_there);
    CHECK(second.changed);
    CHECK(second.id == first.id);
    CHECK(shown(desk, first.id, "name") == "Second");
    CHECK(shown(desk, first.id, "city") == "Cali");
    CHECK(Queries(*desk).conflicts().empty());
    CHECK(Queries(*desk).contact(first.id)->members.size() == 1);
}

TEST_CASE("adding the same again writes nothing", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    const ContactDraft draft{
        .set = {{"name", "Rosa"}, {"tags", "a"}},
        .add = {{"tags", "b"}, {"phone", "+576015550101"}},
        .consents = {{"sms", true}, {"phone", false}}};
    const LocalDot rosa = add(desk, draft).id;
    const std::uint64_t entries = unsynced_entries(*desk);
    for (int i = 0; i < 3; ++i) {
        const AddedContact again = add(desk, draft);
        CHECK(again.was_there);
        CHECK_FALSE(again.changed);
        CHECK(again.id == rosa);
    }
    CHECK(unsynced_entries(*desk) == entries);
}

TEST_CASE("adding again adds elements, and takes none away", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot rosa = add(desk, {.set = {{"name", "Rosa"}}, .add = {{"tags", "a"}}}).id;
    REQUIRE(People(*desk).edit_contact(rosa, {.add = {{"tags", "by hand"}}}));
    CHECK_FALSE(add(desk, {.add = {{"tags", "by hand"}}}).changed);
    CHECK(add(desk, {.add = {{"tags", "b"}}}).changed);
    CHECK(values(desk, rosa, "tags") == std::vector<std::string>{"a", "b", "by hand"});
}

TEST_CASE("what a person wrote since is a conflict only with what is said now", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot rosa = add(desk, {.set = {{"city", "Cali"}}}).id;
    REQUIRE(People(*desk).edit_contact(rosa, {.set = {{"city", "Pasto"}}}));
    CHECK_FALSE(add(desk, {.set = {{"city", "Cali"}}}).changed);
    CHECK(shown(desk, rosa, "city") == "Pasto");
    const AddedContact again = add(desk, {.set = {{"city", "Bogotá"}}});
    CHECK(again.conflicts == std::vector<std::string>{"city"});
    CHECK(values(desk, rosa, "city").size() == 2);
    CHECK(add(desk, {.set = {{"city", "Quito"}}}).changed);
    CHECK(values(desk, rosa, "city").size() == 2);  // over what the source said before
}

TEST_CASE("two laptops that add one key apart agree when either adds again", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    Desk& omar = office.join("Omar");
    office.carry_all();
    add(carla, {.set = {{"name", "Rosa"}}});
    add(omar, {.set = {{"name", "Rosita"}}});
    office.carry_all();
    CHECK(Queries(*carla).conflicts().size() == 1);
    const LocalDot rosa = add(omar, {.set = {{"name", "Rosa"}}}).id;
    CHECK(shown(omar, rosa, "name") == "Rosa");
    CHECK(Queries(*omar).contacts({}).front().id == rosa);
    office.carry_all();
    CHECK(Queries(*carla).conflicts().empty());
}

TEST_CASE("adding again gives no consent back that was withdrawn", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    const ContactDraft draft{.set = {{"name", "Rosa"}}, .consents = {{"sms", true}}};
    const LocalDot rosa = add(desk, draft).id;
    REQUIRE(People(*desk).edit_contact(rosa, {.consents = {{"sms", false}, {"phone", false}}}));
    CHECK_FALSE(add(desk, draft).changed);
    const auto view = Queries(*desk).contact(rosa);
    REQUIRE(view);
    for (const ConsentView& consent : view->consents) CHECK_FALSE(consent.given);
    const auto refused = People(*desk).add_contact(
        desk.north, {.consents = {{"phone", true}}, .key = RowKey{"list", "1"}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().problem == ActionProblem::withdrawn);
}

TEST_CASE("a contact that is there does not become of another kind", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    add(desk, {.kind = "organisation", .set = {{"name", "Choir"}}});
    CHECK_FALSE(add(desk, {.set = {{"name", "Choir"}}}).changed);
    const auto refused = People(*desk).add_contact(
        desk.north, {.kind = "person", .set = {{"name", "Choir"}}, .key = RowKey{"list", "1"}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().problem == ActionProblem::other_kind);
}
