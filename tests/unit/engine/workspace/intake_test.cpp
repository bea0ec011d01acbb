#include "engine/workspace/intake.h"

#include <catch2/catch.hpp>

#include "engine/schema/fields.h"
#include "tests/unit/engine/log/block_hand.h"
#include "tests/unit/engine/log/hand.h"

namespace vereda::tests {
namespace {

using namespace engine;

/// Ana writes, Bo reads.
struct Pair {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    BlockHand hand{ana};

    [[nodiscard]] std::size_t contacts() { return Queries(*bo).contacts({}).size(); }
    [[nodiscard]] std::optional<StoredBlock> stored(std::uint64_t block_no) {
        const auto log = bo->store().find_log(hand.log());
        return log ? bo->store().block(*log, block_no) : std::nullopt;
    }
};

constexpr protocol::Acceptance at(std::uint64_t stream_seq, std::int64_t ms) {
    return {stream_seq, {ms}};
}

/// By a device that is to join with the next entry of the roster, for all that anybody can know.
Bytes strangers_block(Desk& desk) {
    protocol::BlockDraft draft = BlockHand(desk).first().draft;
    draft.roster_position.value += 1;
    crypto::SeededEntropy entropy(99);
    const auto key = crypto::SigningKey::generate(entropy);
    const protocol::EpochKeys& keys = *desk->keyring().find(draft.turf, draft.epoch);
    return protocol::close_block(draft, keys, key, entropy.bytes<16>()).wire;
}

}  // namespace

TEST_CASE("a gap or an overlap in entry numbers makes a block a misfit", "[log]") {
    Pair pair;
    const MadeBlock first = pair.hand.first(2);
    const std::int64_t shift = GENERATE(5, -1);
    const MadeBlock second = pair.hand.after(first, 1, [&](protocol::BlockDraft& draft) {
        draft.first_seq.value += static_cast<std::uint64_t>(shift);
    });
    take(pair.bo, first.wire());
    CHECK(take(pair.bo, second.wire()).forks == 1);
    CHECK(pair.bo->store().misfits().size() == 1);
    CHECK_FALSE(pair.stored(1));
    CHECK(pair.contacts() == 2);
}

TEST_CASE("a block that skips a number is a misfit", "[log]") {
    Pair pair;
    const MadeBlock first = pair.hand.first(3);
    const MadeBlock third =
        pair.hand.after(first, 1, [](protocol::BlockDraft& draft) { draft.block_no += 1; });
    take(pair.bo, first.wire());
    CHECK(take(pair.bo, third.wire()).forks == 1);
    CHECK(pair.bo->store().misfits().size() == 1);
    CHECK(pair.contacts() == 3);
}

TEST_CASE("a block that its author did not sign is refused", "[log]") {
    Pair pair;
    const MadeBlock block = pair.hand.first();
    CHECK(take(pair.bo, pair.hand.with_forged_signature(block)).refused == 1);
    CHECK(pair.contacts() == 0);
    CHECK(pair.bo->store().waiting_count() == 0);
}

TEST_CASE("a block that knows less of the roster than the one before it is a misfit", "[log]") {
    Pair pair;
    const Roster& roster = pair.bo->roster();
    const MadeBlock first = pair.hand.first();
    const MadeBlock second = pair.hand.after(first, 1, [&](protocol::BlockDraft& draft) {
        draft.roster_position = {roster.last_position().value - 1};
        draft.roster_hash = *roster.hash_at(draft.roster_position);
    });
    take(pair.bo, first.wire());
    take(pair.bo, second.wire());
    CHECK(pair.bo->store().misfits().size() == 1);
    CHECK(pair.contacts() == 1);
}

TEST_CASE("a block of another roster waits, and one of a later roster until it comes", "[log]") {
    Pair pair;
    const MadeBlock other =
        pair.hand.first(1, [](protocol::BlockDraft& draft) { draft.roster_hash.bytes[0] ^= 1; });
    take(pair.bo, other.wire());
    CHECK(pair.bo->store().waiting_count() == 1);
    const MadeBlock later =
        pair.hand.first(1, [](protocol::BlockDraft& draft) { draft.roster_position.value += 1; });
    take(pair.bo, later.wire());
    CHECK(pair.bo->store().waiting_count() == 2);
    CHECK(pair.bo->retry() == 0);
    CHECK(pair.bo->store().waiting_count() == 2);
    CHECK(pair.contacts() == 0);
}

TEST_CASE("a block that knows more of the roster is read when that has come", "[log]") {
    Pair pair;
    const WrittenEntry created = create_turf(pair.office.coordinator()).entries.front();
    REQUIRE(serve_roster(pair.ana, {created}));
    take(pair.bo, pair.hand.first().wire());
    CHECK(pair.bo->store().waiting_count() == 1);
    REQUIRE(serve_roster(pair.bo, {created}));
    CHECK(pair.bo->retry() == 1);
    CHECK(pair.bo->store().waiting_count() == 0);
    CHECK(pair.contacts() == 1);
}

TEST_CASE("a block from before its device or its turf is refused and makes no log known", "[log]") {
    Pair pair;
    const Roster& roster = pair.bo->roster();
    const RosterDevice* device = roster.find(pair.ana->identity().keys.device());
    const RosterTurf* turf = roster.find(pair.ana->store().turf(pair.ana.north));
    const auto before = [&](protocol::RosterPosition position) {
        return [&roster, position](protocol::BlockDraft& draft) {
            draft.roster_position = {position.value - 1};
            draft.roster_hash = *roster.hash_at(draft.roster_position);
        };
    };
    const std::uint32_t logs = pair.bo->store().log_count();
    SECTION("device") {
        CHECK(take(pair.bo, pair.hand.first(1, before(device->enrolled)).wire()).refused == 1);
    }
    SECTION("turf") {
        BlockHand founder(pair.office.coordinator());
        CHECK(take(pair.bo, founder.first(1, before(turf->created)).wire()).refused == 1);
    }
    CHECK(pair.bo->store().log_count() == logs);
    CHECK(pair.bo->store().waiting_count() == 0);
}

TEST_CASE("of two copies of a block the whole one is kept, whichever came first", "[log]") {
    Pair pair;
    const MadeBlock block = pair.hand.first(3);
    const Bytes hollow = pair.hand.without_first_entry(block);
    const bool hollow_first = GENERATE(true, false);
    if (hollow_first) {
        const auto received = take(pair.bo, hollow, at(4, 1000));
        CHECK(received.damaged == 1);
        CHECK(pair.contacts() == 2);
        CHECK(pair.stored(0)->state == BlockState::withheld);
        pair.bo->save_snapshot(true);
        const auto wanted = pair.bo->store().hub_places().next_wanted(9);
        REQUIRE(wanted.size() == 1);
        CHECK(wanted.begin()->second.at(0).place == at(4, 1000));
        CHECK(wanted.begin()->second.at(0).hash == block.hash());
        CHECK(take(pair.bo, block.wire()).damaged == 0);
    } else {
        take(pair.bo, block.wire());
        CHECK(take(pair.bo, hollow, at(4, 1000)).damaged == 0);
    }
    CHECK(pair.bo->store().hub_places().wanted_count() == 0);
    CHECK(pair.contacts() == 3);
    pair.bo->rebuild();
    CHECK(pair.contacts() == 3);
    pair.office.reopen(pair.bo);
    CHECK(pair.contacts() == 3);
    CHECK(pair.stored(0)->bytes == block.wire());
}

TEST_CASE("a payload that is not its author's is asked for again, though it opens whole", "[log]") {
    Pair pair;
    const MadeBlock block = pair.hand.first(20);
    CHECK(take(pair.bo, pair.hand.sealed_again(block), at(2, 1000)).damaged == 1);
    CHECK(pair.contacts() == 20);
    CHECK(pair.bo->store().hub_places().wants(block.hash()));
    take(pair.bo, block.wire(), at(2, 1000));
    CHECK_FALSE(pair.bo->store().hub_places().wants(block.hash()));
    CHECK(pair.stored(0)->bytes == block.wire());
}

TEST_CASE("of two payloads that are not the author's the one that opens whole is kept", "[log]") {
    Pair pair;
    const MadeBlock block = pair.hand.first(20);
    take(pair.bo, pair.hand.without_first_entry(block));
    CHECK(pair.contacts() == 19);
    take(pair.bo, pair.hand.sealed_again(block));
    CHECK(pair.contacts() == 20);
}

TEST_CASE("a spoilt block that would have to wait is not kept, and its place is", "[log]") {
    Pair pair;
    const MadeBlock first = pair.hand.first(), second = pair.hand.after(first);
    CHECK(take(pair.bo, spoilt(second.wire()), at(7, 1000)).damaged == 1);
    CHECK(pair.bo->store().waiting_count() == 0);
    CHECK(pair.bo->store().hub_places().wants(second.hash()));
    take(pair.bo, first.wire());
    take(pair.bo, second.wire());
    CHECK_FALSE(pair.bo->store().hub_places().wants(second.hash()));
    CHECK(pair.contacts() == 2);
}

TEST_CASE("a new epoch of the hub moves a block's place and not its time", "[log]") {
    Pair pair;
    const MadeBlock block = pair.hand.first();
    take(pair.bo, block.wire(), at(5, 1000));
    take(pair.bo, block.wire(), at(9, 2000));
    CHECK(pair.stored(0)->acceptance == at(9, 1000));
}

TEST_CASE("blocks come in any order and wait for no longer than they must", "[log]") {
    Pair pair;
    std::vector<MadeBlock> blocks{pair.hand.first()};
    for (int i = 0; i < 5; ++i) blocks.push_back(pair.hand.after(blocks.back()));
    for (std::size_t i = blocks.size(); i > 1; --i) take(pair.bo, blocks[i - 1].wire());
    CHECK(pair.bo->store().waiting_count() == 5);
    CHECK(pair.contacts() == 0);
    take(pair.bo, blocks[0].wire());
    CHECK(pair.bo->store().waiting_count() == 0);
    CHECK(pair.contacts() == 6);
}

TEST_CASE("who fills the waiting room keeps nobody else's block out of it", "[log]") {
    Pair pair;
    const auto ana = pair.ana->identity().keys.device();
    WaitingRoom& room = pair.bo->store().waiting_room();
    for (std::int64_t i = 0; i < WaitingRoom::share; ++i) {
        protocol::BlockHash hash;
        hash.bytes[0] = static_cast<std::uint8_t>(i);
        hash.bytes[1] = 1;
        REQUIRE(room.keep(hash, ana, {.block = hash}, Bytes{1}));
    }
    const MadeBlock first = pair.hand.first(), second = pair.hand.after(first);
    const auto received = take(pair.bo, second.wire(), at(3, 1000));
    CHECK(received.without_room == 1);
    CHECK(received.refused == 0);
    CHECK(pair.bo->store().hub_places().wants(second.hash()));

    BlockHand other(pair.office.coordinator());
    const MadeBlock begins = other.first(), goes_on = other.after(begins);
    CHECK(take(pair.bo, goes_on.wire()).without_room == 0);
    CHECK(room.count() == WaitingRoom::share + 1);
    take(pair.bo, begins.wire());
    CHECK(pair.contacts() == 2);
}

TEST_CASE("devices that the roster does not name share one share of the waiting room", "[log]") {
    Pair pair;
    WaitingRoom& room = pair.bo->store().waiting_room();
    for (std::int64_t i = 0; i < WaitingRoom::share; ++i) {
        protocol::BlockHash hash;
        hash.bytes[0] = static_cast<std::uint8_t>(i);
        hash.bytes[1] = 1;
        REQUIRE(room.keep(hash, protocol::DeviceId{}, {.block = hash}, Bytes{1}));
    }
    CHECK(take(pair.bo, strangers_block(pair.ana)).without_room == 1);
    CHECK(room.count() == WaitingRoom::share);
}

TEST_CASE("what the hub said about a block after a snapshot shows when that is loaded", "[log]") {
    Pair pair;
    static_cast<void>(add_person(pair.ana, "Ana", "Ruiz"));
    pair.office.carry(pair.ana, pair.bo);
    pair.bo->save_snapshot(true);
    const auto created = [&] {
        const auto lines = Queries(*pair.bo).contacts({});
        REQUIRE(lines.size() == 1);
        return Queries(*pair.bo).contact(lines.front().id)->created;
    };
    CHECK(created() == pair.office.clock.now());
    take(pair.bo, last_block(pair.ana, pair.ana.north)->wire, at(4, 1000));
    CHECK(created() == protocol::Millis{1000});
    pair.office.reopen(pair.bo);
    CHECK_FALSE(pair.bo->opening().rebuilt);
    CHECK(created() == protocol::Millis{1000});
}

TEST_CASE("the hub's word on a block takes nothing from what came with it", "[log]") {
    Pair pair;
    const LocalDot person = add_person(pair.ana, "Ana", "Ruiz");
    pair.ana->close_blocks();
    const Bytes created = last_block(pair.ana, pair.ana.north)->wire;
    take(pair.bo, created);
    ContactChange change;
    for (int i = 0; i < 80; ++i) change.add.push_back({"tags", std::to_string(i)});
    REQUIRE(People(*pair.ana).edit_contact(person, change));
    pair.ana->close_blocks();
    const Bytes edited = last_block(pair.ana, pair.ana.north)->wire;
    DirectOpener opener;
    static_cast<void>(
        pair.bo->receive({{edited, std::nullopt, false}, {created, at(4, 1000), false}}, opener));
    const LocalDot read = Queries(*pair.bo).contacts({}).front().id;
    const auto row = pair.bo->projection().contacts().load(read);
    CHECK(row->state.elements(field::tags).size() == 80);
}

TEST_CASE("the hub's word on a visit takes nothing from what came with it", "[log]") {
    Pair pair;
    const LocalDot person = add_person(pair.ana, "Ana", "Ruiz");
    const auto visit =
        People(*pair.ana).add_interaction(person, {.kind = "door", .outcome = "spoke"});
    REQUIRE(visit);
    pair.ana->close_blocks();
    const Bytes created = last_block(pair.ana, pair.ana.north)->wire;
    take(pair.bo, created);

    // Of so many fields at once that the visit is held until the batch ends.
    const Bytes said = protocol::text_value("gone out");
    protocol::Edit edit;
    for (std::uint64_t later = 5000; later < 5080; ++later)
        edit.writes.push_back({.field = later, .value = said});
    const Bytes body = protocol::encode(edit);
    Hand noting(pair.ana);
    const protocol::Entry note{
        .type = static_cast<std::uint64_t>(protocol::EventType::edit),
        .record = protocol::Reference{0, LocalDot(*visit).seq()},
        .parent = protocol::Reference{0, person.seq()},
        .body = body};
    noting.write({note});
    DirectOpener opener;
    static_cast<void>(pair.bo->receive(
        {{noting.last(), std::nullopt, false}, {created, at(4, 1000), false}}, opener));
    const LocalDot read = Queries(*pair.bo).contacts({}).front().id;
    const LocalDot there = Queries(*pair.bo).interactions_of(read).front().what.id;
    const auto row = pair.bo->projection().interactions().load(there);
    CHECK(row->state.items().size() >= 80);
}

TEST_CASE("what a visit says counts as written when the hub took it", "[log]") {
    Pair pair;
    const LocalDot person = add_person(pair.ana, "Ana", "Ruiz");
    REQUIRE(People(*pair.ana).add_interaction(person, {.kind = "door", .outcome = "spoke"}));
    pair.office.carry(pair.ana, pair.bo);
    take(pair.bo, last_block(pair.ana, pair.ana.north)->wire, at(4, 1000));
    const LocalDot read = Queries(*pair.bo).contacts({}).front().id;
    const auto visits = Queries(*pair.bo).interactions_of(read);
    REQUIRE(visits.size() == 1);
    const auto row = pair.bo->projection().interactions().load(visits.front().what.id);
    for (const RecordState::Item& item : row->state.items()) CHECK(item.at_ms == 1000);
}

TEST_CASE("what waited in a vault made before finds its place", "[log]") {
    Pair pair;
    const MadeBlock first = pair.hand.first(), second = pair.hand.after(first);
    {
        Database& database = pair.bo->store().database();
        Statement(database, "INSERT INTO waiting(hash, log, served) VALUES (?1, ?2, ?3)")
            .run(second.hash(), pair.hand.log(), encode_waiting(second.wire(), std::nullopt));
    }
    pair.office.reopen(pair.bo);
    CHECK(pair.bo->store().waiting_count() == 1);
    take(pair.bo, first.wire());
    CHECK(pair.bo->store().waiting_count() == 0);
    CHECK(pair.contacts() == 2);
}

}  // namespace vereda::tests
