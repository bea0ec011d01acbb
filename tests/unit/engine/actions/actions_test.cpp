#include <catch2/catch.hpp>

#include "engine/queries/record_ids.h"
#include "engine/queries/workspace_status.h"
#include "engine/replay/digest.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

template <class Result>
ActionProblem problem_of(const Result& result) {
    REQUIRE_FALSE(result);
    return result.error().problem;
}

std::set<std::string> values(Desk& desk, LocalDot contact, const std::string& field) {
    std::set<std::string> found;
    const auto view = Queries(*desk).contact(contact);
    REQUIRE(view);
    for (const FieldView& each : view->fields) {
        if (each.name != field) continue;
        for (const ValueView& value : each.values) found.insert(value.text);
    }
    return found;
}

std::optional<bool> consent(Desk& desk, LocalDot contact, const std::string& channel) {
    const auto found = Queries(*desk).contact(contact);
    REQUIRE(found);
    for (const ConsentView& view : found->consents) {
        if (view.channel == channel) return view.given;
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("a contact shows what was typed, in one form", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk, {.phone_region = "ES"});
    const auto contact = people.add_contact(
        desk.north, {.set =
                         {{"first_name", "  Ana "},
                          {"last_name", "Ruiz"},
                          {"phone", "600 12 34 56"},
                          {"birthday", "1990-2-3"},
                          {"preferred_channel", "Text"}},
                     .add = {{"tag", "driver"}, {"tag", "driver"}, {"email", "ana@example.org"}},
                     .consents = {{"SMS", true}}});
    REQUIRE(contact);
    CHECK(shown(desk, contact->id, "given_name") == "Ana");
    CHECK(shown(desk, contact->id, "phone") == "+34600123456");
    CHECK(shown(desk, contact->id, "birth_date") == "1990-02-03");
    CHECK(shown(desk, contact->id, "preferred_channel") == "sms");
    CHECK(values(desk, contact->id, "tags") == std::set<std::string>{"driver"});
    CHECK(values(desk, contact->id, "emails") == std::set<std::string>{"ana@example.org"});
    CHECK(consent(desk, contact->id, "sms") == true);
    CHECK(Queries(*desk).contact(contact->id)->name == "Ana Ruiz");
}

TEST_CASE("bad input is refused and nothing is written", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const std::uint64_t before = unsynced_entries(*desk);
    const auto set = [&](const std::string& field, const std::string& value) {
        return problem_of(people.edit_contact(ana, {.set = {{field, value}}}));
    };
    CHECK(set("shoe_size", "43") == ActionProblem::unknown_field);
    CHECK(set("birth_date", "soon") == ActionProblem::unknown_value);
    CHECK(set("birth_date", "3/4/1990") == ActionProblem::unknown_value);
    CHECK(set("phone", "5.73E+11") == ActionProblem::rounded_number);
    CHECK(
        problem_of(people.add_contact(
            desk.north, {.set = {{"name", "Ana"}}, .key = RowKey{"roll", " 5.73E+11"}})) ==
        ActionProblem::rounded_number);
    CHECK(set("phones", " 5,73e+11 ") == ActionProblem::rounded_number);
    CHECK(
        problem_of(people.edit_contact(ana, {.add = {{"phone", "5.73E+11"}}})) ==
        ActionProblem::rounded_number);
    CHECK(
        problem_of(people.edit_contact(ana, {.remove = {{"phone", "5.73E+11"}}})) ==
        ActionProblem::no_such_element);
    CHECK(set("given_name", "\xff") == ActionProblem::unknown_value);
    CHECK(set("notes", std::string(32 * 1024, 'x')) == ActionProblem::too_long);
    CHECK(set("given_name", " Ana ") == ActionProblem::nothing_to_change);
    CHECK(set("district", "") == ActionProblem::nothing_to_change);
    CHECK(
        problem_of(people.edit_contact(ana, {.add = {{"given_name", "x"}}})) ==
        ActionProblem::not_a_set);
    CHECK(
        problem_of(people.edit_contact(ana, {.remove = {{"tags", "x"}}})) ==
        ActionProblem::no_such_element);
    CHECK(
        problem_of(people.edit_contact({12345}, {.set = {{"district", "x"}}})) ==
        ActionProblem::no_such_contact);
    CHECK(problem_of(people.add_interaction(ana, {.kind = ""})) == ActionProblem::unknown_value);
    CHECK(problem_of(people.retract_interaction(ana)) == ActionProblem::no_such_interaction);
    CHECK(problem_of(people.restore_contact(ana)) == ActionProblem::nothing_to_change);
    CHECK(
        problem_of(people.add_contact({0}, {.set = {{"given_name", "x"}}})) ==
        ActionProblem::no_authority);
    CHECK(unsynced_entries(*desk) == before);
}

TEST_CASE("two values for a field that holds one are refused, whatever it is called", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const std::vector<FieldText> two_names{{"first_name", "Eva"}, {"given_name", "Ida"}};
    const auto edited = people.edit_contact(ana, {.set = two_names});
    CHECK(problem_of(edited) == ActionProblem::given_twice);
    CHECK(edited.error().about == "given_name");
    CHECK(
        problem_of(people.add_contact(desk.north, {.set = two_names})) ==
        ActionProblem::given_twice);
    CHECK(
        problem_of(people.edit_contact(ana, {.set = {{"city", ""}, {"city", "Cali"}}})) ==
        ActionProblem::given_twice);
    CHECK(
        problem_of(people.add_contact(desk.north, {.set = {{"city", ""}, {"city", "Cali"}}})) ==
        ActionProblem::given_twice);
    CHECK(shown(desk, ana, "given_name") == "Ana");
    REQUIRE(people.edit_contact(ana, {.set = {{"city", "Cali"}, {"city", " Cali "}}}));
    CHECK(shown(desk, ana, "city") == "Cali");
}

TEST_CASE(
    "setting a set makes it exactly that, adding and removing change one element", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    REQUIRE(people.edit_contact(ana, {.add = {{"tags", "a"}, {"tags", "b"}}}));
    REQUIRE(people.edit_contact(ana, {.set = {{"tags", "b"}, {"tags", "c"}}}));
    CHECK(values(desk, ana, "tags") == std::set<std::string>{"b", "c"});
    REQUIRE(people.edit_contact(ana, {.add = {{"tag", "d"}}, .remove = {{"tag", "b"}}}));
    CHECK(values(desk, ana, "tags") == std::set<std::string>{"c", "d"});
    REQUIRE(people.edit_contact(ana, {.set = {{"tags", ""}}}));
    CHECK(values(desk, ana, "tags").empty());
}

TEST_CASE("a field can be cleared and filled again", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    REQUIRE(people.edit_contact(ana, {.set = {{"family_name", ""}}}));
    CHECK(shown(desk, ana, "family_name").empty());
    CHECK(Queries(*desk).contact(ana)->name == "Ana");
    REQUIRE(people.edit_contact(ana, {.set = {{"family_name", "Díaz"}}}));
    CHECK(Queries(*desk).contact(ana)->name == "Ana Díaz");
}

TEST_CASE("consent withdrawn comes back only by a lift with evidence", "[people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    REQUIRE(people.edit_contact(ana, {.consents = {{"sms", true}}}));
    REQUIRE(people.edit_contact(ana, {.consents = {{"sms", false}}}));
    CHECK(consent(desk, ana, "sms") == false);
    CHECK(
        problem_of(people.edit_contact(ana, {.consents = {{"sms", true}}})) ==
        ActionProblem::withdrawn);
    CHECK(problem_of(people.lift_consent(ana, "sms", "  ")) == ActionProblem::no_evidence);
    CHECK(problem_of(people.lift_consent(ana, "email", "a form")) == ActionProblem::not_withdrawn);
    REQUIRE(people.lift_consent(ana, "sms", "signed form of 3 May"));
    CHECK(consent(desk, ana, "sms") == true);
}

TEST_CASE(
    "a channel that nobody knows is refused, with the word that was typed", "[people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const auto added = people.add_contact(
        desk.north, {.set = {{"given_name", "Ana"}}, .consents = {{"emial", false}}});
    CHECK(problem_of(added) == ActionProblem::unknown_channel);
    CHECK(added.error().about == "emial");
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const auto set = people.edit_contact(ana, {.consents = {{"correo", false}}});
    CHECK(problem_of(set) == ActionProblem::unknown_channel);
    CHECK(set.error().about == "correo");
    CHECK(
        problem_of(people.lift_consent(ana, "emial", "a form")) == ActionProblem::unknown_channel);
    CHECK(Queries(*desk).contact(ana)->consents.empty());
}

