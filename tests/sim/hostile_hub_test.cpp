#include <catch2/catch.hpp>

#include "tests/sim/meddler.h"

/// A hub that lies: it keeps the line busy, forges, hands out less than it took, and says that what
/// it was given is not there. Every conversation ends, what it did is told, and nothing is lost.
using namespace vereda;
using namespace vereda::sim;

namespace {

using engine::sync::Message;
using engine::sync::Plan;
using engine::sync::Report;
using engine::sync::Trouble;
using protocol::MessageName;
using protocol::PullOutcome;
using protocol::PushOutcome;
using protocol::Refusal;

/// A coordinator and an organiser who share a turf and have nothing left to say.
struct Scene {
    World world;
    Laptop& boss;
    Laptop& ana;

    explicit Scene(std::uint64_t seed = 11) : world(seed, calm), boss(lead()), ana(second()) {
        world.sync_all();
    }
    void add_and_sync(Laptop& laptop) {
        add_contact(world, laptop);
        REQUIRE(world.sync(laptop, true));
    }
    // Everybody has what everybody did, and agrees.
    void check_all_is_well(std::size_t contacts) {
        world.sync_all();
        CHECK(world.disagreement() == "");
        CHECK(contacts_shown(boss) == contacts);
        CHECK(contacts_shown(ana) == contacts);
    }

  private:
    Laptop& lead() {
        world.settle(1, 1);
        return *world.laptops[0];
    }
    Laptop& second() { return *world.laptops[1]; }
};

HubVoice dropping(World& world, Laptop& laptop) {
    return [&](const Message& message) {
        return message.name == MessageName::push ? take_and_drop(world, laptop, message)
                                                 : ask(world, laptop, message);
    };
}

// Says that it has the own logs as far as the laptop has them.
Meddler claiming_all(Laptop& laptop) {
    return changing_roster([&laptop](protocol::RosterReadAnswer& read) {
        engine::LogStore& store = laptop.workspace().store();
        read.heads.clear();
        for (const engine::LogOrdinal log : laptop.workspace().writer().own_logs()) {
            const auto& head = store.head(log);
            if (head)
                read.heads.push_back(
                    {store.info(log).log, head->block_no, head->hash, head->last_seq});
        }
        std::ranges::sort(read.heads);
    });
}

constexpr Plan push_only{.pull = false};

}  // namespace

// ---- a hub that acknowledges and drops

TEST_CASE("a hub whose stream ends before a leaf that it gave is found out", "[hostile]") {
    Scene scene;
    add_contact(scene.world, scene.ana);
    SECTION("in the same conversation") {
        const Conversation held = converse_with(scene.ana, dropping(scene.world, scene.ana));
        CHECK(held.report.trouble == Trouble::hub_contradicts);
        CHECK(held.report.offered_again == 1);
    }
    SECTION("in a later one, though it claims to have the whole log") {
        CHECK(
            converse_with(scene.ana, dropping(scene.world, scene.ana), push_only)
                .report.pushed_blocks == 1);
        scene.ana.open();  // what it gave is not forgotten with the process
        const Report report = sync_through(scene.world, scene.ana, claiming_all(scene.ana));
        CHECK(report.trouble == Trouble::hub_contradicts);
        CHECK(report.offered_again == 1);
    }
    const Report report = sync_through(scene.world, scene.ana, untouched);
    CHECK(report.trouble == Trouble::none);
    CHECK(report.pushed_blocks == 1);
    scene.check_all_is_well(1);
}

TEST_CASE("a hub that gives a leaf's place to another block is found out", "[hostile]") {
    Scene scene;
    add_contact(scene.world, scene.ana);
    CHECK(
        converse_with(scene.ana, dropping(scene.world, scene.ana), push_only)
            .report.pushed_blocks == 1);
    scene.add_and_sync(scene.boss);  // gets that place
    const Report report = sync_through(scene.world, scene.ana, claiming_all(scene.ana));
    CHECK(report.trouble == Trouble::hub_contradicts);
    CHECK(report.offered_again == 1);
    CHECK(sync_through(scene.world, scene.ana, untouched).pushed_blocks == 1);
    scene.check_all_is_well(2);
}

