#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <limits>
#include <thread>

#include "engine/roster/roster_writer.h"
#include "protocol/domain.h"
#include "protocol/log/block.h"
#include "server/hub/group_commit.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/sim/faulty_vfs.h"

/// The hub on a disk that fills up.
namespace vereda::sim {
namespace {

using protocol::MessageName;
using server::GroupFailure;
using server::HubAnswer;

/// One founder's device, a hub on a faulty disk, and a log of noise in `common`.
struct FullHub {
    FaultyDisk disk;
    FaultyVfs vfs{disk};
    crypto::SeededEntropy entropy{3};
    engine::FakeClock clock{{1'800'000'000'000}};
    engine::DeviceSecrets founder = engine::DeviceSecrets::generate(entropy);
    crypto::SigningKey hub_key = crypto::SigningKey::generate(entropy);
    server::MemoryTokens tokens;
    std::unique_ptr<server::SqliteStore> store;
    std::unique_ptr<server::Hub> hub;
    protocol::WorkspaceId workspace;
    protocol::Core core;

    FullHub() {
        open();
        const auto recovery = crypto::SigningKey::generate(entropy);
        auto made = engine::found(founder, recovery.public_key(), std::nullopt, entropy);
        workspace = made.workspace;
        protocol::FoundRequest request;
        request.token = {entropy.bytes<16>()};
        tokens.add(request.token);
        for (const engine::WrittenEntry& entry : made.entries) {
            request.entries.push_back(entry.wire);
            if (!entry.wraps.empty()) request.wraps.push_back({entry.position, entry.wraps});
        }
        REQUIRE(hub->handle(message(MessageName::found, encode(request))).status == 200);
        core.device = founder.device();
        core.turf = protocol::common_turf(workspace);
        core.incarnation = {entropy.bytes<16>()};
        core.count = 1;
        engine::Roster roster(workspace);
        REQUIRE(roster.append(request.entries[0]).has_value());
        core.roster_hash = roster.last_hash();
    }

    void open() {
        auto opened = server::SqliteStore::open({.path = "/hub/hub.db", .vfs = vfs.name()});
        REQUIRE(opened);
        store = *std::move(opened);
        hub = std::make_unique<server::Hub>(
            *store, tokens, clock, hub_key.clone(), server::HubConfig{});
    }

    void restart_after_power_loss() {
        disk.lose_power();
        hub.reset();
        store.reset();
        disk.restart();
        open();
    }

    [[nodiscard]] server::HubRequest message(MessageName name, Bytes body) const {
        return {name, workspace, founder.http.public_key(), std::move(body)};
    }

    Bytes next_block() {
        Bytes payload(4000);
        entropy.fill(payload);
        core.root = {entropy.bytes<32>()};
        Bytes header = protocol::encode_core(core);
        append(header, protocol::payload_hash(payload).view());
        core.previous = protocol::block_hash(workspace, header);
        core.block_no += 1;
        core.first_seq = core.first_seq.next();
        return protocol::encode_block(
            header, protocol::sign_block(workspace, header, founder.signing), payload);
    }

    /// The answer to a push, before the hub tidies up.
    HubAnswer push_untidied(const Bytes& block) const {
        const auto request =
            hub->prepare(message(MessageName::push, encode(protocol::PushRequest{{block}})));
        server::PreparedRequest* const group[] = {request.get()};
        hub->run(group);
        return hub->finish(*request);
    }

    [[nodiscard]] std::vector<Bytes> stored() const {
        constexpr auto all = std::numeric_limits<std::uint32_t>::max();
        server::Footprint footprint;
        footprint.workspaces[workspace].turfs.insert(core.turf);
        const server::StreamEnd end = store->begin(footprint).at(workspace).streams.at(core.turf);
        store->commit();
        std::vector<Bytes> blocks;
        for (auto& stored : store->streams().blocks_after(end.no, 0, all, all, 0, false)) {
            blocks.push_back(std::move(stored.block));
        }
        return blocks;
    }

