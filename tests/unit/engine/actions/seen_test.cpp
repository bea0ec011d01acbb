#include <catch2/catch.hpp>

#include "engine/queries/record_ids.h"
#include "tests/unit/engine/office.h"

/// A form is open for minutes, and a sync brings another value meanwhile: a write takes the place
/// of what its author was shown, and of nothing else.

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

const FieldView* field_of(const ContactView& contact, std::string_view name) {
    for (const FieldView& field : contact.fields) {
        if (field.name == name) return &field;
    }
    return nullptr;
}

/// The entries that a form shows for a field.
std::vector<LocalDot> shown_entries(Desk& desk, LocalDot contact, std::string_view name) {
    const auto view = Queries(*desk).contact(contact);
    REQUIRE(view);
    const FieldView* field = field_of(*view, name);
    return field == nullptr ? std::vector<LocalDot>{} : field->entries;
}

std::set<std::string> values(Desk& desk, LocalDot contact, std::string_view name) {
    std::set<std::string> found;
    const auto view = Queries(*desk).contact(contact);
    REQUIRE(view);
    if (const FieldView* field = field_of(*view, name)) {
        for (const ValueView& value : field->values) found.insert(value.text);
    }
    return found;
}

/// Carla's Ana, whom Omar has too.
struct Ana {
    Office office;
    Desk& carla = office.coordinator();
    Desk& omar = office.join("Omar");
    LocalDot contact = add_person(carla, "Ana", "Ruiz");

    Ana() {
        edit(carla, {.set = {{"district", "North"}}, .add = {{"tags", "driver"}}});
        office.carry_all();
    }
    LocalDot for_omar() {
        const auto log = omar->store().find_log(carla->store().info(contact.log()).log);
        REQUIRE(log);
        return LocalDot::of(*log, contact.seq());
    }
    Written edit(Desk& desk, const ContactChange& change) {
        const auto written =
            People(*desk).edit_contact(&desk == &carla ? contact : for_omar(), change);
        REQUIRE(written);
        return *written;
    }
};

using Words = std::set<std::string>;

}  // namespace

TEST_CASE("an edit held open while another value came leaves both", "[people]") {
    Ana ana;
    const auto shown = shown_entries(ana.carla, ana.contact, "district");
    REQUIRE(shown.size() == 1);
    ana.edit(ana.omar, {.set = {{"district", "Harbour"}}});
    ana.office.carry(ana.omar, ana.carla);

    const Written written =
        ana.edit(ana.carla, {.set = {{"district", "Hill"}}, .seen = {{"district", shown}}});
    CHECK(written.conflicts == std::vector<std::string>{"district"});
    CHECK(values(ana.carla, ana.contact, "district") == Words{"Harbour", "Hill"});
    ana.office.carry_all();
    CHECK(values(ana.omar, ana.for_omar(), "district") == Words{"Harbour", "Hill"});
    CHECK(Queries(*ana.omar).conflicts().size() == 1);
}

TEST_CASE("an edit that does not say what was seen replaces what shows", "[people]") {
    Ana ana;
    ana.edit(ana.omar, {.set = {{"district", "Harbour"}}});
    ana.office.carry(ana.omar, ana.carla);
    CHECK(ana.edit(ana.carla, {.set = {{"district", "Hill"}}}).conflicts.empty());
    CHECK(values(ana.carla, ana.contact, "district") == Words{"Hill"});
}

TEST_CASE("a field that was seen empty keeps what came since", "[people]") {
    Ana ana;
    ana.edit(ana.omar, {.set = {{"city", "Cali"}}});
    ana.office.carry(ana.omar, ana.carla);
    ana.edit(ana.carla, {.set = {{"city", "Bogota"}}, .seen = {{"city", {}}}});
    CHECK(values(ana.carla, ana.contact, "city") == Words{"Cali", "Bogota"});
}

TEST_CASE("elements that came since they were seen stay in the set", "[people]") {
    Ana ana;
    const Seen shown{{"tags", shown_entries(ana.carla, ana.contact, "tags")}};
    ana.edit(ana.omar, {.add = {{"tags", "choir"}}});
    ana.office.carry(ana.omar, ana.carla);
    ana.edit(ana.carla, {.set = {{"tags", "cook"}}, .seen = shown});
    CHECK(values(ana.carla, ana.contact, "tags") == Words{"choir", "cook"});

    const auto gone =
        People(*ana.carla)
            .edit_contact(ana.contact, {.remove = {{"tags", "choir"}}, .seen = shown});
    REQUIRE_FALSE(gone);
    CHECK(gone.error().problem == ActionProblem::nothing_to_change);
    CHECK(values(ana.carla, ana.contact, "tags") == Words{"choir", "cook"});
}