TEST_CASE("a hub whose tip of an own log lies behind is offered the rest again", "[hostile]") {
    Scene scene;
    scene.add_and_sync(scene.ana);
    add_contact(scene.world, scene.ana);
    CHECK(
        converse_with(scene.ana, dropping(scene.world, scene.ana), push_only)
            .report.pushed_blocks == 1);
    const Report report = sync_through(scene.world, scene.ana, untouched);
    CHECK(report.trouble == Trouble::none);
    CHECK(report.offered_again == 1);
    CHECK(report.pushed_blocks == 1);
    scene.check_all_is_well(2);
    CHECK(sync_through(scene.world, scene.ana, untouched).offered_again == 0);
}

TEST_CASE("a leaf that is another block's already takes nothing off the laptop", "[hostile]") {
    Scene scene;
    scene.add_and_sync(scene.ana);
    add_contact(scene.world, scene.ana);
    const HubVoice hub = [&](const Message& message) -> HubSays {
        if (message.name != MessageName::push) return ask(scene.world, scene.ana, message);
        const auto push = *protocol::parse_push_request(message.body);
        protocol::BlockVerdict verdict;
        verdict.outcome = PushOutcome::already_had;
        verdict.leaf = {1, scene.world.clock.now()};
        const std::vector verdicts(push.blocks.size(), verdict);
        return protocol::encode(protocol::PushAnswer{verdicts, {}});
    };
    const Conversation held = converse_with(scene.ana, hub);
    CHECK(held.ended);
    CHECK(held.report.trouble == Trouble::hub_contradicts);
    CHECK(held.report.pushed_blocks == 0);
    CHECK(sync_through(scene.world, scene.ana, untouched).pushed_blocks == 1);
    scene.check_all_is_well(2);
}

TEST_CASE("what was dropped from a log of an earlier incarnation is offered again", "[hostile]") {
    Scene scene;
    add_contact(scene.world, scene.ana);
    CHECK(
        converse_with(scene.ana, dropping(scene.world, scene.ana), push_only)
            .report.pushed_blocks == 1);
    static_cast<void>(scene.ana.workspace().begin_incarnation());
    const Report report = sync_through(scene.world, scene.ana, untouched);
    CHECK(report.trouble == Trouble::hub_contradicts);
    CHECK(report.offered_again == 1);
    CHECK(sync_through(scene.world, scene.ana, untouched).pushed_blocks == 1);
    scene.check_all_is_well(1);
}

TEST_CASE(
    "a leaf that the hub takes back in the middle of a pull is another block's", "[hostile]") {
    Scene scene;
    scene.add_and_sync(scene.boss);
    scene.add_and_sync(scene.boss);
    add_contact(scene.world, scene.ana);
    CHECK(
        converse_with(scene.ana, dropping(scene.world, scene.ana), push_only)
            .report.pushed_blocks == 1);
    scene.add_and_sync(scene.boss);  // gets that place
    // What comes with the roster ends before it.
    const HubVoice hub = [&](Message message) {
        if (message.name == MessageName::roster_read) {
            auto read = *protocol::parse_roster_read_request(message.body);
            REQUIRE(read.pull);
            read.pull->bytes_max = 1;
            message.body = protocol::encode(read);
        }
        return ask(scene.world, scene.ana, message);
    };
    const Conversation held = converse_with(scene.ana, hub);
    CHECK(held.report.trouble == Trouble::none);
    CHECK(held.report.offered_again == 1);
    CHECK(held.report.pushed_blocks == 1);
    scene.check_all_is_well(4);
}

// ---- a hub that denies

