#include <catch2/catch.hpp>

#include "hub_world.h"
#include "protocol/sync/leaf.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::BlockRefusal;
using protocol::PullCursor;
using protocol::PullOutcome;
using protocol::PushOutcome;

namespace {

PullCursor beginning(const protocol::TurfId& turf) {
    PullCursor cursor;
    cursor.turf = turf;
    return cursor;
}

PushOutcome outcome(const protocol::PushAnswer& answer, std::size_t at = 0) {
    return answer.verdicts.at(at).outcome;
}

}  // namespace

TEST_CASE("a pushed block comes back from pull as it was", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes first = log.next(3), second = log.next(1);
    const auto answer = world.push(world.founder, {first, second});
    CHECK(outcome(answer, 0) == PushOutcome::accepted);
    CHECK(outcome(answer, 1) == PushOutcome::accepted);
    CHECK(answer.verdicts[0].leaf.stream_seq == 1);
    CHECK(answer.verdicts[1].leaf.stream_seq == 2);
    CHECK(answer.verdicts[1].leaf.accepted == world.clock.now());
    CHECK(world.pull_all(world.founder, world.east) == std::vector{first, second});
}

TEST_CASE("a push repeated after a lost reply gets the leaf of the first time", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes block = log.next();
    const auto first = world.push(world.founder, {block});
    world.clock.advance_ms(60'000);
    const auto again = world.push(world.founder, {block});
    CHECK(outcome(again) == PushOutcome::already_had);
    CHECK(again.verdicts[0].leaf == first.verdicts[0].leaf);
    world.restart();
    CHECK(world.push(world.founder, {block}).verdicts[0].leaf == first.verdicts[0].leaf);
    CHECK(world.pull_all(world.founder, world.east).size() == 1);
}

TEST_CASE("a block whose predecessor is unknown is answered with the log's head", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes first = log.next(5), second = log.next(), third = log.next();

    const auto none = world.push(world.founder, {third});
    CHECK(outcome(none) == PushOutcome::predecessor_unknown);
    CHECK_FALSE(none.verdicts[0].head.has_value());

    REQUIRE(outcome(world.push(world.founder, {first})) == PushOutcome::accepted);
    const auto gap = world.push(world.founder, {third});
    REQUIRE(outcome(gap) == PushOutcome::predecessor_unknown);
    REQUIRE(gap.verdicts[0].head.has_value());
    CHECK(gap.verdicts[0].head->log == log.id());
    CHECK(gap.verdicts[0].head->block_no == 0);
    CHECK(gap.verdicts[0].head->last_seq.value == 5);
    CHECK(gap.verdicts[0].head->block == protocol::parse_block(world.workspace, first)->hash);

    const auto rest = world.push(world.founder, {second, third});
    CHECK(outcome(rest, 1) == PushOutcome::accepted);
}

TEST_CASE("a sibling is kept as evidence, with a leaf, and the head stays", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes first = log.next(), ours = log.next();
    log.go_back_to(1);
    const Bytes sibling = log.next(), after_sibling = log.next();
    REQUIRE(outcome(world.push(world.founder, {first, ours}), 1) == PushOutcome::accepted);

    const auto answer = world.push(world.founder, {sibling, after_sibling});
    CHECK(outcome(answer, 0) == PushOutcome::evidence);
    CHECK(answer.verdicts[0].leaf.stream_seq == 3);
    CHECK(outcome(answer, 1) == PushOutcome::evidence);
    CHECK(outcome(world.push(world.founder, {sibling})) == PushOutcome::already_had);

    const protocol::RosterReadRequest request{world.roster.next_position(), {log.id()}};
    const auto roster = protocol::parse_roster_read_answer(
        world.ask(world.founder, protocol::MessageName::roster_read, encode(request)).body);
    REQUIRE(roster);
    REQUIRE(roster->heads.size() == 1);
    CHECK(roster->heads[0].block == protocol::parse_block(world.workspace, ours)->hash);

    const auto served = world.pull_all(world.founder, world.east);
    CHECK(served == std::vector{first, ours, sibling, after_sibling});
    world.restart();
    CHECK(world.pull_all(world.founder, world.east) == served);
}

TEST_CASE("an organiser of one turf cannot pull the other", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    BlockLog secret(world, world.founder, world.west);
    REQUIRE(outcome(world.push(world.founder, {secret.next()})) == PushOutcome::accepted);

    const auto refused = world.pull(organiser, beginning(world.west));
    CHECK(refused.outcome == PullOutcome::not_granted);
    CHECK(refused.blocks.empty());
    CHECK(refused.head.head.empty());
    CHECK(world.pull(organiser, beginning(world.east)).outcome == PullOutcome::chunk);
    CHECK(world.pull(organiser, beginning(world.roster.common())).outcome == PullOutcome::chunk);
}

TEST_CASE("what has left may hand in work within a quota, and gets nothing", "[hub]") {
    HubLimits limits;
    limits.ended_bytes_per_day = 2000;
    HubWorld world(limits);
    const Laptop lost = world.organiser({world.east});
    BlockLog log(world, lost, world.east);
    const Bytes before = log.next(1, 3000), after = log.next(1, 500), beyond = log.next(1, 1000);
    REQUIRE(outcome(world.push(lost, {before})) == PushOutcome::accepted);
    world.clock.advance_ms(1000);
    world.retire(lost);

    CHECK(outcome(world.push(lost, {after})) == PushOutcome::accepted);
    CHECK(outcome(world.push(lost, {beyond})) == PushOutcome::not_yet);
    world.restart(limits);
    const auto full = world.push(lost, {beyond});
    REQUIRE(outcome(full) == PushOutcome::not_yet);
    world.clock.advance_ms(static_cast<std::int64_t>(full.verdicts[0].again_after_ms));
    CHECK(outcome(world.push(lost, {beyond})) == PushOutcome::accepted);

    const protocol::PullRequest pull{{beginning(world.east)}};
    CHECK(
        refusal_of(world.ask(lost, protocol::MessageName::pull, encode(pull))) ==
        protocol::Refusal::not_permitted);
    const protocol::RosterReadRequest read{{0}, {}};
    CHECK(
        refusal_of(world.ask(lost, protocol::MessageName::roster_read, encode(read))) ==
        protocol::Refusal::not_permitted);
}

TEST_CASE("blocks of unknown devices and turfs are refused and not stored", "[hub]") {
    HubWorld world;
    const Laptop stranger(world.entropy);
    BlockLog foreign(world, stranger, world.east);
    BlockLog nowhere(world, world.founder, {world.entropy.bytes<16>()});
    const auto answer = world.push(world.founder, {foreign.next(), nowhere.next()});
    CHECK(answer.verdicts[0].reason == BlockRefusal::device_unknown);
    CHECK(answer.verdicts[1].reason == BlockRefusal::turf_unknown);
    CHECK(world.pull_all(world.founder, world.east).empty());
}

TEST_CASE("anyone on the roster may carry another device's block", "[hub]") {
    HubWorld world;
    const Laptop courier = world.organiser({world.east});
    BlockLog log(world, world.founder, world.west);
    CHECK(outcome(world.push(courier, {log.next()})) == PushOutcome::accepted);
}

TEST_CASE("a changed block is refused, whatever byte of it was changed", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes block = log.next(1, 256);
    std::size_t refusals = 0;
    for (std::size_t at = 0; at < block.size(); ++at) {
        Bytes changed = block;
        changed[at] ^= 0x10;
        const HubAnswer answer = world.ask(
            world.founder, protocol::MessageName::push, encode(protocol::PushRequest{{changed}}));
        if (answer.status != 200) {
            ++refusals;  // the push as a whole is no longer CBOR
            continue;
        }
        refusals += outcome(*protocol::parse_push_answer(answer.body)) == PushOutcome::refused;
    }
    CHECK(refusals == block.size());
    CHECK(world.pull_all(world.founder, world.east).empty());
}

TEST_CASE("a payload that its author did not sign is told from a bad signature", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    Bytes block = log.next();
    block.back() ^= 1;
    CHECK(world.push(world.founder, {block}).verdicts[0].reason == BlockRefusal::payload_differs);
    Bytes unsigned_block = log.next();
    const auto parsed = protocol::parse_block(world.workspace, unsigned_block);
    REQUIRE(parsed);
    crypto::Signature other = parsed->signature;
    other[5] ^= 1;
    const Bytes forged = protocol::encode_block(parsed->header, other, parsed->payload);
    CHECK(world.push(world.founder, {forged}).verdicts[0].reason == BlockRefusal::bad_signature);
}

TEST_CASE("a refused block does not keep the others of its push from being stored", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    BlockLog other(world, world.founder, world.west);
    Bytes bad = log.next();
    bad.back() ^= 1;
    const auto answer = world.push(world.founder, {bad, other.next()});
    CHECK(outcome(answer, 0) == PushOutcome::refused);
    CHECK(outcome(answer, 1) == PushOutcome::accepted);
}

TEST_CASE("pull goes on from where it stopped, in whole blocks of at most a chunk", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    std::vector<Bytes> blocks;
    for (int i = 0; i < 12; ++i) blocks.push_back(log.next(1, 60'000));
    for (const Bytes& block : blocks) {
        REQUIRE(outcome(world.push(world.founder, {block})) == PushOutcome::accepted);
    }
    const auto chunk = world.pull(world.founder, beginning(world.east));
    CHECK(chunk.blocks.size() == 4);
    CHECK(chunk.more);
    CHECK(world.pull_all(world.founder, world.east) == blocks);
}

TEST_CASE("who asks for more than a chunk gets a chunk", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    for (int i = 0; i < 6; ++i) {
        REQUIRE(outcome(world.push(world.founder, {log.next(1, 60'000)})) == PushOutcome::accepted);
    }
    const protocol::PullRequest request{{beginning(world.east)}, 10 * protocol::chunk_size_max};
    const auto answer = protocol::parse_pull_answer(
        world.ask(world.founder, protocol::MessageName::pull, encode(request)).body);
    REQUIRE(answer);
    CHECK(answer->turfs[0].blocks.size() == 4);
    CHECK(answer->turfs[0].more);
}

TEST_CASE("a block larger than what was asked for comes alone", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    REQUIRE(
        outcome(world.push(world.founder, {log.next(1, 5000), log.next(1, 5000)}), 1) ==
        PushOutcome::accepted);
    const protocol::PullRequest request{{beginning(world.east)}, 100};
    const auto answer = protocol::parse_pull_answer(
        world.ask(world.founder, protocol::MessageName::pull, encode(request)).body);
    REQUIRE(answer);
    CHECK(answer->turfs[0].blocks.size() == 1);
    CHECK(answer->turfs[0].more);
}

TEST_CASE("several turfs share one chunk", "[hub]") {
    HubWorld world;
    BlockLog east(world, world.founder, world.east);
    BlockLog west(world, world.founder, world.west);
    REQUIRE(outcome(world.push(world.founder, {east.next(1, 200'000)})) == PushOutcome::accepted);
    REQUIRE(outcome(world.push(world.founder, {west.next(1, 200'000)})) == PushOutcome::accepted);
    const protocol::PullRequest request{{beginning(world.east), beginning(world.west)}};
    const auto answer = protocol::parse_pull_answer(
        world.ask(world.founder, protocol::MessageName::pull, encode(request)).body);
    REQUIRE(answer);
    CHECK(answer->turfs[0].blocks.size() == 1);
    CHECK_FALSE(answer->turfs[0].more);
    CHECK(answer->turfs[1].blocks.empty());
    CHECK(answer->turfs[1].more);
}

TEST_CASE("leaves that the caller has are not served, and the head is the same", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    std::vector<Bytes> blocks;
    for (int i = 0; i < 6; ++i) blocks.push_back(log.next());
    REQUIRE(outcome(world.push(world.founder, blocks), 5) == PushOutcome::accepted);
    const auto whole = world.pull(world.founder, beginning(world.east));

    PullCursor cursor = beginning(world.east);
    cursor.held = {{1, 1}, {3, 4}};
    const auto rest = world.pull(world.founder, cursor);
    CHECK(rest.head == whole.head);
    CHECK_FALSE(rest.more);
    CHECK(rest.blocks == std::vector{whole.blocks.at(1), whole.blocks.at(4), whole.blocks.at(5)});

    cursor.held = {{1, 900}};
    const auto none = world.pull(world.founder, cursor);
    CHECK(none.head == whole.head);
    CHECK(none.blocks.empty());
}

TEST_CASE("what the caller has takes nothing of a chunk's bytes", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    for (int i = 0; i < 4; ++i) {
        REQUIRE(
            outcome(world.push(world.founder, {log.next(1, 200'000)})) == PushOutcome::accepted);
    }
    PullCursor cursor = beginning(world.east);
    cursor.held = {{1, 3}};
    const auto pulled = world.pull(world.founder, cursor);
    REQUIRE(pulled.blocks.size() == 1);
    CHECK(pulled.blocks[0].leaf.stream_seq == 4);
    CHECK_FALSE(pulled.more);
    cursor.held = {{3, 3}};
    const auto first = world.pull(world.founder, cursor);
    REQUIRE(first.blocks.size() == 1);
    CHECK(first.more);
    CHECK(cursor_at(first).turf_seq == 1);
}

TEST_CASE("a push that pulls too is served what others pushed, and not its own", "[hub]") {
    HubWorld world;
    const Laptop other = world.organiser({world.east});
    BlockLog theirs(world, other, world.east);
    BlockLog own(world, world.founder, world.east);
    const Bytes met = theirs.next(), first = own.next(), second = own.next();
    REQUIRE(outcome(world.push(world.founder, {first})) == PushOutcome::accepted);
    REQUIRE(outcome(world.push(other, {met})) == PushOutcome::accepted);

    const protocol::PushRequest both{
        {first, second}, protocol::PullRequest{{beginning(world.east)}}};
    const auto answer = protocol::parse_push_answer(
        world.ask(world.founder, protocol::MessageName::push, encode(both)).body);
    REQUIRE(answer);
    CHECK(outcome(*answer, 0) == PushOutcome::already_had);
    CHECK(outcome(*answer, 1) == PushOutcome::accepted);
    REQUIRE(answer->turfs.size() == 1);
    REQUIRE(answer->turfs[0].blocks.size() == 1);
    CHECK(answer->turfs[0].blocks[0].block == met);
    CHECK(cursor_at(answer->turfs[0]).turf_seq == 3);
    CHECK(protocol::verify_stream_head(
        world.workspace, answer->turfs[0].head.head, answer->turfs[0].head.signature,
        world.hub_key.public_key()));
}

TEST_CASE("a device whose time has ended pushes and is served nothing with it", "[hub]") {
    HubWorld world;
    const Laptop lost = world.organiser({world.east});
    BlockLog log(world, lost, world.east);
    BlockLog other(world, world.founder, world.east);
    REQUIRE(outcome(world.push(world.founder, {other.next()})) == PushOutcome::accepted);
    world.retire(lost);
    const protocol::PushRequest both{{log.next()}, protocol::PullRequest{{beginning(world.east)}}};
    const auto answer = protocol::parse_push_answer(
        world.ask(lost, protocol::MessageName::push, encode(both)).body);
    REQUIRE(answer);
    CHECK(outcome(*answer) == PushOutcome::accepted);
    CHECK(answer->turfs.empty());
}

TEST_CASE("the head at a chunk's end is signed and follows from the leaves", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    REQUIRE(
        outcome(world.push(world.founder, {log.next(), log.next()}), 1) == PushOutcome::accepted);
    const auto pulled = world.pull(world.founder, beginning(world.east));
    CHECK(protocol::verify_stream_head(
        world.workspace, pulled.head.head, pulled.head.signature, world.hub_key.public_key()));

    auto chain = protocol::chain_start(world.workspace, 1, world.east);
    for (const protocol::ServedBlock& served : pulled.blocks) {
        const auto block = protocol::parse_block(world.workspace, served.block);
        REQUIRE(block);
        chain = protocol::chain_next(
            chain,
            protocol::encode_leaf(
                {protocol::LeafKind::block, world.workspace, world.east, served.leaf.stream_seq,
                 served.leaf.accepted, block->hash.bytes, block->payload_hash}));
    }
    const auto head = protocol::parse_stream_head(pulled.head.head);
    REQUIRE(head);
    CHECK(head->turf_chain == chain);
    CHECK(head->turf_seq == 2);
    CHECK(head->hub_epoch == 1);
    CHECK(head->time == world.clock.now());
}

TEST_CASE("a cursor that is not this hub's is told to begin again", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    REQUIRE(outcome(world.push(world.founder, {log.next()})) == PushOutcome::accepted);
    const PullCursor good = cursor_at(world.pull(world.founder, beginning(world.east)));
    CHECK(world.pull(world.founder, good).outcome == PullOutcome::chunk);

    REQUIRE(outcome(world.push(world.founder, {log.next()})) == PushOutcome::accepted);
    CHECK(world.pull(world.founder, good).outcome == PullOutcome::chunk);  // by now in the middle
    const PullCursor end = cursor_at(world.pull(world.founder, good));

    PullCursor other_epoch = end, other_chain = end, in_the_middle = good, ahead = end;
    other_epoch.hub_epoch = 2;
    other_chain.turf_chain.bytes[0] ^= 1;
    in_the_middle.turf_chain.bytes[0] ^= 1;
    ahead.turf_seq = 9;
    for (const PullCursor& cursor : {other_epoch, other_chain, in_the_middle, ahead}) {
        const auto pulled = world.pull(world.founder, cursor);
        CHECK(pulled.outcome == PullOutcome::cursor_unknown);
        CHECK(cursor_at(pulled) == end);
        CHECK(pulled.blocks.empty());
    }
}

TEST_CASE("a new hub epoch keeps the leaves and begins the chains again", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes block = log.next();
    const auto before = world.push(world.founder, {block});
    const PullCursor old = cursor_at(world.pull(world.founder, beginning(world.east)));
    world.store->workspaces().begin_epoch(2);
    world.restart();

    CHECK(world.pull(world.founder, old).outcome == PullOutcome::cursor_unknown);
    CHECK(world.push(world.founder, {block}).verdicts[0].leaf == before.verdicts[0].leaf);
    REQUIRE(outcome(world.push(world.founder, {log.next()})) == PushOutcome::accepted);
    const auto pulled = world.pull(world.founder, beginning(world.east));
    CHECK(cursor_at(pulled).hub_epoch == 2);
    CHECK(pulled.blocks.size() == 2);
    CHECK(world.pull(world.founder, cursor_at(pulled)).outcome == PullOutcome::chunk);
    CHECK(world.hub->card().hub_epoch == 2);
}

namespace {

/// What the hub says to a head of `east` at `seq` with a chain of nowhere, signed by `signer`.
HubAnswer show_head(HubWorld& world, std::uint64_t seq, const crypto::SigningKey& signer) {
    const protocol::StreamHead head{.hub_epoch = 1, .turf = world.east, .turf_seq = seq};
    const Bytes wire = protocol::encode_stream_head(head);
    const auto signature = protocol::sign_stream_head(world.workspace, wire, signer);
    const protocol::WentBackRequest request{{wire, signature}};
    return world.ask(world.founder, protocol::MessageName::went_back, encode(request));
}

bool is_proven(const HubAnswer& answer) {
    const auto parsed = protocol::parse_went_back_answer(answer.body);
    REQUIRE(parsed);
    return parsed->proven;
}

}  // namespace

TEST_CASE("a head that this hub signed and has not begins a new epoch", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    REQUIRE(outcome(world.push(world.founder, {log.next()})) == PushOutcome::accepted);
    SECTION("beyond the stream's end") { CHECK(is_proven(show_head(world, 7, world.hub_key))); }
    SECTION("at a leaf where the chain is another") {
        CHECK(is_proven(show_head(world, 1, world.hub_key)));
    }
    CHECK(world.hub->card().hub_epoch == 2);
    CHECK(world.pull_all(world.founder, world.east).size() == 1);
    CHECK_FALSE(is_proven(show_head(world, 7, world.hub_key)));  // of an earlier epoch by now
    CHECK(world.hub->card().hub_epoch == 2);
}

TEST_CASE("a head that the hub has, or that somebody else signed, begins nothing", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    REQUIRE(outcome(world.push(world.founder, {log.next()})) == PushOutcome::accepted);
    const auto pulled = world.pull(world.founder, beginning(world.east));
    const protocol::WentBackRequest ours{pulled.head};
    CHECK_FALSE(
        is_proven(world.ask(world.founder, protocol::MessageName::went_back, encode(ours))));
    const auto stranger = crypto::SigningKey::generate(world.entropy);
    CHECK(refusal_of(show_head(world, 7, stranger)) == protocol::Refusal::bad_signature);
    CHECK(world.hub->card().hub_epoch == 1);
}