TEST_CASE("a channel that came from elsewhere can be withdrawn and lifted", "[people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    protocol::ContactCreate created{.kind = 1};
    created.consents = {
        {.channel = {37, {}}, .state = protocol::ConsentState::given},
        {.channel = {0, "Pigeon post"}, .state = protocol::ConsentState::given}};
    const LocalDot ana = desk->append(
        desk.north, {.type = protocol::EventType::contact_create, .body = encode(created)});
    People people(*desk);
    for (const std::string channel : {"channel 37", "Pigeon post"}) {
        INFO(channel);
        REQUIRE(people.edit_contact(ana, {.consents = {{channel, false}}}));
        CHECK(consent(desk, ana, channel) == false);
        REQUIRE(people.lift_consent(ana, channel, "a form"));
        CHECK(consent(desk, ana, channel) == true);
    }
    CHECK(Queries(*desk).contact(ana)->consents.size() == 2);
    CHECK(
        Queries(*desk).other_channels(Queries(*desk).contacts({})) ==
        std::set<std::string>{"Pigeon post", "channel 37"});
}

/// Somebody who said no to SMS, as two laptops know it.
struct SaidNo {
    SaidNo() {
        ana = add_person(desk, "Ana", "Ruiz");
        REQUIRE(People(*desk).edit_contact(ana, {.consents = {{"sms", false}}}));
        office.carry_all();
        there = Queries(*other).contacts({}).front().id;
    }
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    LocalDot ana;
    LocalDot there;
};

