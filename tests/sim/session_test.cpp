#include "engine/sync/session.h"

#include <catch2/catch.hpp>
#include <functional>

#include "engine/audit/audit.h"
#include "tests/sim/meddler.h"

using namespace vereda;
using namespace vereda::sim;

namespace {

using engine::sync::Message;
using engine::sync::Report;
using protocol::MessageName;
using protocol::Refusal;
using Answer = HubSays;

Meddler claiming(const protocol::LogTip& tip) {
    return [tip](const Message& message, Answer& answer) {
        if (message.name != MessageName::roster_read) return;
        auto read = protocol::parse_roster_read_answer(*answer);
        REQUIRE(read);
        read->heads = {tip};
        answer = protocol::encode(*read);
    };
}

// A log that this laptop has written and the hub has.
protocol::LogTip own_tip(Laptop& laptop, engine::LocalDot written) {
    engine::LogStore& store = laptop.workspace().store();
    const auto& head = store.head(written.log());
    REQUIRE(head);
    return {store.info(written.log()).log, head->block_no, head->hash, head->last_seq};
}

// One that the hub does not have.
void want_block_of(Laptop& laptop, const protocol::TurfId& turf) {
    engine::Workspace& workspace = laptop.workspace();
    workspace.store().hub_places().want(
        workspace.number_of(turf), {1, {1}}, {}, workspace.identity().keys.device());
}

}  // namespace

