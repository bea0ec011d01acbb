#include <catch2/catch.hpp>

#include "engine/queries/workspace_status.h"
#include "tests/sim/chronicle.h"
#include "tests/sim/field_day.h"

using namespace vereda;
using namespace vereda::sim;

TEST_CASE("a hub put back to an old backup gets everything back from its laptops", "[sim]") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        World world(seed, {.laptop_power_loss = 0, .hub_power_loss = 0});
        world.settle(2, 1);
        Chronicle chronicle(world);
        FieldDay(world, chronicle).run(20);
        FaultyDisk backup;
        backup.become(world.hub->disk());

        // Since then: somebody joined, a turf was cut, work was done and seen by some.
        world.turfs.push_back(world.add_turf());
        world.add_organiser(world.turfs);
        FieldDay(world, chronicle).run(60);
        world.sync_all();
        const std::uint64_t entries = world.laptops[0]->workspace().roster().size();

        world.hub->restore(backup);
        REQUIRE(world.sync(*world.laptops[0], true));  // before, the hub knows not everybody
        FieldDay(world, chronicle).run(20);
        world.sync_all();
        const std::string disagreement = world.disagreement();
        REQUIRE(disagreement == "");

        // The hub has it all, and not only those who sent it: a newcomer gets it from there.
        const Laptop& newcomer = world.add_organiser(world.turfs);
        CHECK(newcomer.roster_size() == entries + 2);
        world.sync_all();  // the others learn its name
        REQUIRE(world.disagreement() == "");
    }
}

namespace {

/// A founder and one organiser, and the hub's disk as it was before anything else happened.
struct Restorable {
    World world{5, calm};
    FaultyDisk backup;

    Restorable() {
        world.settle(1, 1);
        world.sync_all();
        backup.become(world.hub->disk());
    }
    Laptop& coordinator() { return *world.laptops[0]; }

    void add_contact(Laptop& laptop, const std::string& name) {
        const auto contact = laptop.people().add_contact(
            *laptop.turf(world.turfs[0]), {.set = {{"given_name", name}}});
        REQUIRE(contact);
        laptop.note(contact->id);
    }
    /// The hub gets the first message of a conversation, and its answer is lost.
    void send_first_message(Laptop& laptop) {
        engine::DirectOpener opener;
        engine::sync::Session session(laptop.workspace(), opener, {});
        const auto message = session.next();
        REQUIRE(message);
        const engine::Identity& identity = laptop.workspace().identity();
        REQUIRE(
            world.hub
                ->handle(
                    {message->name, identity.workspace, identity.keys.http.public_key(),
                     message->body})
                .status == 200);
    }
    /// One conversation to its end, whatever that is.
    engine::sync::Report converse(Laptop& laptop) {
        engine::DirectOpener opener;
        engine::sync::Session session(laptop.workspace(), opener, {});
        const engine::Identity& identity = laptop.workspace().identity();
        return engine::sync::run(session, [&](const engine::sync::Message& message) {
            const server::HubAnswer answer = world.hub->handle(
                {message.name, identity.workspace, identity.keys.http.public_key(), message.body});
            using Answer = std::expected<Bytes, protocol::Refusal>;
            if (answer.status == 200) return Answer(answer.body);
            return Answer(std::unexpected(protocol::parse_refusal_answer(answer.body)->code));
        });
    }
};

}  // namespace

TEST_CASE("an image of the hub's disk, put back, is found out by the first who syncs", "[sim]") {
    Restorable scene;
    World& world = scene.world;
    SECTION("by the roster alone") {
        // No turf's stream has grown: only the head of the roster's own was seen to be longer.
        world.retire(*world.laptops[1]);
        REQUIRE(world.sync(scene.coordinator(), true));
        world.laptops.pop_back();
    }
    SECTION("by the roster and who joined by it") {
        world.turfs.push_back(world.add_turf());
        world.add_organiser(world.turfs);
        world.sync_all();
    }
    SECTION("by a turf") {
        scene.add_contact(*world.laptops[1], "Ana");
        world.sync_all();
    }
    world.hub->go_back_to(scene.backup);
    REQUIRE(world.hub->epoch() == 1);

    REQUIRE(world.sync(scene.coordinator(), true));
    CHECK(world.hub->epoch() == 2);
    world.sync_all();
    CHECK(world.disagreement() == "");
    const Laptop& newcomer = world.add_organiser(world.turfs);
    CHECK(newcomer.roster_size() == scene.coordinator().roster_size() + 1);
    CHECK(world.hub->epoch() == 2);
}