TEST_CASE("a turf that the roster grants and the hub denies is a contradiction", "[hostile]") {
    Scene scene;
    scene.add_and_sync(scene.boss);
    int denials = GENERATE(1, 1000);
    const auto deny = changing_turfs([&](protocol::PulledTurf& pulled) {
        if (pulled.turf != scene.world.turfs[0] || denials-- <= 0) return;
        protocol::PulledTurf denied;
        denied.turf = pulled.turf;
        pulled = denied;
    });
    const bool for_once = denials == 1;
    const Report report = sync_through(scene.world, scene.ana, deny);
    // Once: the turf might have been taken away just then. The roster, read again, says no.
    CHECK((report.trouble == Trouble::none) == for_once);
    if (!for_once) CHECK(report.trouble == Trouble::hub_contradicts);
    CHECK(contacts_shown(scene.ana) == (for_once ? 1 : 0));
    CHECK(sync_through(scene.world, scene.ana, untouched).trouble == Trouble::none);
    scene.check_all_is_well(1);
}

TEST_CASE("a restored hub that lacks a grant is no liar", "[hostile]") {
    Scene scene;
    FaultyDisk backup;
    backup.become(scene.world.hub->disk());
    scene.world.turfs.push_back(scene.world.add_turf());
    scene.world.sync_all();
    scene.world.hub->restore(backup);
    const Report report =
        sync_through(scene.world, scene.boss, [](const Message& message, HubSays& answer) {
            if (message.name == MessageName::roster_append)
                answer = std::unexpected(Refusal::failed);
        });
    CHECK(report.roster_behind != 0);
    CHECK(report.trouble == Trouble::none);
    scene.check_all_is_well(0);
}

// ---- a hub that spoils

TEST_CASE("one spoilt block costs one block a sync, and the turf goes on", "[hostile]") {
    Scene scene;
    scene.add_and_sync(scene.boss);
    const auto bad = scene.boss.workspace().store().block(
        *scene.boss.workspace().store().find_log(scene.boss.acknowledged.front().log), 0);
    REQUIRE(bad);
    std::size_t served = 0;
    const auto spoil = changing_turfs([&](protocol::PulledTurf& pulled) {
        for (protocol::ServedBlock& block : pulled.blocks) {
            ++served;
            if (block.block == bad->bytes) block.block.back() ^= 1;
        }
    });
    for (int i = 0; i < 3; ++i) add_contact(scene.world, scene.boss);
    REQUIRE(scene.world.sync(scene.boss, true));
    CHECK(sync_through(scene.world, scene.ana, spoil).wanted_blocks == 1);
    for (int i = 0; i < 3; ++i) {
        served = 0;
        const Report report = sync_through(scene.world, scene.ana, spoil);
        CHECK(report.trouble == Trouble::none);
        CHECK(report.damaged_blocks == 1);
        CHECK(report.wanted_blocks == 1);
        CHECK(served == 1);
    }
    scene.ana.open();
    served = 0;
    const Report report = sync_through(scene.world, scene.ana, changing_turfs([&](auto& pulled) {
                                           served += pulled.blocks.size();
                                       }));
    CHECK(served == 1);
    CHECK(report.wanted_blocks == 0);
    scene.check_all_is_well(4);
    const Conversation quiet = converse(scene.world, scene.ana, untouched);
    CHECK(quiet.messages == 1);
}