TEST_CASE("a second no is written too, and stands against a lift elsewhere", "[people][consent]") {
    SaidNo said;
    auto& [office, desk, other, ana, there] = said;
    REQUIRE(People(*desk).lift_consent(ana, "sms", "asked in March"));
    REQUIRE(People(*other).edit_contact(there, {.consents = {{"sms", false}}}));
    office.carry_all();
    CHECK(consent(desk, ana, "sms") == false);
    CHECK(consent(other, there, "sms") == false);
}

TEST_CASE("a withdrawal elsewhere wins over a lift that had not seen it", "[people][consent]") {
    SaidNo said;
    auto& [office, desk, other, ana, there] = said;
    REQUIRE(People(*desk).lift_consent(ana, "sms", "said so"));
    REQUIRE(People(*other).lift_consent(there, "sms", "said so here"));
    REQUIRE(People(*other).edit_contact(there, {.consents = {{"sms", false}}}));
    office.carry_all();
    CHECK(consent(desk, ana, "sms") == false);
    CHECK(consent(other, there, "sms") == false);
}

TEST_CASE("two laptops' values are a conflict with both named, and settling ends it", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    office.carry_all();
    const LocalDot there = Queries(*other).contacts({}).front().id;
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "East"}}}));
    office.clock.advance_ms(1000);
    REQUIRE(People(*other).edit_contact(there, {.set = {{"district", "West"}}}));
    office.carry_all();

    for (Desk* each : {&desk, &other}) {
        const auto conflicts = Queries(**each).conflicts();
        REQUIRE(conflicts.size() == 1);
        CHECK(conflicts.front().field == "district");
        REQUIRE(conflicts.front().values.size() == 2);
        CHECK(conflicts.front().values[0].text == "West");
        CHECK(conflicts.front().values[0].author.member == "Omar");
        CHECK(conflicts.front().values[1].author.device == "Carla's laptop");
        CHECK(status_of(**each).conflicts == 1);
    }
    REQUIRE(People(*other).settle_conflict(there, "district", "East"));
    office.carry_all();
    CHECK(Queries(*desk).conflicts().empty());
    CHECK(shown(desk, ana, "district") == "East");
    CHECK(status_of(*desk).digest == status_of(*other).digest);
}

namespace {

/// A visit on two laptops.
struct Visit {
    Visit() {
        const LocalDot ana = add_person(desk, "Ana", "Ruiz");
        const auto added = People(*desk).add_interaction(
            ana, {.kind = "door", .outcome = "spoke", .note = "a lift"});
        REQUIRE(added);
        here = *added;
        office.carry_all();
        const LocalDot contact = Queries(*other).contacts({}).front().id;
        there = Queries(*other).interactions_of(contact).front().what.id;
    }
    /// Corrected apart, and carried: each laptop shows the one conflict.
    void correct(const InteractionChange& mine, const InteractionChange& theirs) {
        REQUIRE(People(*desk).correct_interaction(here, mine));
        office.clock.advance_ms(1000);
        REQUIRE(People(*other).correct_interaction(there, theirs));
        office.carry_all();
        REQUIRE(Queries(*desk).conflicts().size() == 1);
        CHECK(Queries(*desk).conflicts().front().interaction == here);
        CHECK(Queries(*other).interaction(there)->what.conflicts.size() == 1);
    }
    InteractionView settled(const std::string& field, const std::string& value) {
        REQUIRE(People(*desk).settle_interaction_conflict(here, field, value));
        office.carry_all();
        CHECK(Queries(*desk).conflicts().empty());
        CHECK(Queries(*other).conflicts().empty());
        CHECK(status_of(*desk).digest == status_of(*other).digest);
        return Queries(*other).interaction(there)->what;
    }
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    LocalDot here;
    LocalDot there;
};

}  // namespace

