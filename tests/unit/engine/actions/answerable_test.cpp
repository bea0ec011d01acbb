#include <catch2/catch.hpp>

#include "engine/actions/edit_draft.h"
#include "engine/actions/shown_effect.h"
#include "engine/merge/consent.h"
#include "engine/queries/workspace_status.h"
#include "engine/replay/digest.h"
#include "engine/schema/fields.h"
#include "tests/unit/engine/log/hand.h"

/// What somebody wrote, however often and of whatever, can be answered and can be sent.

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;
using protocol::EventType;

namespace {

constexpr std::size_t crowd = 5000;  // more than one entry names

/// A contact about whom a member wrote so many entries that no single one can answer them. What
/// they said is put into the state as it would be merged: merging them one by one is not at issue.
struct Crowded {
    Office office;
    Desk& carla = office.coordinator();
    Desk& omar = office.join("Omar");
    LocalDot ana = add_person(carla, "Ana", "Ruiz");
    std::vector<LocalDot> theirs;

    Crowded() {
        office.carry_all();
        Hand hand(omar);
        const protocol::Seq first = hand.next();
        hand.write_voids(crowd);
        hand.give(carla);
        const auto log = carla->store().find_log(hand.log());
        REQUIRE(log);
        for (std::size_t i = 0; i < crowd; ++i)
            theirs.push_back(LocalDot::of(*log, {first.value + i}));
    }
    void merge(RecordState::Slot slot, std::string_view value) {
        const auto add_all = [&](MergeTarget& state, const AppliedDots&) {
            std::size_t different = 0;
            for (const LocalDot dot : theirs) {
                const Bytes text = protocol::text_value(std::to_string(++different));
                state.add(slot, dot, value.empty() ? as_text(text) : value, {}, 1);
            }
        };
        carla->projection().contacts().change(ana, {}, add_all);
    }
    RecordState state() { return carla->projection().contacts().load(ana)->state; }
    bool closes() {
        const LogWriter::Closed closed = carla->close_blocks();
        return closed.set_aside == 0 && carla->store().open_count() == 0;
    }
};

template <class Result>
ActionProblem problem_of(const Result& result) {
    REQUIRE_FALSE(result);
    return result.error().problem;
}

Bytes outcome_edit(std::uint64_t code) {
    const Bytes value = protocol::term_value({code, {}});
    return protocol::encode(protocol::Edit{
        .writes = {{.kind = protocol::Write::Kind::set_register, .field = 102, .value = value}}});
}

Bytes field_edit(std::uint64_t field, ByteView value) {
    return protocol::encode(protocol::Edit{
        .writes = {{.kind = protocol::Write::Kind::set_register, .field = field, .value = value}}});
}

/// Nothing has been applied: every removal comes early.
struct NothingApplied : AppliedDots {
    [[nodiscard]] bool applied(LocalDot) const override { return false; }
};

}  // namespace

TEST_CASE("a contact that was retracted thousands of times is restored", "[people]") {
    Crowded crowded;
    crowded.merge({retracted_slot, {}}, "");
    const auto restored = People(*crowded.carla).restore_contact(crowded.ana);
    REQUIRE(restored);
    CHECK(restored->entries == 2);
    CHECK_FALSE(crowded.state().retracted());
    CHECK(crowded.closes());
}

