#include <catch2/catch.hpp>
#include <functional>

#include "engine/queries/workspace_status.h"
#include "tests/sim/world.h"

/// What the hub puts off, seen from the laptop: nothing is lost, nothing else waits, all is told.
using namespace vereda;
using namespace vereda::sim;

namespace {

using engine::sync::Message;
using engine::sync::Report;
using engine::sync::Trouble;
using protocol::MessageName;
using Answer = std::expected<Bytes, protocol::Refusal>;
using Line = std::function<Answer(const Message&)>;

Answer pass_on(World& world, Laptop& laptop, const Message& message) {
    const engine::Identity& identity = laptop.workspace().identity();
    const server::HubAnswer answer = world.hub->handle(
        {message.name, identity.workspace, identity.keys.http.public_key(), message.body});
    if (answer.status == 200) return answer.body;
    return std::unexpected(protocol::parse_refusal_answer(answer.body)->code);
}

Report sync_over(Laptop& laptop, const Line& line) {
    engine::DirectOpener opener;
    engine::sync::Session session(laptop.workspace(), opener, {});
    return engine::sync::run(session, line);
}

Report sync_plainly(World& world, Laptop& laptop) {
    return sync_over(
        laptop, [&](const Message& message) { return pass_on(world, laptop, message); });
}

void add_contact(Laptop& laptop, const protocol::TurfId& turf, const std::string& name) {
    const auto contact =
        laptop.people().add_contact(*laptop.turf(turf), {.set = {{"given_name", name}}});
    REQUIRE(contact);
    laptop.note(contact->id);
}

std::size_t contacts_of(Laptop& laptop) {
    return engine::Queries(laptop.workspace()).contacts({}).size();
}

/// A founder and one organiser of two turfs, and a hub with next to no room for a device.
struct SmallHub {
    World world{7, calm};
    SmallHub() {
        world.settle(1, 2);
        world.turfs = world.laptops[1]->workspace().roster().turfs_of(
            world.laptops[1]->workspace().identity().keys.device());
        world.sync_all();
        server::HubLimits limits;
        limits.device_bytes_per_day = 1200;
        limits.ended_bytes_per_day = 1200;
        world.hub->limit(limits);
        world.clock.advance_ms(48 * hour_ms);
    }
    Laptop& office() { return *world.laptops[0]; }
    Laptop& laptop() { return *world.laptops[1]; }
    /// One block of its own each.
    void work(int blocks) {
        for (int i = 0; i < blocks; ++i) {
            add_contact(laptop(), world.turfs.back(), "Ana " + std::to_string(i));
            static_cast<void>(laptop().workspace().close_blocks());
        }
    }
    static constexpr std::int64_t hour_ms = 3'600'000;
};

}  // namespace

TEST_CASE("work beyond a day's share waits, is told of, and goes when its time comes", "[sim]") {
    SmallHub scene;
    scene.work(6);
    add_contact(scene.office(), scene.world.turfs.back(), "Bo");
    REQUIRE(scene.world.sync(scene.office(), true));

    const Report report = sync_plainly(scene.world, scene.laptop());
    CHECK(report.trouble == Trouble::none);
    CHECK(report.refused_blocks == 0);
    CHECK(report.pushed_blocks > 0);
    CHECK(report.pushed_blocks < 6);
    CHECK(report.waits.quota == 6 - report.pushed_entries);
    CHECK(report.pulled_entries == 1);  // the rest of the sync went on
    REQUIRE(report.waits.come_again);
    CHECK(*report.waits.come_again > scene.laptop().now());
    const auto status = engine::status_of(scene.laptop().workspace());
    CHECK(status.waits.quota == report.waits.quota);
    CHECK(status.unsynced == report.waits.quota);
    CHECK(status.waits.come_again == report.waits.come_again);

    // Too early: nothing of it is sent for nothing.
    std::size_t pushes = 0;
    const Report early = sync_over(scene.laptop(), [&](const Message& message) {
        pushes += message.name == MessageName::push;
        return pass_on(scene.world, scene.laptop(), message);
    });
    CHECK(pushes == 0);
    CHECK(early.waits.quota == report.waits.quota);

    for (int day = 0; day < 6; ++day) {
        scene.world.clock.advance_ms(24 * SmallHub::hour_ms);
        REQUIRE(scene.world.sync(scene.laptop(), true));
    }
    scene.laptop().open();
    CHECK(engine::status_of(scene.laptop().workspace()).unsynced == 0);
    CHECK(engine::status_of(scene.laptop().workspace()).waits.quota == 0);
    REQUIRE(scene.world.sync(scene.office(), true));
    CHECK(contacts_of(scene.office()) == 7);
    CHECK(scene.world.disagreement_about_people() == "");
}

