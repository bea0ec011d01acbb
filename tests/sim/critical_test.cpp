#include <catch2/catch.hpp>

#include "protocol/log/event.h"
#include "tests/sim/hand.h"

/// Entries of a later version that are marked critical: they mark, they do not forbid.
using namespace vereda;
using namespace vereda::sim;

namespace {

constexpr auto type_of_a_later_version = static_cast<protocol::EventType>(99);

// A coordinator, an organiser, and a contact that both have.
struct Office {
    Office() : world(7, calm) {
        world.settle(1, 1);
        const auto added = coordinator().people().add_contact(
            *coordinator().turf(world.turfs[0]),
            {.set = {{"given_name", "Rosa"}}, .consents = {{"sms", true}}});
        VEREDA_ASSERT(added);
        contact = added->id;
        world.sync_all();
        const engine::StoredBlock block = *coordinator().workspace().store().block_holding(contact);
        row = {
            coordinator().workspace().store().info(contact.log()).log, contact.seq(),
            start_of(block.hash)};
    }

    Laptop& coordinator() { return *world.laptops[0]; }
    Laptop& organiser() { return *world.laptops[1]; }
    engine::LocalDot contact_at(Laptop& laptop) {
        engine::LogStore& store = laptop.workspace().store();
        return engine::LocalDot::of(*store.find_log(row.log), contact.seq());
    }

    // Everybody reads a critical entry about the contact that one of the two has written.
    void bind_by(Laptop& author) {
        Hand hand(author, world.turfs[0], 1);
        const Bytes entry = Hand::entry(
            type_of_a_later_version, {1, contact.seq()}, std::nullopt, Bytes{0x80}, true);
        const Hand::Block& block = hand.close({entry}, {row});
        for (const auto& laptop : world.laptops) hand_to(*laptop, {block.wire});
    }

    auto rename(Laptop& laptop) {
        return laptop.people().edit_contact(
            contact_at(laptop), {.set = {{"given_name", "Rosalía"}}});
    }

    World world;
    engine::LocalDot contact;
    protocol::TableRow row;
};

}  // namespace

TEST_CASE("an organiser's critical entry binds nobody", "[sim][critical]") {
    Office office;
    office.bind_by(office.organiser());
    CHECK(office.rename(office.coordinator()));
    CHECK(office.rename(office.organiser()));
}

TEST_CASE("a coordinator's critical entry binds edits and nothing else", "[sim][critical]") {
    Office office;
    office.bind_by(office.coordinator());
    Laptop& laptop = office.organiser();
    const engine::LocalDot contact = office.contact_at(laptop);
    const auto refused = office.rename(laptop);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().problem == engine::ActionProblem::read_only);
    CHECK(refused.error().about == "Coordinator");
    CHECK(laptop.people().add_interaction(contact, {.kind = "door", .outcome = "spoke"}));
    CHECK(laptop.people().edit_contact(contact, {.consents = {{"sms", false}}}));
    CHECK(laptop.people().retract_contact(contact));
}

TEST_CASE(
    "a coordinator lifts what a critical entry binds, and an organiser cannot", "[sim][critical]") {
    Office office;
    office.bind_by(office.coordinator());
    const auto by_organiser =
        office.organiser().people().release_contact(office.contact_at(office.organiser()));
    REQUIRE_FALSE(by_organiser);
    CHECK(by_organiser.error().problem == engine::ActionProblem::no_authority);
    CHECK(office.coordinator().people().release_contact(office.contact));
    office.world.sync_all();
    CHECK(office.world.disagreement() == "");
    CHECK(office.rename(office.organiser()));
}

TEST_CASE(
    "a visit that a critical entry binds can be retracted and not corrected", "[sim][critical]") {
    Office office;
    Laptop& laptop = office.coordinator();
    const auto added =
        laptop.people().add_interaction(office.contact, {.kind = "door", .outcome = "spoke"});
    REQUIRE(added);
    const engine::LocalDot visit = *added;
    office.world.sync_all();
    const engine::StoredBlock block = *laptop.workspace().store().block_holding(visit);
    Hand hand(laptop, office.world.turfs[0], 2);
    const Bytes entry = Hand::entry(
        type_of_a_later_version, {1, visit.seq()}, protocol::Reference{1, office.contact.seq()},
        Bytes{0x80}, true);
    hand_to(
        laptop, {hand.close({entry}, {{office.row.log, visit.seq(), start_of(block.hash)}}).wire});
    CHECK_FALSE(laptop.people().correct_interaction(visit, {.outcome = "refused"}));
    CHECK(laptop.people().retract_interaction(visit));
}
