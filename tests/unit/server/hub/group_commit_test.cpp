#include "server/hub/group_commit.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <latch>

#include "engine/storage/storage_failure.h"
#include "tests/unit/server/folder.h"
#include "tests/unit/server/hub_world.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::MessageName;
using protocol::PushOutcome;

namespace {

HubRequest push_of(const HubWorld& world, Bytes block) {
    return {
        MessageName::push, world.workspace, world.founder.keys.http.public_key(),
        encode(protocol::PushRequest{{std::move(block)}})};
}

PushOutcome outcome_of(const HubAnswer& answer) {
    const auto parsed = protocol::parse_push_answer(answer.body);
    return parsed ? parsed->verdicts.at(0).outcome : PushOutcome::refused;
}

/// Submits a request and gives its answer when there is one.
std::future<HubAnswer> submit(GroupCommit& group, Hub& hub, HubRequest request) {
    auto promise = std::make_shared<std::promise<HubAnswer>>();
    group.submit(hub.prepare(std::move(request)), [promise](HubAnswer answer) {
        promise->set_value(std::move(answer));
    });
    return promise->get_future();
}

}  // namespace

TEST_CASE("many devices at once each get their own answer, all of them durable", "[group]") {
    HubWorld world;
    std::vector<std::vector<Bytes>> blocks(8);
    for (auto& log_blocks : blocks) {
        BlockLog log(world, world.founder, world.east);
        for (int i = 0; i < 20; ++i) log_blocks.push_back(log.next());
    }
    std::atomic<std::size_t> in_groups = 0;
    std::atomic<std::size_t> accepted = 0;
    {
        GroupCommit group(
            *world.hub, {}, [&](std::size_t requests, const HubCounts&) { in_groups += requests; },
            [](GroupFailure, std::string_view) {});
        std::vector<std::thread> devices;
        for (const auto& log_blocks : blocks) {
            devices.emplace_back([&] {
                for (const Bytes& block : log_blocks) {
                    const auto answer = submit(group, *world.hub, push_of(world, block)).get();
                    accepted += outcome_of(answer) == PushOutcome::accepted;
                }
            });
        }
        for (std::thread& device : devices) device.join();
    }
    CHECK(accepted == 160);
    CHECK(in_groups == 160);
    CHECK(world.pull_all(world.founder, world.east).size() == 160);
}

TEST_CASE("what waits during a commit shares the next one", "[group]") {
    HubWorld world;
    std::latch first_committed(1), go_on(1);
    std::vector<std::size_t> groups;
    GroupCommit group(
        *world.hub, {},
        [&](std::size_t requests, const HubCounts&) {
            groups.push_back(requests);
            if (groups.size() == 1) {
                first_committed.count_down();
                go_on.wait();
            }
        },
        [](GroupFailure, std::string_view) {});
    std::vector<std::future<HubAnswer>> answers;
    std::vector<std::unique_ptr<BlockLog>> logs;
    for (int i = 0; i < 6; ++i) {
        logs.push_back(std::make_unique<BlockLog>(world, world.founder, world.east));
        answers.push_back(submit(group, *world.hub, push_of(world, logs.back()->next())));
        if (i == 0) first_committed.wait();
    }
    go_on.count_down();
    for (auto& answer : answers) CHECK(outcome_of(answer.get()) == PushOutcome::accepted);
    group.stop();
    CHECK(groups == std::vector<std::size_t>{1, 5});
}

TEST_CASE("a hub whose queue is full turns away at once", "[group]") {
    HubWorld world;
    std::latch first_committed(1), go_on(1);
    std::size_t groups = 0;
    GroupCommit group(
        *world.hub, {.waiting_max = 1},
        [&](std::size_t, const HubCounts&) {
            if (++groups > 1) return;
            first_committed.count_down();
            go_on.wait();
        },
        [](GroupFailure, std::string_view) {});
    BlockLog log(world, world.founder, world.east);
    auto running = submit(group, *world.hub, push_of(world, log.next()));
    first_committed.wait();
    auto waiting = submit(group, *world.hub, push_of(world, log.next()));
    auto turned_away = submit(group, *world.hub, push_of(world, log.next()));
    // Answered while the store is still busy, or it would have to wait with the others.
    CHECK(turned_away.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
    go_on.count_down();
    CHECK(refusal_of(turned_away.get()) == protocol::Refusal::too_fast);
    CHECK(outcome_of(running.get()) == PushOutcome::accepted);
    CHECK(outcome_of(waiting.get()) == PushOutcome::accepted);
}

TEST_CASE("stopping answers what waits and turns away what comes after", "[group]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    GroupCommit group(
        *world.hub, {}, [](std::size_t, const HubCounts&) {},
        [](GroupFailure, std::string_view) {});
    auto before = submit(group, *world.hub, push_of(world, log.next()));
    group.stop();
    CHECK(outcome_of(before.get()) == PushOutcome::accepted);
    CHECK(submit(group, *world.hub, push_of(world, log.next())).get().status == 429);
}