TEST_CASE("nobody joins a restored hub before a coordinator has read its roster", "[sim]") {
    Restorable scene;
    World& world = scene.world;
    Laptop& newcomer = world.add_laptop(world.turfs);
    scene.backup.become(world.hub->disk());
    world.add_turf();
    world.hub->restore(scene.backup);

    const auto turned_away = scene.converse(newcomer);
    CHECK(turned_away.trouble == engine::sync::Trouble::refused);
    CHECK(turned_away.refusal == protocol::Refusal::restored);
    // An organiser confirms nothing, though by the second sync it stands at the roster's end.
    REQUIRE(world.sync(*world.laptops[1], true));
    REQUIRE(world.sync(*world.laptops[1], true));
    CHECK(scene.converse(newcomer).refusal == protocol::Refusal::restored);
    // Nor does a coordinator whose first answer was lost: it may have more than the hub.
    scene.send_first_message(scene.coordinator());
    CHECK(scene.converse(newcomer).refusal == protocol::Refusal::restored);
    REQUIRE(world.sync(scene.coordinator(), true));
    CHECK(scene.converse(newcomer).trouble == engine::sync::Trouble::none);
    world.sync_all();
    CHECK(world.disagreement() == "");
    world.hub->lose_power(std::nullopt);
    world.add_organiser(world.turfs);  // and that is not forgotten
}

TEST_CASE("an invite that a restored hub has lost lets its newcomer in again", "[sim]") {
    Restorable scene;
    World& world = scene.world;
    Laptop& newcomer = world.add_laptop(world.turfs);
    scene.add_contact(scene.coordinator(), "Ana");
    REQUIRE(world.sync(*world.laptops[1], true));  // knows of the invite now, without its keys
    world.hub->restore(scene.backup);
    SECTION("given back by its author") {}
    SECTION("given back without its keys by somebody else first") {
        REQUIRE(world.sync(*world.laptops[1], true));
    }
    REQUIRE(world.sync(scene.coordinator(), true));
    REQUIRE(world.sync(newcomer, true));
    world.sync_all();
    CHECK(world.disagreement() == "");
    CHECK(engine::Queries(newcomer.workspace()).contacts({}).size() == 1);
}

TEST_CASE("a change made after a restore is not taken for one that was lost", "[sim]") {
    Restorable scene;
    World& world = scene.world;
    world.hub->restore(scene.backup);
    REQUIRE(world.sync(scene.coordinator(), true));
    world.add_turf();
    CHECK(scene.converse(scene.coordinator()).roster_given == 0);
}

TEST_CASE("who joined unseen and was lost with the hub puts itself back", "[sim]") {
    Restorable scene;
    World& world = scene.world;
    Laptop& newcomer = world.add_organiser(world.turfs);  // the coordinator has not heard of it
    scene.add_contact(newcomer, "Ana");
    world.hub->restore(scene.backup);
    CHECK(scene.converse(newcomer).refusal == protocol::Refusal::bad_signature);  // no invite there
    REQUIRE(world.sync(scene.coordinator(), true));
    REQUIRE(world.sync(newcomer, true));
    world.sync_all();
    CHECK(world.disagreement() == "");
    CHECK(engine::Queries(scene.coordinator().workspace()).contacts({}).size() == 1);
}

TEST_CASE("a roster that has parted is told of, and what was written by it waits", "[sim]") {
    Restorable scene;
    World& world = scene.world;
    const auto other = scene.coordinator().clone(77, world.clock);
    scene.add_contact(scene.coordinator(), "Zoe");
    static_cast<void>(scene.coordinator().workspace().close_blocks());  // by the roster of before
    world.add_turf();
    world.hub->restore(scene.backup);
    REQUIRE(world.sync(*other, true));  // stands at the end of what the backup has
    world.add_turf(*other);

    scene.add_contact(scene.coordinator(), "Ana");
    const auto report = scene.converse(scene.coordinator());
    CHECK(report.trouble == engine::sync::Trouble::roster_split);
    CHECK(report.pushed_entries == 1);
    CHECK(report.refused_blocks == 0);
    CHECK(report.waits.roster == 1);
    REQUIRE(scene.coordinator().workspace().roster().forks().size() == 1);
    scene.coordinator().open();
    CHECK(scene.coordinator().workspace().roster().forks().size() == 1);
    scene.add_contact(scene.coordinator(), "Bo");
    const auto again = scene.converse(scene.coordinator());
    CHECK(again.trouble == engine::sync::Trouble::roster_split);
    CHECK(again.waits.roster == 2);
    const auto status = engine::status_of(scene.coordinator().workspace());
    CHECK(status.unsynced == 2);  // nothing is lost
    CHECK(status.waits.roster == 2);
}