TEST_CASE("a consent that was withdrawn thousands of times is lifted", "[people]") {
    Crowded crowded;
    const std::string sms = consent_element({3, {}}, 0);
    crowded.merge({consent_slot, sms}, consent_value(protocol::ConsentState::withdrawn));
    const auto lifted = People(*crowded.carla)
                            .lift_consent(crowded.ana, "sms", std::string(20'000, 'e') + " asked");
    REQUIRE(lifted);
    CHECK(lifted->entries >= 2);
    CHECK(consent_of(crowded.state(), {3, {}}, 0)->state == protocol::ConsentState::given);
    CHECK(crowded.closes());
}

TEST_CASE("a field with thousands of values is settled, and edited", "[people]") {
    Crowded crowded;
    crowded.merge({field::phone, {}}, "");
    const auto settled = People(*crowded.carla).settle_conflict(crowded.ana, "phone", "17");
    REQUIRE(settled);
    CHECK(settled->entries >= 2);
    const RecordState after = crowded.state();
    const auto live = after.live(field::phone);
    REQUIRE(live.size() == 1);
    CHECK(live.front()->dot == settled->entry);
    CHECK(shown(crowded.carla, crowded.ana, "phone") == "17");
    CHECK(crowded.closes());

    Crowded again;
    again.merge({field::notes, {}}, "");
    const std::string note(30'000, 'n');
    const auto edited = People(*again.carla)
                            .edit_contact(
                                again.ana, {.set = {{"notes", note}, {"city", "Cali"}},
                                            .add = {{"tags", "driver"}}});
    REQUIRE(edited);
    CHECK(edited->entries >= 2);
    CHECK(shown(again.carla, again.ana, "notes") == note);
    CHECK(shown(again.carla, again.ana, "city") == "Cali");
    CHECK(again.closes());
}

TEST_CASE("many entries of one action come together or not at all", "[people]") {
    Crowded crowded;
    crowded.merge({retracted_slot, {}}, "");
    const std::uint64_t before = unsynced_entries(*crowded.carla);
    crowded.carla->begin_group();
    REQUIRE(People(*crowded.carla).restore_contact(crowded.ana));
    crowded.carla.workspace.reset();  // before the group's commit
    crowded.office.reopen(crowded.carla);
    CHECK(unsynced_entries(*crowded.carla) == before);
}

TEST_CASE("nothing is written to a visit whose contact is not here", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    Desk& omar = office.join("Omar");
    office.carry_all();
    Hand hand(omar);
    protocol::LogId nobody;
    nobody.bytes.fill(9);
    const Bytes visit = protocol::encode(protocol::InteractionCreate{.kind = {1, {}}});
    const Bytes one = outcome_edit(1), two = outcome_edit(2);
    const protocol::Reference ghost{1, {5}}, record{0, hand.next()};
    hand.write(
        {{.type = 2, .record = record, .parent = ghost, .body = visit},
         {.type = 3, .record = record, .parent = ghost, .body = one},
         {.type = 3, .record = record, .parent = ghost, .body = two}},
        {{nobody, {5}, {}}});
    hand.give(carla);
    const LocalDot planted = LocalDot::of(*carla->store().find_log(hand.log()), record.seq);
    REQUIRE(Queries(*carla).interaction(planted));
    CHECK(Queries(*carla).conflicts().empty());

    const std::uint64_t before = unsynced_entries(*carla);
    People people(*carla);
    using enum ActionProblem;
    CHECK(
        problem_of(people.settle_interaction_conflict(planted, "outcome", "spoke")) ==
        contact_not_here);
    CHECK(problem_of(people.correct_interaction(planted, {.note = "x"})) == contact_not_here);
    CHECK(problem_of(people.retract_interaction(planted)) == contact_not_here);
    CHECK(problem_of(people.restore_interaction(planted)) == contact_not_here);
    CHECK(unsynced_entries(*carla) == before);
    CHECK(carla->close_blocks().set_aside == 0);
}

TEST_CASE("an action that does not show is not answered as done", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    People people(*carla);
    // The next entries of this laptop, named as replaced before they are written.
    const auto end_in_advance = [&](RecordState::Slot slot) {
        const LocalDot next{
            LocalDot::of(ana.log(), carla->projection().frontier().read_to(ana.log())).value + 1};
        const auto remove = [&](MergeTarget& state, const AppliedDots&) {
            state.remove(slot, next, {}, NothingApplied{});
        };
        carla->projection().contacts().change(ana, {}, remove);
    };
    const std::string phone = consent_element({2, {}}, 0);
    end_in_advance({field::phone, {}});
    CHECK(
        problem_of(people.edit_contact(ana, {.set = {{"phone", "+573001234567"}}})) ==
        ActionProblem::no_effect);
    end_in_advance({consent_slot, phone});
    CHECK(
        problem_of(people.edit_contact(ana, {.consents = {{"phone", false}}})) ==
        ActionProblem::no_effect);
    end_in_advance({retracted_slot, {}});
    CHECK(problem_of(people.retract_contact(ana)) == ActionProblem::no_effect);

    CHECK(people.edit_contact(ana, {.set = {{"phone", "+573001234567"}}}));
    CHECK(people.edit_contact(ana, {.consents = {{"phone", false}}}));
    CHECK(people.retract_contact(ana));
    CHECK(people.edit_contact(ana, {.set = {{"city", "Cali"}}}));  // hidden, and done
    CHECK(people.restore_contact(ana));
    CHECK(people.lift_consent(ana, "phone", "said so"));
}

TEST_CASE("what an action ends and still stands does not show", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    People people(*carla);
    const auto added = people.add_contact(
        carla.north, {.set = {{"given_name", "Ana"}}, .add = {{"tags", "driver"}}});
    REQUIRE(added);
    const LocalDot ana = added->id;
    const auto retracted = people.retract_contact(ana);
    REQUIRE(retracted);

    // None of these is written.
    EditDraft edit(ana, ana.log());
    edit.remove(field::tags, protocol::text_value("driver"), std::vector{ana});
    CHECK_FALSE(effect_shows(*carla, retracted->entry, *edit.entries(ana)));
    const protocol::Restore event{over_of(std::vector{retracted->entry}, ana, ana.log())};
    const EntryDraft restore{
        .type = EventType::restore, .record = ana, .body = protocol::encode(event)};
    CHECK_FALSE(effect_shows(*carla, retracted->entry, {restore}));

    const auto bind = [&](MergeTarget& state, const AppliedDots&) {
        state.add({critical_slot, {}}, ana, {}, {}, 0);
    };
    carla->projection().contacts().change(ana, {}, bind);
    const EntryDraft lift{.type = EventType::critical_lift, .record = ana};
    CHECK_FALSE(effect_shows(*carla, retracted->entry, {lift}));
}

TEST_CASE("a visit that is retracted does not show", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    const auto visit = People(*carla).add_interaction(ana, {"door", "spoke", "", {}});
    REQUIRE(visit);
    const EntryDraft created{.type = EventType::interaction_create, .parent = ana};
    CHECK(effect_shows(*carla, *visit, {created}));
    REQUIRE(People(*carla).retract_interaction(*visit));
    CHECK_FALSE(effect_shows(*carla, *visit, {created}));
}

TEST_CASE("a conflict in a field that no program knows is settled by its number", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    Desk& omar = office.join("Omar");
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    office.carry_all();
    const LocalDot for_omar =
        LocalDot::of(*omar->store().find_log(carla->store().info(ana.log()).log), ana.seq());
    const Bytes seven{0x07};
    const auto write = [](Desk& desk, LocalDot contact, ByteView value) {
        desk->append(
            desk.north,
            {.type = EventType::edit, .record = contact, .body = field_edit(999, value)});
    };
    write(carla, ana, protocol::text_value("seven"));
    write(omar, for_omar, seven);
    office.carry_all();

    const auto conflicts = Queries(*carla).conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].field == "999");
    People people(*carla);
    CHECK(problem_of(people.settle_conflict(ana, "999", "8")) == ActionProblem::not_among_values);
    CHECK(problem_of(people.settle_conflict(ana, "1001", "7")) == ActionProblem::unknown_field);
    CHECK(problem_of(people.settle_conflict(ana, "0", "7")) == ActionProblem::unknown_field);
    REQUIRE(people.settle_conflict(ana, "999", "7"));
    const auto row = carla->projection().contacts().load(ana);
    REQUIRE(row->state.live(999).size() == 1);
    CHECK(as_bytes(row->state.live(999).front()->value)[0] == 7);
    office.carry_all();
    CHECK(Queries(*omar).conflicts().empty());
}

TEST_CASE("a channel of consent with the code 0 is lifted as it was withdrawn", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    const protocol::Edit edit{
        .writes = {
            {.kind = protocol::Write::Kind::consent,
             .consent = {.channel = {0, {}}, .state = protocol::ConsentState::withdrawn}}}};
    carla->append(
        carla.north, {.type = EventType::edit, .record = ana, .body = protocol::encode(edit)});
    const auto consents = Queries(*carla).contact(ana)->consents;
    REQUIRE(consents.size() == 1);
    REQUIRE(People(*carla).lift_consent(ana, consents[0].channel, "said so"));
    const auto after = Queries(*carla).contact(ana)->consents;
    REQUIRE(after.size() == 1);
    CHECK(after[0].given);
}

TEST_CASE("a yes and a no for one channel in one action are refused", "[people]") {
    Office office;
    Desk& carla = office.coordinator();
    const LocalDot ana = add_person(carla, "Ana", "Ruiz");
    People people(*carla);
    const std::vector<ConsentText> both{{"sms", false}, {"SMS", true}};
    CHECK(problem_of(people.edit_contact(ana, {.consents = both})) == ActionProblem::given_twice);
    CHECK(
        problem_of(
            people.add_contact(carla.north, {.set = {{"name", "Rosa"}}, .consents = both})) ==
        ActionProblem::given_twice);
    CHECK(people.edit_contact(ana, {.consents = {{"sms", false}, {"SMS", false}}}));
}
