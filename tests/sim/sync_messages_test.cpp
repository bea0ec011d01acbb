#include <catch2/catch.hpp>

#include "tests/sim/world.h"

using namespace vereda;
using namespace vereda::sim;
using protocol::MessageName;

namespace {

/// What was said in one conversation.
struct Talk {
    std::vector<MessageName> asked;
    engine::sync::Report report;
};

/// A word for word conversation; `change` may alter the hub's answers.
template <class Change>
Talk talk(World& world, Laptop& laptop, Change change, engine::sync::Plan plan = {}) {
    engine::DirectOpener opener;
    engine::sync::Session session(laptop.workspace(), opener, plan);
    const engine::Identity& identity = laptop.workspace().identity();
    Talk talk;
    while (const auto message = session.next()) {
        talk.asked.push_back(message->name);
        server::HubAnswer answer = world.hub->handle(
            {message->name, identity.workspace, identity.keys.http.public_key(), message->body});
        REQUIRE(answer.status == 200);
        change(message->name, answer.body);
        session.receive(answer.body);
    }
    talk.report = session.report();
    return talk;
}

Talk talk(World& world, Laptop& laptop) {
    return talk(world, laptop, [](MessageName, Bytes&) {});
}

/// The link goes after this many messages; the hub's answer to the last one is lost.
void talk_until_cut(World& world, Laptop& laptop, int messages, engine::sync::Plan plan) {
    engine::DirectOpener opener;
    engine::sync::Session session(laptop.workspace(), opener, plan);
    const engine::Identity& identity = laptop.workspace().identity();
    while (messages-- > 0) {
        const auto message = session.next();
        REQUIRE(message);
        const server::HubAnswer answer = world.hub->handle(
            {message->name, identity.workspace, identity.keys.http.public_key(), message->body});
        if (messages > 0) session.receive(answer.body);
    }
}

/// Some 15 KB that do not compress: a score of them fills an answer.
std::string long_note(Dice& dice) {
    std::string note;
    while (note.size() < 15'000) note += static_cast<char>('!' + dice.up_to(90));
    return note;
}

std::size_t blocks_in(const std::vector<protocol::PulledTurf>& turfs) {
    std::size_t blocks = 0;
    for (const protocol::PulledTurf& turf : turfs) blocks += turf.blocks.size();
    return blocks;
}

/// Everyone is up to date.
std::unique_ptr<World> settled_world() {
    auto world = std::make_unique<World>(3, calm);
    world->settle(2, 1);
    world->sync_all();
    return world;
}

void add_people(World& world, Laptop& laptop, int count) {
    for (int i = 0; i < count; ++i) {
        REQUIRE(laptop.people().add_contact(
            *laptop.turf(world.turfs[0]), {.set = {{"given_name", "Ana"}}}));
    }
}

}  // namespace

TEST_CASE("a sync with nothing to send is one request", "[sim][sync]") {
    const auto world = settled_world();
    CHECK(talk(*world, *world->laptops[1]).asked == std::vector{MessageName::roster_read});
    add_people(*world, *world->laptops[2], 3);
    talk(*world, *world->laptops[2]);
    const Talk talked = talk(*world, *world->laptops[1]);
    CHECK(talked.asked == std::vector{MessageName::roster_read});
    CHECK(talked.report.pulled_entries == 3);
}

TEST_CASE(
    "a sync with something to send is two requests, and none of it comes back", "[sim][sync]") {
    const auto world = settled_world();
    add_people(*world, *world->laptops[2], 1);
    talk(*world, *world->laptops[2]);
    add_people(*world, *world->laptops[1], 5);
    std::size_t served = 0;
    const Talk talked = talk(*world, *world->laptops[1], [&](MessageName name, Bytes& body) {
        if (name == MessageName::push)
            served += blocks_in(protocol::parse_push_answer(body)->turfs);
    });
    CHECK(talked.asked == std::vector{MessageName::roster_read, MessageName::push});
    CHECK(talked.report.pushed_entries == 5);
    CHECK(talked.report.pulled_entries == 1);
    CHECK(served == 1);
    const Talk after = talk(*world, *world->laptops[1]);
    CHECK(after.report.pulled_blocks == 0);
}

TEST_CASE("of a push in several messages nothing comes back either", "[sim][sync]") {
    const auto world = settled_world();
    Laptop& laptop = *world->laptops[1];
    for (int i = 0; i < 4; ++i) {
        add_people(*world, laptop, 1);
        laptop.workspace().close_blocks();
    }
    const Talk talked = talk(*world, laptop, [](MessageName, Bytes&) {}, {.push_bytes_max = 1});
    CHECK(talked.report.pushed_blocks == 4);
    CHECK(talked.report.pulled_blocks == 0);
    CHECK(talk(*world, laptop).report.pulled_blocks == 0);
}

TEST_CASE("a hub that gave a push another leaf than its chain has is found out", "[sim][sync]") {
    const auto world = settled_world();
    add_people(*world, *world->laptops[1], 1);
    const Talk talked = talk(*world, *world->laptops[1], [](MessageName name, Bytes& body) {
        if (name != MessageName::push) return;
        auto answer = *protocol::parse_push_answer(body);
        answer.verdicts.at(0).leaf.accepted.value += 1;
        body = encode(answer);
    });
    CHECK(talked.report.trouble == engine::sync::Trouble::hub_contradicts);
}

TEST_CASE("a hub in a new epoch is offered everything and serves none of it back", "[sim][sync]") {
    const auto world = settled_world();
    for (const bool with_work : {true, false}) {
        CAPTURE(with_work);
        world->hub->begin_epoch(with_work ? 2 : 3);
        Laptop& laptop = *world->laptops[1];
        if (with_work) add_people(*world, laptop, 2);
        const Talk talked = talk(*world, laptop);
        CHECK(talked.report.trouble == engine::sync::Trouble::none);
        CHECK(talked.asked.size() == (with_work ? 3 : 2));
        CHECK(talked.report.pushed_entries == (with_work ? 2 : 0));
        CHECK(talked.report.pulled_blocks == 0);
        CHECK(talk(*world, laptop).asked == std::vector{MessageName::roster_read});
        world->sync_all();
        CHECK(world->disagreement().empty());
    }
}

TEST_CASE("turfs wait for each other's bytes in a newcomer's first sync", "[sim][sync]") {
    World world(4, calm);
    world.settle(0, 2);
    Laptop& coordinator = *world.laptops[0];
    const std::string note = long_note(world.dice);
    for (const protocol::TurfId& turf : world.turfs) {
        for (int i = 0; i < 30; ++i) {
            REQUIRE(coordinator.people().add_contact(
                *coordinator.turf(turf), {.set = {{"given_name", "Ana"}, {"notes", note}}}));
            coordinator.workspace().close_blocks();
        }
    }
    REQUIRE(world.sync(coordinator, true));
    Laptop& newcomer = world.add_organiser(world.turfs);  // its first sync, to the end
    CHECK(engine::Queries(newcomer.workspace()).contacts({}).size() == 60);
}

TEST_CASE(
    "an offer to a restored hub that a link cut short goes on in the next sync", "[sim][sync]") {
    const auto world = settled_world();
    FaultyDisk backup;
    backup.become(world->hub->disk());
    Laptop& laptop = *world->laptops[1];
    for (int i = 0; i < 4; ++i) {
        add_people(*world, laptop, 1);
        talk(*world, laptop);
    }
    world->hub->restore(backup);
    const engine::sync::Plan one_block_a_push{.push_bytes_max = 1};
    talk_until_cut(*world, laptop, 3, one_block_a_push);
    laptop.open();
    const Talk rest = talk(
        *world, laptop, [](MessageName, Bytes&) {}, one_block_a_push);
    std::uint64_t blocks = 0;
    engine::LogStore& store = laptop.workspace().store();
    for (std::uint32_t log = 1; log <= store.log_count(); ++log)
        if (store.head({log})) blocks += store.head({log})->block_no + 1;
    // One was answered before the cut: it is not offered again.
    CHECK(std::ranges::count(rest.asked, MessageName::push) == static_cast<int>(blocks) - 1);
    Laptop& newcomer = world->add_organiser(world->turfs);
    CHECK(engine::Queries(newcomer.workspace()).contacts({}).size() == 4);
}