TEST_CASE("what the hub put off and then refuses is not said to wait", "[sim]") {
    SmallHub scene;
    scene.work(6);
    REQUIRE(sync_plainly(scene.world, scene.laptop()).waits.quota > 1);
    scene.world.hub->limit({});
    scene.world.clock.advance_ms(24 * SmallHub::hour_ms);
    const Report report = sync_over(scene.laptop(), [&](const Message& message) {
        if (message.name != MessageName::push) return pass_on(scene.world, scene.laptop(), message);
        auto push = *protocol::parse_push_request(message.body);
        push.blocks.pop_back();
        const Answer answer =
            pass_on(scene.world, scene.laptop(), {message.name, protocol::encode(push)});
        auto pushed = *protocol::parse_push_answer(*answer);
        pushed.verdicts.push_back({.reason = protocol::BlockRefusal::over_quota});
        return Answer(protocol::encode(pushed));
    });
    CHECK(report.pushed_blocks != 0);
    CHECK(report.refused_blocks == 1);
    CHECK(report.waits.quota == 0);
}

TEST_CASE("a hub that was restored is offered what waits before its time", "[sim]") {
    SmallHub scene;
    FaultyDisk backup;
    backup.become(scene.world.hub->disk());
    scene.work(6);
    const std::uint64_t waited = sync_plainly(scene.world, scene.laptop()).waits.quota;
    REQUIRE(waited != 0);
    scene.world.hub->restore(backup);
    CHECK(sync_plainly(scene.world, scene.laptop()).waits.quota < waited);
}

TEST_CASE("a laptop's clock that is set back holds nothing back from the hub", "[sim]") {
    SmallHub scene;
    scene.work(6);
    REQUIRE(sync_plainly(scene.world, scene.laptop()).waits.quota != 0);
    scene.world.clock.advance_ms(-1000 * SmallHub::hour_ms);
    std::size_t pushes = 0;
    static_cast<void>(sync_over(scene.laptop(), [&](const Message& message) {
        pushes += message.name == MessageName::push;
        return pass_on(scene.world, scene.laptop(), message);
    }));
    CHECK(pushes != 0);
}

TEST_CASE("late work of a retired device, more than a day's share, loses nothing", "[sim]") {
    SmallHub scene;
    scene.work(6);
    scene.world.retire(scene.laptop());
    for (int day = 0; day < 7; ++day) {
        const Report report = sync_plainly(scene.world, scene.laptop());
        CHECK(report.trouble == Trouble::none);
        CHECK(report.refused_blocks == 0);
        scene.world.clock.advance_ms(24 * SmallHub::hour_ms);
    }
    CHECK(engine::status_of(scene.laptop().workspace()).unsynced == 0);
    REQUIRE(scene.world.sync(scene.office(), true));
    CHECK(contacts_of(scene.office()) == 6);
}