TEST_CASE("a conflict of an interaction's outcome is settled by a word that shows", "[people]") {
    Visit visit;
    visit.correct({.outcome = "call_back"}, {.outcome = "refused"});
    CHECK(visit.settled("outcome", "call_back").outcome == "call_back");
    CHECK(
        problem_of(
            People(*visit.desk).settle_interaction_conflict(visit.here, "outcome", "call_back")) ==
        ActionProblem::nothing_to_change);
}

TEST_CASE("a conflict of an interaction's field is settled by a new value", "[people]") {
    Visit visit;
    SECTION("a kind") {
        visit.correct({.kind = "call"}, {.kind = "meeting"});
        CHECK(visit.settled("kind", "Phone").kind == "call");
    }
    SECTION("a note") {
        visit.correct({.note = "at noon"}, {.note = "at one"});
        CHECK(visit.settled("note", "at two").note == "at two");
    }
    SECTION("a note that is cleared") {
        visit.correct({.note = "at noon"}, {.note = "at one"});
        CHECK(visit.settled("note", "").note.empty());
    }
}

TEST_CASE(
    "a conflict of an interaction's time is settled as it shows or by a new one", "[people]") {
    Visit visit;
    visit.correct({.at = protocol::Millis{1'700'000'000'000}}, {.at = protocol::Millis{5000}});
    SECTION("as it shows") {
        CHECK(visit.settled("at", "2023-11-14T22:13:20.000Z").at_ms == 1'700'000'000'000);
    }
    SECTION("by a new one") {
        CHECK(visit.settled("at", "1700000000123").at_ms == 1'700'000'000'123);
    }
    CHECK(
        problem_of(People(*visit.desk).settle_interaction_conflict(visit.here, "at", "soon")) ==
        ActionProblem::unknown_value);
}

TEST_CASE("what has no conflict is not settled", "[people]") {
    Visit visit;
    People people(*visit.desk);
    const LocalDot contact = Queries(*visit.desk).contacts({}).front().id;
    CHECK(
        problem_of(people.settle_conflict(contact, "city", "Cali")) == ActionProblem::no_conflict);
    CHECK(Queries(*visit.desk).contact(contact)->fields.size() > 0);
    REQUIRE(people.edit_contact(
        contact, {.set = {{"city", "Cali"}}, .add = {}, .remove = {}, .consents = {}}));
    CHECK(
        problem_of(people.settle_conflict(contact, "city", "Bern")) == ActionProblem::no_conflict);
    CHECK(
        problem_of(people.settle_conflict(contact, "city", " Cali ")) ==
        ActionProblem::nothing_to_change);
    CHECK(problem_of(people.settle_conflict(contact, "phones", "1")) == ActionProblem::keeps_all);
    CHECK(
        problem_of(people.settle_interaction_conflict(visit.here, "outcome", "refused")) ==
        ActionProblem::no_conflict);
}

TEST_CASE("a contact has no interaction's field to settle, nor the other way round", "[people]") {
    Visit visit;
    People people(*visit.desk);
    CHECK(
        problem_of(people.settle_interaction_conflict(visit.here, "city", "Cali")) ==
        ActionProblem::unknown_field);
    const LocalDot contact = Queries(*visit.desk).contacts({}).front().id;
    CHECK(
        problem_of(people.settle_conflict(contact, "outcome", "spoke")) ==
        ActionProblem::unknown_field);
}

TEST_CASE("an organiser writes in the turf granted and an auditor nowhere", "[people]") {
    Office office;
    Desk& auditor = office.join("Aya", protocol::Role::auditor);
    const auto refused =
        People(*auditor).add_contact(auditor.north, {.set = {{"given_name", "x"}}});
    CHECK(problem_of(refused) == ActionProblem::no_authority);
    Desk& organiser = office.join("Omar");
    CHECK(People(*organiser).add_contact(organiser.north, {.set = {{"given_name", "x"}}}));
    CHECK(
        problem_of(People(*organiser)
                       .name(
                           protocol::Profile::Kind::turf,
                           organiser->store().turf(organiser.north).view(), "Mine")) ==
        ActionProblem::no_authority);
    CHECK(
        People(*organiser)
            .name(protocol::Profile::Kind::member, organiser->identity().member.view(), "Omar B."));
}