TEST_CASE("what a hub and a key holder take out of a block comes back", "[hostile]") {
    Scene scene;
    add_contact(scene.world, scene.boss);
    scene.add_and_sync(scene.boss);
    const protocol::WorkspaceId& workspace = scene.boss.workspace().roster().workspace();
    const auto* keys = scene.boss.workspace().keyring().find(scene.world.turfs[0], {1});
    const auto hollow_out = changing_turfs([&](protocol::PulledTurf& pulled) {
        if (pulled.turf != scene.world.turfs[0]) return;
        for (protocol::ServedBlock& served : pulled.blocks) {
            const Bytes whole = served.block;
            const auto parsed = protocol::parse_block(workspace, whole);
            const auto opened = protocol::open_payload(*parsed, *keys, workspace);
            protocol::EmptySlots empty;
            empty.set(1);
            served.block = protocol::with_payload(
                *parsed, protocol::reseal_payload(*parsed, *opened, empty, *keys, workspace));
        }
    });
    const Report report = sync_through(scene.world, scene.ana, hollow_out);
    CHECK(report.damaged_blocks != 0);
    CHECK(report.wanted_blocks == 1);
    CHECK(contacts_shown(scene.ana) == 1);
    CHECK(sync_through(scene.world, scene.ana, untouched).wanted_blocks == 0);
    scene.check_all_is_well(2);
}

TEST_CASE("a spoilt block whose roster entry was held back comes in the next sync", "[hostile]") {
    Scene scene;
    scene.world.add_turf();  // the next block names a roster entry that Ana has not
    scene.add_and_sync(scene.boss);
    const Meddler spoil = changing_turfs([&](protocol::PulledTurf& pulled) {
        for (protocol::ServedBlock& served : pulled.blocks) served.block.back() ^= 1;
    });
    const Meddler hold_back =
        changing_roster([](protocol::RosterReadAnswer& read) { read.entries.clear(); });
    const Report report =
        sync_through(scene.world, scene.ana, [&](const Message& message, HubSays& answer) {
            spoil(message, answer);
            hold_back(message, answer);
        });
    CHECK(report.trouble == Trouble::none);
    CHECK(report.damaged_blocks != 0);
    CHECK(contacts_shown(scene.ana) == 0);
    REQUIRE(scene.world.sync(scene.ana, true));
    CHECK(contacts_shown(scene.ana) == 1);
    scene.check_all_is_well(1);
}

// ---- a hub that forges

TEST_CASE("a head that the hub did not sign is not believed", "[hostile]") {
    Scene scene;
    scene.add_and_sync(scene.boss);
    SECTION("of a turf") {
        const Report report = sync_through(
            scene.world, scene.ana,
            changing_turfs([](protocol::PulledTurf& pulled) { pulled.head.signature[5] ^= 1; }));
        CHECK(report.trouble == Trouble::hub_contradicts);
    }
    SECTION("of the roster") {
        const Report report = sync_through(
            scene.world, scene.ana,
            changing_roster([](protocol::RosterReadAnswer& read) { read.head.signature[5] ^= 1; }));
        CHECK(report.trouble == Trouble::hub_contradicts);
    }
    CHECK(contacts_shown(scene.ana) == 0);
    scene.check_all_is_well(1);
}

TEST_CASE("fewer verdicts than blocks are nonsense", "[hostile]") {
    Scene scene;
    add_contact(scene.world, scene.ana);
    const Report report = sync_through(
        scene.world, scene.ana,
        changing_push([](protocol::PushAnswer& pushed) { pushed.verdicts.clear(); }));
    CHECK(report.trouble == Trouble::nonsense);
    scene.check_all_is_well(1);
}

TEST_CASE("a key that hangs off no roster entry is passed over", "[hostile]") {
    Scene scene;
    Laptop& newcomer = scene.world.add_laptop(scene.world.turfs);
    const Report report =
        sync_through(scene.world, newcomer, [](const Message& message, HubSays& answer) {
            if (message.name != MessageName::wraps_read) return;
            auto wraps = *protocol::parse_wraps_read_answer(*answer);
            for (protocol::ServedWrap& wrap : wraps.wraps) wrap.position = {1'000'000};
            answer = protocol::encode(wraps);
        });
    CHECK(report.trouble == Trouble::none);
    REQUIRE(scene.world.sync(newcomer, true));
    scene.check_all_is_well(0);
}

// ---- a hub that keeps the line busy