    HubAnswer push(server::GroupCommit& group, const Bytes& block) {
        std::promise<HubAnswer> answer;
        group.submit(
            hub->prepare(message(MessageName::push, encode(protocol::PushRequest{{block}}))),
            [&answer](HubAnswer given) { answer.set_value(std::move(given)); });
        return answer.get_future().get();
    }
};

bool is_accepted(const HubAnswer& answer) {
    const auto parsed = protocol::parse_push_answer(answer.body);
    return parsed && parsed->verdicts.at(0).outcome == protocol::PushOutcome::accepted;
}

}  // namespace

TEST_CASE("a full disk acknowledges nothing, and the hub goes on when there is room", "[hub]") {
    FullHub on;
    std::vector<GroupFailure> failures;
    server::GroupCommit group(
        *on.hub, {}, [](std::size_t, const server::HubCounts&) {},
        [&](GroupFailure failure, std::string_view) { failures.push_back(failure); });
    std::uint64_t used = 0;
    for (const std::string& path : on.disk.paths()) used += on.disk.contents(path)->size();
    on.disk.set_capacity(used + 40'000);

    std::vector<Bytes> acknowledged;
    Bytes block = on.next_block();
    while (acknowledged.size() < 100) {
        const HubAnswer answer = on.push(group, block);
        if (answer.status != 200) {
            CHECK(answer.status == 500);
            break;
        }
        REQUIRE(is_accepted(answer));
        acknowledged.push_back(std::exchange(block, on.next_block()));
    }
    REQUIRE(acknowledged.size() < 100);
    REQUIRE(failures == std::vector{GroupFailure::disk_full});

    on.disk.set_capacity(used + 10'000'000);
    CHECK(is_accepted(on.push(group, block)));
    acknowledged.push_back(block);
    group.stop();

    protocol::PullRequest pull{{{}}};
    pull.cursors[0].turf = on.core.turf;
    const auto served = protocol::parse_pull_answer(
        on.hub->handle(on.message(MessageName::pull, encode(pull))).body);
    REQUIRE(served);
    REQUIRE(served->turfs[0].blocks.size() == acknowledged.size());
    for (std::size_t i = 0; i < acknowledged.size(); ++i) {
        CHECK(served->turfs[0].blocks[i].block == acknowledged[i]);
        CHECK(served->turfs[0].blocks[i].leaf.stream_seq == i + 1);
    }
}

TEST_CASE("a disk that fails otherwise ends the hub", "[hub]") {
    FullHub on;
    std::vector<GroupFailure> failures;
    server::GroupCommit group(
        *on.hub, {}, [](std::size_t, const server::HubCounts&) {},
        [&](GroupFailure failure, std::string_view) { failures.push_back(failure); });
    on.disk.fail_sync_at(1);
    CHECK(on.push(group, on.next_block()).status == 500);
    CHECK(failures == std::vector{GroupFailure::fatal});
}

namespace {

/// Pushes and tidies up until that syncs the disk or fails.
struct PushedToCheckpoint {
    std::vector<Bytes> acknowledged;
    std::uint64_t syncs_before = 0;
    bool failed = false;

    /// Of each tidying up, the `failing`-th sync is to fail; 0: none.
    PushedToCheckpoint(FullHub& on, std::uint64_t failing) {
        for (std::uint64_t syncs = 0; syncs == 0 && !failed;) {
            REQUIRE(acknowledged.size() < 2000);
            acknowledged.push_back(on.next_block());
            REQUIRE(is_accepted(on.push_untidied(acknowledged.back())));
            syncs_before = on.disk.syncs();
            on.disk.fail_sync_at(failing);
            try {
                on.hub->tidy();
            } catch (const engine::StorageFailure&) {
                failed = true;
            }
            on.disk.fail_sync_at(0);  // none of those to come
            syncs = on.disk.syncs() - syncs_before;
        }
    }
};

bool sync_fails_while_tidying(std::uint64_t sync) {
    FullHub on;
    const PushedToCheckpoint pushed(on, sync);
    on.restart_after_power_loss();
    CHECK(on.stored() == pushed.acknowledged);
    return pushed.failed;
}

}  // namespace

TEST_CASE(
    "a disk that fails while the hub tidies up takes nothing that was acknowledged", "[hub]") {
    std::uint64_t sync = 1;
    while (sync_fails_while_tidying(sync)) ++sync;
    CHECK(sync > 2);  // of the write-ahead log, and of the database that it is copied to
}

TEST_CASE("answers go out before the hub tidies up", "[hub]") {
    FullHub like_it;
    const std::uint64_t start = like_it.disk.syncs();
    const PushedToCheckpoint pushed(like_it, 0);

    FullHub on;
    std::atomic<std::size_t> answered = 0;
    std::vector<GroupFailure> failures;
    server::GroupCommit group(
        *on.hub, {}, [](std::size_t, const server::HubCounts&) {},
        [&](GroupFailure failure, std::string_view) {
            failures.push_back(failure);
            for (int i = 0; i < 5000 && answered < pushed.acknowledged.size(); ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            CHECK(answered == pushed.acknowledged.size());
        });
    on.disk.fail_sync_at(pushed.syncs_before - start + 1);
    for (std::size_t i = 0; i < pushed.acknowledged.size(); ++i) {
        REQUIRE(is_accepted(on.push(group, on.next_block())));
        ++answered;
    }
    group.stop();
    CHECK(failures == std::vector{GroupFailure::fatal});
    CHECK(on.stored().size() == pushed.acknowledged.size());
}

}  // namespace vereda::sim