TEST_CASE("interactions show the latest first and keep when they happened", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const protocol::Millis yesterday{office.clock.now().value - 86'400'000};
    REQUIRE(people.add_interaction(ana, {.kind = "door", .outcome = "spoke"}));
    const auto call = people.add_interaction(
        ana, {.kind = "Phone", .outcome = "No answer", .note = "rang twice", .at = yesterday});
    REQUIRE(call);
    auto lines = Queries(*desk).interactions_of(ana);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].what.kind == "door");
    CHECK(lines[1].what.kind == "call");
    CHECK(lines[1].what.outcome == "no_answer");
    CHECK(lines[1].what.at_ms == yesterday.value);
    CHECK(lines[1].author.member == "Carla");

    REQUIRE(people.correct_interaction(*call, {.outcome = "sang along", .note = ""}));
    CHECK(
        problem_of(people.correct_interaction(*call, {.outcome = "sang along"})) ==
        ActionProblem::nothing_to_change);
    const auto corrected = Queries(*desk).interaction(*call);
    CHECK(corrected->what.outcome == "sang along");
    CHECK(corrected->what.note.empty());
    REQUIRE(people.retract_interaction(*call));
    CHECK(Queries(*desk).interactions_of(ana).size() == 1);
    CHECK(Queries(*desk).interactions_of(ana, true).size() == 2);
    CHECK(status_of(*desk).interactions == 1);
    REQUIRE(people.restore_interaction(*call));
    CHECK(status_of(*desk).interactions == 2);
}

TEST_CASE("an action's time lies on a grid of 256 ms, a time that was given does not", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    office.clock.advance_ms(1001);
    const protocol::Millis now = office.clock.now(), given{now.value - 86'400'001};
    REQUIRE(people.add_interaction(ana, {.kind = "door", .outcome = "spoke"}));
    REQUIRE(people.add_interaction(ana, {.kind = "door", .outcome = "spoke", .at = given}));
    const auto lines = Queries(*desk).interactions_of(ana);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].what.at_ms == now.value / 256 * 256);
    CHECK(lines[0].what.at_ms < now.value);
    CHECK(lines[1].what.at_ms == given.value);
}

TEST_CASE("when something happened is the same on every laptop, whatever the clocks", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    office.clock.advance_ms(10LL * 365 * 86'400'000);  // a laptop set to the future
    REQUIRE(People(*desk).add_interaction(ana, {.kind = "door", .outcome = "spoke"}));
    desk->close_blocks();
    // The hub took the block long before the time that it names.
    std::vector<BlockOpener::Job> blocks;
    for (const LogOrdinal log : desk->writer().own_logs()) {
        desk->store().visit_blocks(log, {0}, [&](const StoredBlock& block) {
            blocks.push_back({block.bytes, protocol::Acceptance{1, {1'780'000'000'001}}, false});
            return true;
        });
    }
    DirectOpener opener;
    REQUIRE(other->receive(std::move(blocks), opener).entries > 0);
    CHECK(
        digest_of_turf(desk->projection(), desk->store(), desk.north) ==
        digest_of_turf(other->projection(), other->store(), other.north));
}

TEST_CASE("a retracted contact is hidden and comes back whole", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    REQUIRE(people.retract_contact(ana));
    CHECK(Queries(*desk).contacts({}).empty());
    CHECK(Queries(*desk).search("ana").empty());
    CHECK(status_of(*desk).contacts == 0);
    CHECK(Queries(*desk).contacts({.retracted = true}).size() == 1);
    REQUIRE(people.restore_contact(ana));
    CHECK(Queries(*desk).contacts({}).size() == 1);
}

TEST_CASE("what was done is there after the vault was shut and opened", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    REQUIRE(People(*desk).add_interaction(ana, {.kind = "door", .outcome = "spoke"}));
    desk->close_blocks();
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "East"}}}));
    const StateDigest before = status_of(*desk).digest;
    office.reopen(desk);
    CHECK(status_of(*desk).digest == before);
    CHECK(desk->save_snapshot(true));
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "West"}}}));
    const StateDigest after = status_of(*desk).digest;
    office.reopen(desk);
    CHECK_FALSE(desk->opening().rebuilt);
    CHECK(status_of(*desk).digest == after);
    desk->rebuild();
    CHECK(status_of(*desk).digest == after);
}