TEST_CASE("a hub that never knows a predecessor is not pushed to for ever", "[hostile]") {
    Scene scene;
    const bool goes_back = GENERATE(true, false);
    for (int i = 0; i < 12; ++i) {
        add_contact(scene.world, scene.ana);
        scene.ana.workspace().close_blocks();
        if (i == 0 || goes_back) REQUIRE(scene.world.sync(scene.ana, true));
    }
    add_contact(scene.world, scene.ana);
    std::uint64_t tip = 11;
    const Conversation held =
        converse(scene.world, scene.ana, changing_push([&](protocol::PushAnswer& pushed) {
                     tip -= tip == 0 ? 0 : 1;
                     for (protocol::BlockVerdict& verdict : pushed.verdicts) {
                         verdict = {.outcome = PushOutcome::predecessor_unknown};
                         if (goes_back) verdict.head = protocol::LogTip{.block_no = tip};
                     }
                 }));
    CHECK(held.ended);
    if (!goes_back) CHECK(held.messages <= 5);
    scene.check_all_is_well(13);
}

TEST_CASE("a hub that never knows a cursor is not pulled from for ever", "[hostile]") {
    Scene scene;
    scene.add_and_sync(scene.boss);
    scene.add_and_sync(scene.ana);
    const bool serves_between = GENERATE(true, false);
    int answers = 0;
    const Conversation held =
        converse(scene.world, scene.ana, changing_turfs([&](protocol::PulledTurf& pulled) {
                     if (pulled.turf != scene.world.turfs[0]) return;
                     pulled.more = true;
                     if (serves_between && ++answers % 2 == 0) return;
                     pulled.outcome = PullOutcome::cursor_unknown;
                     pulled.blocks.clear();
                     pulled.more = false;
                 }));
    CHECK(held.ended);
    CHECK(held.report.trouble != Trouble::none);
    scene.check_all_is_well(2);
}

TEST_CASE("a hub is shown its own hand once, and not for ever", "[hostile]") {
    Scene scene;
    scene.add_and_sync(scene.ana);
    std::size_t shown = 0;
    const Meddler forget = changing_turfs([](protocol::PulledTurf& pulled) {
        pulled.outcome = PullOutcome::cursor_unknown;
        pulled.blocks.clear();
        pulled.more = false;
    });
    const Conversation held =
        converse(scene.world, scene.ana, [&](const Message& message, HubSays& answer) {
            shown += message.name == MessageName::went_back ? 1 : 0;
            forget(message, answer);
        });
    CHECK(held.ended);
    CHECK(shown == 1);
    scene.check_all_is_well(1);
}

TEST_CASE("a hub that loses the roster each time is given it once", "[hostile]") {
    Scene scene;
    FaultyDisk backup;
    backup.become(scene.world.hub->disk());
    scene.world.add_turf();
    const HubVoice forgetful = [&](const Message& message) {
        if (message.name == MessageName::roster_read) scene.world.hub->restore(backup);
        return ask(scene.world, scene.boss, message);
    };
    const Conversation held = converse_with(scene.boss, forgetful);
    CHECK(held.ended);
    CHECK(held.report.roster_given == 2);  // the turf and its key
    scene.check_all_is_well(0);
}

TEST_CASE("a roster that never ends is nonsense", "[hostile]") {
    Scene scene;
    const engine::Roster& roster = scene.ana.workspace().roster();
    const bool compares = GENERATE(false, true);
    bool has_differed = false;
    const Conversation held =
        converse(scene.world, scene.ana, [&](const Message& message, HubSays& answer) {
            if (message.name != MessageName::roster_read) return;
            if (compares && !std::exchange(has_differed, true)) {
                answer = std::unexpected(Refusal::roster_differs);
                return;
            }
            auto read = *protocol::parse_roster_read_answer(*answer);
            const ByteView known = roster.wire_at({0});
            read.entries = {{.entry = Bytes(known.begin(), known.end()), .leaf = {1, {1}}}};
            read.turfs.clear();
            read.more = true;
            answer = protocol::encode(read);
        });
    CHECK(held.ended);
    CHECK(held.report.trouble == Trouble::nonsense);
    scene.check_all_is_well(0);
}