TEST_CASE("what was seen may be named in any order", "[people]") {
    Ana ana;
    ana.edit(ana.carla, {.add = {{"tags", "cook"}}});
    std::vector<LocalDot> shown = shown_entries(ana.carla, ana.contact, "tags");
    REQUIRE(shown.size() == 2);
    std::ranges::sort(shown, std::ranges::greater{});
    ana.edit(ana.carla, {.set = {{"tags", "choir"}}, .seen = {{"tags", shown}}});
    CHECK(values(ana.carla, ana.contact, "tags") == Words{"choir"});
}

TEST_CASE("an edit tells of conflicts in the fields that its author was shown alone", "[people]") {
    Ana ana;
    ana.edit(ana.omar, {.set = {{"district", "Harbour"}}});
    ana.edit(ana.carla, {.set = {{"district", "Hill"}}});
    ana.office.carry(ana.omar, ana.carla);
    REQUIRE(Queries(*ana.carla).conflicts().size() == 1);
    const Written written =
        ana.edit(ana.carla, {.set = {{"city", "Cali"}}, .seen = {{"city", {}}}});
    CHECK(written.conflicts.empty());
}

TEST_CASE("a settlement leaves the values that came since they were seen", "[people]") {
    Ana ana;
    ana.edit(ana.omar, {.set = {{"district", "Harbour"}}});
    ana.edit(ana.carla, {.set = {{"district", "Hill"}}});
    ana.office.carry(ana.omar, ana.carla);
    const Seen shown{{"district", shown_entries(ana.carla, ana.contact, "district")}};
    REQUIRE(shown.at("district").size() == 2);
    Desk& rosa = ana.office.join("Rosa");
    ana.office.carry(ana.omar, rosa);  // not Carla's value
    const LocalDot for_rosa = LocalDot::of(
        *rosa->store().find_log(ana.carla->store().info(ana.contact.log()).log), ana.contact.seq());
    REQUIRE(People(*rosa).edit_contact(for_rosa, {.set = {{"district", "Mill"}}}));
    ana.office.carry(rosa, ana.carla);

    const auto settled = People(*ana.carla).settle_conflict(ana.contact, "district", "Hill", shown);
    REQUIRE(settled);
    CHECK(settled->conflicts == std::vector<std::string>{"district"});
    CHECK(values(ana.carla, ana.contact, "district") == Words{"Mill", "Hill"});
    REQUIRE(People(*ana.carla).settle_conflict(ana.contact, "district", "Mill"));
    CHECK(values(ana.carla, ana.contact, "district") == Words{"Mill"});
}

TEST_CASE("a correction of a visit leaves what came since it was seen", "[people]") {
    Ana ana;
    const auto visit = People(*ana.carla).add_interaction(ana.contact, {"door", "spoke", "", {}});
    REQUIRE(visit);
    ana.office.carry_all();
    Seen shown;
    for (const ShownField& field : Queries(*ana.carla).shown_entries(*visit))
        shown[field.name] = field.entries;
    REQUIRE(shown.at("outcome") == std::vector<LocalDot>{visit->entry});
    const LocalDot for_omar = LocalDot::of(ana.for_omar().log(), visit->entry.seq());
    REQUIRE(People(*ana.omar).correct_interaction(for_omar, {.outcome = "refused"}));
    ana.office.carry(ana.omar, ana.carla);
    const auto corrected =
        People(*ana.carla).correct_interaction(*visit, {.outcome = "call_back", .seen = shown});
    REQUIRE(corrected);
    CHECK(corrected->conflicts == std::vector<std::string>{"outcome"});
    CHECK(Queries(*ana.carla).conflicts().size() == 1);
}

TEST_CASE("what was seen is an entry about this contact, named by its whole id", "[people]") {
    Ana ana;
    const LocalDot rosa = add_person(ana.carla, "Rosa", "Diaz");
    const auto other =
        People(*ana.carla)
            .edit_contact(
                ana.contact, {.set = {{"district", "Hill"}}, .seen = {{"district", {rosa}}}});
    REQUIRE_FALSE(other);
    CHECK(other.error().problem == ActionProblem::unknown_entry);
    const auto no_field =
        People(*ana.carla)
            .edit_contact(ana.contact, {.set = {{"district", "Hill"}}, .seen = {{"1000", {}}}});
    REQUIRE_FALSE(no_field);
    CHECK(no_field.error().problem == ActionProblem::unknown_field);

    const RecordIds ids(*ana.carla);
    const LocalDot edit = shown_entries(ana.carla, ana.contact, "district").front();
    const std::vector<std::string> typed{ids.text_of(edit), ids.text_of(ana.contact)};
    const auto found = ids.find_entries(typed, ana.contact);
    REQUIRE(found);
    CHECK(*found == std::vector<LocalDot>{edit, ana.contact});
    const std::vector<std::string> beginning{ids.text_of(edit).substr(0, 8)};
    CHECK_FALSE(ids.find_entries(beginning, ana.contact));
    const std::vector<std::string> hers{ids.text_of(rosa)};
    CHECK_FALSE(ids.find_entries(hers, ana.contact));
}