TEST_CASE("a hub's word alone starts no new incarnation", "[session]") {
    World world(1, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    const engine::LocalDot first = add_contact(world, laptop);
    REQUIRE(world.sync(laptop, true));
    const auto incarnation = laptop.workspace().identity().incarnation;
    protocol::LogTip tip = own_tip(laptop, first);
    tip.block_no += 3;
    add_contact(world, laptop);
    const Report report = sync_through(world, laptop, claiming(tip));
    CHECK(report.trouble == engine::sync::Trouble::none);
    CHECK(report.pushed_blocks == 1);
    CHECK_FALSE(report.new_incarnation);
    CHECK(laptop.workspace().identity().incarnation == incarnation);
}

TEST_CASE("a newer block signed by this very device starts a new incarnation", "[session]") {
    World world(2, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(world, laptop);
    REQUIRE(world.sync(laptop, true));
    const auto incarnation = laptop.workspace().identity().incarnation;
    laptop.disk().ignore_syncs(true);
    add_contact(world, laptop);
    REQUIRE(world.sync(laptop, true));
    laptop.disk().ignore_syncs(false);
    laptop.lose_power(std::nullopt);  // back to the state before
    REQUIRE(laptop.workspace().identity().incarnation == incarnation);
    REQUIRE(contacts_shown(laptop) == 1);
    add_contact(world, laptop);
    const Report report = sync_through(world, laptop, [](const Message&, Answer&) {});
    CHECK(report.new_incarnation);
    CHECK(report.forks == 0);
    CHECK(laptop.workspace().identity().incarnation != incarnation);
    CHECK(contacts_shown(laptop) == 3);
}

TEST_CASE("a hub that claims a block number beyond all numbers talks nonsense", "[session]") {
    World world(3, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    protocol::LogTip tip = own_tip(laptop, [&] {
        const auto contact = add_contact(world, laptop);
        REQUIRE(world.sync(laptop, true));
        return contact;
    }());
    tip.block_no = (std::uint64_t{1} << 62);
    CHECK(sync_through(world, laptop, claiming(tip)).trouble == engine::sync::Trouble::nonsense);
}

TEST_CASE("a block that its carrier spoilt is asked for again in the next session", "[session]") {
    World world(4, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(world, *world.laptops[0]);
    REQUIRE(world.sync(*world.laptops[0], true));
    // Blocks come beside a roster, after a push, or alone.
    const auto spoil = [](auto answered, Answer& answer) {
        REQUIRE(answered);
        for (protocol::PulledTurf& turf : answered->turfs) {
            for (protocol::ServedBlock& served : turf.blocks) served.block.back() ^= 1;
        }
        answer = protocol::encode(*answered);
    };
    const Report spoilt = sync_through(world, laptop, [&](const Message& message, Answer& answer) {
        if (message.name == MessageName::pull) spoil(protocol::parse_pull_answer(*answer), answer);
        if (message.name == MessageName::push) spoil(protocol::parse_push_answer(*answer), answer);
        if (message.name == MessageName::roster_read)
            spoil(protocol::parse_roster_read_answer(*answer), answer);
    });
    CHECK(spoilt.trouble == engine::sync::Trouble::none);
    CHECK(spoilt.damaged_blocks >= 1);
    CHECK(contacts_shown(laptop) == 0);
    const Report again = sync_through(world, laptop, [](const Message&, Answer&) {});
    CHECK(again.damaged_blocks == 0);
    CHECK(contacts_shown(laptop) == 1);
}

TEST_CASE(
    "of a log that forked, a tip that lies behind is no reason to offer it again", "[session]") {
    World world(4, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    const engine::LocalDot first = add_contact(world, laptop);
    REQUIRE(world.sync(laptop, true));
    const protocol::LogTip tip = own_tip(laptop, first);
    world.laptops.push_back(laptop.clone(world.dice.seed(), world.clock));
    Laptop& clone = *world.laptops.back();
    for (Laptop* hand : {&laptop, &clone}) {
        add_contact(world, *hand);
        hand->workspace().close_blocks();
    }
    world.sync_all();
    world.sync_all();
    std::uint64_t pushed = 0;
    for (Laptop* hand : {&laptop, &clone}) {
        engine::LogStore& store = hand->workspace().store();
        const engine::LogOrdinal log = *store.find_log(tip.log);
        REQUIRE(store.has_forked(log));
        pushed = std::max(pushed, store.pushed(log));
        CHECK(sync_through(world, *hand, claiming(tip)).offered_again == 0);
    }
    CHECK(pushed > tip.block_no + 1);
}

TEST_CASE(
    "a newcomer whose keys did not come asks for them again with the next sync", "[session]") {
    World world(4, calm);
    world.settle(0, 1);
    add_contact(world, *world.laptops[0]);
    REQUIRE(world.sync(*world.laptops[0], true));
    Laptop& newcomer = world.add_laptop({world.turfs[0]});
    const Report first = sync_through(world, newcomer, [](const Message& message, Answer& answer) {
        if (message.name == MessageName::wraps_read)
            answer = protocol::encode(protocol::WrapsReadAnswer{});
    });
    CHECK(first.trouble == engine::sync::Trouble::none);
    CHECK(contacts_shown(newcomer) == 0);
    newcomer.open();
    REQUIRE(world.sync(newcomer, true));
    CHECK(contacts_shown(newcomer) == 1);
    world.sync_all();
    CHECK(world.disagreement() == "");
    CHECK_FALSE(newcomer.workspace().beginnings().joining);
}

TEST_CASE("a session tells how far the laptop's clock is from the hub's", "[session]") {
    World world(5, calm);
    world.settle(0, 1);
    CHECK(sync_through(world, *world.laptops[0], untouched).clock_ahead_ms == 0);
    world.weather.clock_offset_max_ms = 1'000'000'000'000;
    Laptop& newcomer = world.add_laptop({world.turfs[0]});
    const std::int64_t ahead = newcomer.now().value - world.clock.now().value;
    CHECK(sync_through(world, newcomer, untouched).clock_ahead_ms == ahead);
}

TEST_CASE("a device that may read nothing any more still hands in its work", "[session]") {
    World world(5, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(world, laptop);
    std::vector<MessageName> sent;
    const Report report = sync_through(world, laptop, [&](const Message& message, Answer& answer) {
        sent.push_back(message.name);
        if (message.name != MessageName::push) answer = std::unexpected(Refusal::not_permitted);
    });
    CHECK(report.trouble == engine::sync::Trouble::none);
    CHECK(report.refusal == Refusal::not_permitted);
    CHECK(report.pushed_entries >= 1);
    CHECK(sent == std::vector{MessageName::roster_read, MessageName::push});
}

TEST_CASE("a block that this disk has damaged is fetched again", "[session]") {
    World world(8, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    const engine::LocalDot contact = add_contact(world, laptop);
    REQUIRE(world.sync(laptop, true));
    engine::LogStore& store = laptop.workspace().store();
    auto block = store.block(contact.log(), 0);
    REQUIRE(block);
    SECTION("in its payload") { block->bytes.back() ^= 1; }
    SECTION("in its shape") { block->bytes.front() ^= 1; }
    SECTION("in the count of its entries, which is not believed") {
        const auto parsed =
            protocol::parse_block(laptop.workspace().roster().workspace(), block->bytes);
        protocol::Core core = parsed->core;
        core.count = 300;
        Bytes header = protocol::encode_core(core);
        append(header, parsed->payload_hash.view());
        block->bytes = protocol::encode_block(header, parsed->signature, parsed->payload);
    }
    store.replace_block(contact.log(), 0, block->bytes, engine::BlockState::open);
    laptop.open();  // there is no snapshot yet
    CHECK_NOTHROW(engine::replay_log(laptop.workspace()));
    REQUIRE(contacts_shown(laptop) == 0);
    REQUIRE(world.sync(laptop, true));
    CHECK(contacts_shown(laptop) == 1);
    laptop.open();
    CHECK(contacts_shown(laptop) == 1);
}

TEST_CASE("what an audit finds damaged on this disk is fetched again", "[session]") {
    World world(8, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    const engine::LocalDot contact = add_contact(world, laptop);
    REQUIRE(world.sync(laptop, true));
    engine::LogStore& store = laptop.workspace().store();
    auto block = store.block(contact.log(), 0);
    block->bytes.back() ^= 1;
    store.replace_block(contact.log(), 0, block->bytes, engine::BlockState::open);
    CHECK_FALSE(engine::verify_vault(laptop.workspace()).sound());
    REQUIRE(world.sync(laptop, true));
    CHECK(engine::verify_vault(laptop.workspace()).sound());
}

TEST_CASE("a block that finds no room to wait in is neither kept nor called refused", "[session]") {
    World world(8, calm);
    world.settle(1, 1);
    Laptop& author = *world.laptops[0];
    const engine::LocalDot contact = add_contact(world, author);
    author.workspace().close_blocks();
    add_contact(world, author);
    author.workspace().close_blocks();
    engine::Workspace& reader = world.laptops[1]->workspace();
    for (std::int64_t i = 0; i < engine::WaitingRoom::share; ++i) {
        protocol::BlockHash hash;
        for (std::size_t byte = 0; byte < 8; ++byte)
            hash.bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
        const auto device = author.workspace().identity().keys.device();
        REQUIRE(reader.store().waiting_room().keep(hash, device, {.block = hash}, Bytes{1}));
    }
    engine::DirectOpener opener;
    const auto second = author.workspace().store().block(contact.log(), 1);
    const auto received = reader.receive({{second->bytes, std::nullopt, false}}, opener);
    CHECK(received.without_room == 1);
    CHECK(received.refused == 0);
    CHECK(reader.store().waiting_count() == engine::WaitingRoom::share);
}

TEST_CASE("a hub that serves turfs and blocks nobody asked for is found out", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    REQUIRE(world.sync(laptop, true));
    add_contact(world, *world.laptops[0]);
    REQUIRE(world.sync(*world.laptops[0], true));
    using engine::sync::Trouble;
    const auto trouble = [&](auto change) {
        return sync_through(world, laptop, changing_roster([&](protocol::RosterReadAnswer& read) {
                                change(read.turfs);
                            }))
            .trouble;
    };
    using Turfs = std::vector<protocol::PulledTurf>;
    CHECK(trouble([](Turfs& turfs) { turfs.at(0).turf = {}; }) == Trouble::nonsense);
    CHECK(trouble([](Turfs& turfs) {
              std::swap(turfs.at(0).blocks, turfs.at(1).blocks);
          }) == Trouble::hub_contradicts);
    CHECK(contacts_shown(laptop) == 0);
    CHECK(trouble([](Turfs& turfs) { turfs.push_back(turfs.at(0)); }) == Trouble::nonsense);
    CHECK(trouble([](Turfs&) {}) == Trouble::none);
    CHECK(contacts_shown(laptop) == 1);
}

TEST_CASE("a hub that promises more and serves nothing talks nonsense", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    world.sync_all();
    const auto talk = converse(
        world, *world.laptops[1],
        changing_turfs([](protocol::PulledTurf& turf) { turf.more = true; }));
    CHECK(talk.ended);
    CHECK(talk.report.trouble == engine::sync::Trouble::nonsense);
}

TEST_CASE("a hub that never knows the cursor which it gave is found out", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    add_contact(world, *world.laptops[0]);
    world.sync_all();
    Laptop& laptop = *world.laptops[1];
    const auto forget = [&](protocol::PulledTurf& turf) {
        engine::Workspace& workspace = laptop.workspace();
        turf.more = !workspace.store().cursor(workspace.number_of(turf.turf));
        if (turf.more) return;
        turf.outcome = protocol::PullOutcome::cursor_unknown;
        turf.blocks.clear();
    };
    const auto talk = converse(world, laptop, changing_turfs(forget));
    CHECK(talk.ended);
    CHECK(talk.report.trouble == engine::sync::Trouble::hub_contradicts);
}

TEST_CASE("a log that a hub does not know any more is offered again from its start", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    const engine::LocalDot contact = add_contact(world, laptop);
    world.sync_all();
    const auto forget = [](protocol::RosterReadAnswer& read) { read.heads.clear(); };
    const Report report = sync_through(world, laptop, changing_roster(forget));
    CHECK(report.offered_again != 0);
    CHECK(laptop.workspace().store().pushed(contact.log()) == 1);  // by the end of it
}

TEST_CASE("a block that the hub does not serve again has its next turn after others", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    world.sync_all();
    Laptop& laptop = *world.laptops[1];
    want_block_of(laptop, world.turfs[0]);
    REQUIRE(world.sync(laptop, true));
    engine::Statement asked(laptop.workspace().store().database(), "SELECT times FROM wanted");
    CHECK(asked.query_integer() == 1);
}

TEST_CASE("a hub that refuses to serve a block again leaves the sync as it is", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    world.sync_all();
    Laptop& laptop = *world.laptops[1];
    want_block_of(laptop, world.turfs[0]);
    std::size_t refused = 0;
    const Report report = sync_through(world, laptop, [&](const Message& message, Answer& answer) {
        if (message.name != MessageName::pull) return;
        ++refused;
        answer = std::unexpected(Refusal::too_fast);
    });
    CHECK(refused == 1);
    CHECK(report.trouble == engine::sync::Trouble::none);
}

TEST_CASE(
    "a hub that serves another turf than the one asked for again talks nonsense", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    world.sync_all();
    Laptop& laptop = *world.laptops[1];
    want_block_of(laptop, world.turfs[0]);
    const Report report = sync_through(world, laptop, [](const Message& message, Answer& answer) {
        if (message.name != MessageName::pull) return;
        auto pulled = *protocol::parse_pull_answer(*answer);
        pulled.turfs.at(0).turf = {};
        answer = protocol::encode(pulled);
    });
    CHECK(report.trouble == engine::sync::Trouble::nonsense);
}

TEST_CASE("a block of a turf that the laptop does not hold is not asked for again", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    world.sync_all();
    Laptop& laptop = *world.laptops[1];
    const protocol::TurfId turf = world.add_turf();
    REQUIRE(world.sync(laptop, true));  // it reads of the turf in the roster
    want_block_of(laptop, turf);
    std::vector<MessageName> asked;
    static_cast<void>(sync_through(
        world, laptop, [&](const Message& message, Answer&) { asked.push_back(message.name); }));
    CHECK(asked == std::vector{MessageName::roster_read});
    engine::Statement times(laptop.workspace().store().database(), "SELECT times FROM wanted");
    CHECK(times.query_integer() == 1);  // others have their turn before it
}

TEST_CASE("a hub cannot keep a change waiting with an answer that never ends", "[session]") {
    World world(9, calm);
    world.settle(0, 1);
    engine::sync::RosterChange change(
        world.laptops[0]->workspace(),
        [](const engine::RosterWriter&)
            -> std::expected<engine::sync::ChangeOffer, engine::RosterWriteError> {
            return std::unexpected(engine::RosterWriteError::refused);
        });
    REQUIRE(change.next());
    protocol::RosterReadAnswer empty;
    empty.more = true;
    empty.head.head = Bytes(40);
    change.receive(protocol::encode(empty));
    CHECK(change.trouble() == engine::sync::ChangeTrouble::nonsense);
    CHECK_FALSE(change.next());
}

TEST_CASE("a hub whose leaf has no place in its stream talks nonsense", "[session]") {
    World world(9, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(world, laptop);
    const Report report = sync_through(world, laptop, [](const Message& message, Answer& answer) {
        if (message.name != MessageName::push) return;
        auto pushed = *protocol::parse_push_answer(*answer);
        pushed.verdicts.at(0).leaf.stream_seq = 0;
        answer = protocol::encode(pushed);
    });
    CHECK(report.trouble == engine::sync::Trouble::nonsense);
    CHECK(sync_through(world, laptop, [](const Message&, Answer&) {
          }).trouble == engine::sync::Trouble::none);
}

TEST_CASE("a vault put back knows its own later log of a turf it had not written in", "[session]") {
    World world(10, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    const auto incarnation = laptop.workspace().identity().incarnation;
    laptop.disk().ignore_syncs(true);
    add_contact(world, laptop);
    REQUIRE(world.sync(laptop, true));
    laptop.disk().ignore_syncs(false);
    laptop.lose_power(std::nullopt);
    REQUIRE(contacts_shown(laptop) == 0);
    REQUIRE(laptop.workspace().identity().incarnation == incarnation);
    add_contact(world, laptop);
    const Report report = sync_through(world, laptop, [](const Message&, Answer&) {});
    CHECK(report.new_incarnation);
    CHECK(report.forks == 0);
    CHECK(contacts_shown(laptop) == 2);
}

TEST_CASE("what a laptop did before it learned that it is retired reaches everyone", "[session]") {
    World world(7, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    add_contact(world, laptop);
    world.retire(laptop);
    const Report report = sync_through(world, laptop, untouched);
    CHECK(report.trouble == engine::sync::Trouble::none);
    CHECK(report.refusal == Refusal::not_permitted);
    CHECK(report.pushed_entries >= 1);
    CHECK(report.pulled_blocks == 0);
    REQUIRE(world.sync(*world.laptops[0], true));
    CHECK(contacts_shown(*world.laptops[0]) == 1);
    CHECK(sync_through(world, laptop, untouched).pushed_entries == 0);  // it is there
}

TEST_CASE("an old copy of a laptop that may read nothing is told, and is no fault", "[session]") {
    World world(8, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    laptop.close();
    REQUIRE(laptop.disk().remove("/vault/vault.guard") == DiskResult::ok);
    laptop.open();
    CHECK(engine::verify_vault(laptop.workspace()).advice() == engine::Remedy::sync);
    world.retire(laptop);
    CHECK(sync_through(world, laptop, untouched).refusal == Refusal::not_permitted);
    laptop.open();
    CHECK(laptop.workspace().old_copy());
    CHECK(engine::verify_vault(laptop.workspace()).sound());
}

TEST_CASE("a sync that reads everything ends what is said of an old copy", "[session]") {
    World world(8, calm);
    world.settle(1, 1);
    Laptop& laptop = *world.laptops[1];
    laptop.close();
    REQUIRE(laptop.disk().remove("/vault/vault.guard") == DiskResult::ok);
    laptop.open();
    CHECK(laptop.workspace().old_copy());
    sync_through(world, laptop, untouched);
    CHECK_FALSE(laptop.workspace().old_copy());
}

namespace {

/// A newcomer who keeps a block that it cannot read yet, and writes a snapshot of that.
struct LateReader {
    World world{6, calm};
    Laptop* late = nullptr;
    std::optional<engine::StoredBlock> block;

    LateReader() {
        world.settle(0, 1);
        Laptop& author = *world.laptops[0];
        const engine::LocalDot contact = add_contact(world, author);
        REQUIRE(world.sync(author, true));
        block = author.workspace().store().block(contact.log(), 0);
        REQUIRE(block);
        late = &world.add_laptop({world.turfs[0]});
    }

    /// Its first sync, which brings the key; `then` comes after the snapshot.
    Report sync(const std::function<void()>& then) {
        return sync_through(world, *late, [&](const Message& message, Answer&) {
            if (message.name != MessageName::wraps_read) return;
            engine::DirectOpener opener;  // it has the roster, and no key yet
            late->workspace().receive({{block->bytes, block->acceptance, false}}, opener);
            CHECK(contacts_shown(*late) == 0);
            CHECK(late->workspace().save_snapshot(true));
            then();
        });
    }
};

/// Power goes at the `operation`-th operation of the disk after the snapshot. Whether that came
/// before the sync had ended.
bool power_fails_after_snapshot(std::uint64_t operation) {
    LateReader reader;
    bool failed = false;
    try {
        static_cast<void>(reader.sync([&] { reader.late->disk().lose_power_at(operation); }));
    } catch (const engine::StorageFailure&) {
        failed = true;
    }
    reader.late->lose_power(std::nullopt);
    REQUIRE(reader.world.sync(*reader.late, true));
    CHECK(contacts_shown(*reader.late) == 1);
    return failed;
}

}  // namespace

TEST_CASE(
    "a block that opens late after a snapshot was written is there when the vault is opened again",
    "[session]") {
    LateReader reader;
    REQUIRE(reader.sync([] {}).trouble == engine::sync::Trouble::none);
    REQUIRE(contacts_shown(*reader.late) == 1);
    reader.late->open();
    CHECK(contacts_shown(*reader.late) == 1);
}

TEST_CASE(
    "no power loss leaves a snapshot that does not know of a block that opened late", "[session]") {
    std::uint64_t operation = 1;
    while (power_fails_after_snapshot(operation)) ++operation;
    CHECK(operation > 10);
}