TEST_CASE("a hub that goes on not knowing a device is not enrolled with for ever", "[hostile]") {
    Scene scene;
    std::size_t enrolments = 0;
    const Conversation held =
        converse(scene.world, scene.ana, [&](const Message& message, HubSays& answer) {
            enrolments += message.name == MessageName::enrol ? 1 : 0;
            if (message.name == MessageName::roster_read)
                answer = std::unexpected(Refusal::bad_signature);
        });
    CHECK(held.ended);
    CHECK(enrolments == 1);
    CHECK(held.report.refusal == Refusal::bad_signature);
    scene.check_all_is_well(0);
}

// ---- what a laptop sends

TEST_CASE("a backlog of many small blocks goes in several messages", "[hostile]") {
    Scene scene;
    for (std::size_t i = 0; i <= protocol::push_blocks_max; ++i) {
        add_contact(scene.world, scene.ana);
        scene.ana.workspace().close_blocks();
    }
    std::vector<std::size_t> pushed;
    const Report report =
        sync_through(scene.world, scene.ana, changing_push([&](protocol::PushAnswer& answer) {
                         pushed.push_back(answer.verdicts.size());
                     }));
    CHECK(report.trouble == Trouble::none);
    CHECK(pushed == std::vector<std::size_t>{protocol::push_blocks_max, 1});
}

TEST_CASE("an offer to a restored hub goes on until no log is stuck", "[hostile]") {
    Scene scene;
    FaultyDisk backup;
    backup.become(scene.world.hub->disk());
    scene.add_and_sync(scene.ana);
    scene.add_and_sync(scene.boss);
    scene.world.hub->restore(backup);
    const auto offering = [&] {
        return scene.boss.workspace().store().meta("offering-everything").has_value();
    };
    // One log is refused, once.
    const HubVoice refusing = [&](const Message& message) -> HubSays {
        if (message.name != MessageName::push) return ask(scene.world, scene.boss, message);
        const auto push = *protocol::parse_push_request(message.body);
        const std::vector verdicts(
            push.blocks.size(),
            protocol::BlockVerdict{.reason = protocol::BlockRefusal::over_quota});
        return protocol::encode(protocol::PushAnswer{verdicts, {}});
    };
    const Conversation held = converse_with(scene.boss, refusing);
    CHECK(held.ended);
    CHECK(held.report.refused_blocks != 0);
    CHECK(offering());
    REQUIRE(scene.world.sync(scene.boss, true));
    CHECK_FALSE(offering());
    // Everything, Ana's too: she need not come back.
    Laptop& newcomer = scene.world.add_organiser(scene.world.turfs);
    CHECK(contacts_shown(newcomer) == 2);
}

TEST_CASE("an offer that a second restore met begins again", "[hostile]") {
    Scene scene;
    FaultyDisk backup;
    backup.become(scene.world.hub->disk());
    scene.add_and_sync(scene.ana);
    scene.add_and_sync(scene.boss);
    scene.world.hub->restore(backup);
    // Takes all, says that it refuses one, and is found out: no cursor is left that could tell the
    // epochs apart.
    const Report report =
        sync_through(scene.world, scene.boss, changing_push([](protocol::PushAnswer& answer) {
                         answer.verdicts.front() = {.reason = protocol::BlockRefusal::over_quota};
                     }));
    REQUIRE(report.trouble == Trouble::hub_contradicts);
    engine::LogStore& store = scene.boss.workspace().store();
    const auto anas = store.find_log(scene.ana.acknowledged.front().log);
    REQUIRE(anas);
    REQUIRE(store.pushed(*anas) == 1);
    scene.world.hub->restore(backup);
    REQUIRE(scene.world.sync(scene.boss, true));
    Laptop& newcomer = scene.world.add_organiser(scene.world.turfs);
    CHECK(contacts_shown(newcomer) == 2);
}