TEST_CASE(
    "a hub that lost the roster between two answers gets it, and the block after it", "[sim]") {
    World world(8, calm);
    world.settle(1, 1);
    world.sync_all();
    FaultyDisk backup;
    backup.become(world.hub->disk());
    Laptop& office = *world.laptops[0];
    world.add_turf();
    add_contact(office, world.turfs[0], "Ana");
    bool is_put_back = false;
    const Report report = sync_over(office, [&](const Message& message) {
        if (message.name == MessageName::push && !std::exchange(is_put_back, true)) {
            world.hub->restore(backup);
        }
        return pass_on(world, office, message);
    });
    CHECK(report.trouble == Trouble::none);
    CHECK(report.roster_given != 0);
    CHECK(report.refused_blocks == 0);
    CHECK(report.waits.roster == 0);
    CHECK(engine::status_of(office.workspace()).unsynced == 0);
    world.sync_all();
    CHECK(world.disagreement() == "");
    CHECK(contacts_of(*world.laptops[1]) == 1);
}

TEST_CASE("a hub that goes on lacking the roster is asked no more than once again", "[sim]") {
    World world(9, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(laptop, world.turfs[0], "Ana");
    std::size_t messages = 0;
    const Report report = sync_over(laptop, [&](const Message& message) {
        ++messages;
        if (message.name != MessageName::push) return pass_on(world, laptop, message);
        const auto push = protocol::parse_push_request(message.body);
        REQUIRE(push);
        const protocol::BlockVerdict later{
            .outcome = protocol::PushOutcome::not_yet, .wait = protocol::PushWait::roster};
        return Answer(protocol::encode(
            protocol::PushAnswer{std::vector<protocol::BlockVerdict>(push->blocks.size(), later)}));
    });
    CHECK(report.trouble == Trouble::none);
    CHECK(report.waits.roster != 0);
    CHECK(messages <= 20);
    REQUIRE(world.sync(laptop, true));
    CHECK(engine::status_of(laptop.workspace()).unsynced == 0);
    CHECK(engine::status_of(laptop.workspace()).waits.roster == 0);
}

TEST_CASE("a block that the disk loses while the hub puts it off ends no sync", "[sim][rot]") {
    World world(9, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(laptop, world.turfs[0], "Ana");
    const Report report = sync_over(laptop, [&](const Message& message) {
        if (message.name != MessageName::push) return pass_on(world, laptop, message);
        const auto push = protocol::parse_push_request(message.body);
        REQUIRE(push);
        laptop.workspace().store().database().exec("DELETE FROM blocks");
        const protocol::BlockVerdict later{
            .outcome = protocol::PushOutcome::not_yet, .wait = protocol::PushWait::roster};
        return Answer(protocol::encode(
            protocol::PushAnswer{std::vector<protocol::BlockVerdict>(push->blocks.size(), later)}));
    });
    CHECK(report.waits.roster != 0);
}

TEST_CASE("a hub of before gets the push in the form that it knows", "[sim]") {
    World world(10, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(laptop, world.turfs[0], "Ana");
    std::vector<std::uint64_t> versions;
    const Report report = sync_over(laptop, [&](const Message& message) {
        if (message.name != MessageName::push) return pass_on(world, laptop, message);
        versions.push_back(protocol::parse_push_request(message.body)->version);
        if (versions.back() != 0) return Answer(std::unexpected(protocol::Refusal::malformed));
        return pass_on(world, laptop, message);
    });
    CHECK(report.trouble == Trouble::none);
    CHECK_FALSE(report.refusal);
    CHECK(report.pushed_entries != 0);
    CHECK(versions == std::vector<std::uint64_t>{1, 0});
}

TEST_CASE("a hub that calls every push malformed is not asked for ever", "[sim]") {
    World world(11, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(laptop, world.turfs[0], "Ana");
    const Report report = sync_over(laptop, [&](const Message& message) {
        if (message.name != MessageName::push) return pass_on(world, laptop, message);
        return Answer(std::unexpected(protocol::Refusal::malformed));
    });
    CHECK(report.trouble == Trouble::refused);
    CHECK(report.refusal == protocol::Refusal::malformed);
}
