#include "engine/workspace/proofs.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/log/branches.h"
#include "engine/queries/waiting_removals.h"
#include "engine/queries/workspace_status.h"
#include "tests/unit/engine/log/block_hand.h"
#include "tests/unit/engine/log/hand.h"

/// What a block claims to have seen, and when that counts (docs/protocol.md "What a row proves").
namespace vereda::tests {
namespace {

using namespace engine;
using protocol::Entry;
using protocol::EventType;
using protocol::Reference;
using protocol::Seq;

/// Ana adds contacts, Bo writes about them, others read.
struct Claim {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    Desk& cy = join_quietly(office, "Cy");
    BlockHand adding{ana};
    Hand about{bo};

    /// Bo's block that takes away Ana's entry `seen`, which is said to lie in the block `in`.
    const Bytes& retract(Seq seen, const MadeBlock& in) {
        return retract(seen, adding.log(), {row(seen, in)});
    }
    /// Where the table has more rows than that one.
    const Bytes& retract(
        Seq seen, const protocol::LogId& log, std::vector<protocol::TableRow> rows) {
        std::ranges::sort(rows);
        const auto own = std::ranges::find(rows, log, &protocol::TableRow::log);
        const auto index = static_cast<std::uint64_t>(own - rows.begin()) + 1;
        const Bytes body = protocol::encode_retract();
        about.write({entry(EventType::retract, body, Reference{index, seen})}, std::move(rows));
        return about.last();
    }
    /// Bo's block that takes away Bo's next entry, which is not written yet.
    const Bytes& retract_next() {
        const Bytes body = protocol::encode_retract();
        const Reference later{0, {about.next().value + 1}};
        about.write({entry(EventType::retract, body, later)});
        return about.last();
    }
    /// Bo's block that adds a visit to Ana's contact `seen`.
    const Bytes& visit(Seq seen, const MadeBlock& in) {
        const Bytes body = protocol::encode(protocol::InteractionCreate{});
        Entry visit = entry(EventType::interaction_create, body, Reference{0, about.next()});
        visit.parent = Reference{1, seen};
        about.write({visit}, {row(seen, in)});
        return about.last();
    }

    /// Bo's block that lifts what `over` said about text messages to Ana's first contact.
    const Bytes& lift(Reference over, Seq seen, const MadeBlock& in) {
        const Bytes body = protocol::encode(
            protocol::ConsentLift{.channel = {1}, .over = {.dots = {over}}, .evidence = "asked"});
        about.write({entry(EventType::consent_lift, body, Reference{1, {1}})}, {row(seen, in)});
        return about.last();
    }

  private:
    [[nodiscard]] protocol::TableRow row(Seq seen, const MadeBlock& in) const {
        return {adding.log(), seen, start_of(in.hash())};
    }
    static Entry entry(EventType type, ByteView body, Reference record) {
        return {.type = static_cast<std::uint64_t>(type), .record = record, .body = body};
    }
};

std::size_t contacts(Desk& desk) { return Queries(*desk).contacts({}).size(); }

/// As the disk does it: what lies there does not open any more.
void rot(Desk& desk, const protocol::LogId& log, std::uint64_t block_no) {
    LogStore& store = desk->store();
    const auto stored = store.block(*store.find_log(log), block_no);
    REQUIRE(stored);
    store.set_block_state(stored->log, block_no, BlockState::damaged);
    store.replace_block(stored->log, block_no, spoilt(stored->bytes), BlockState::damaged);
}

const MadeBlock& greater(const MadeBlock& a, const MadeBlock& b) {
    return a.hash() < b.hash() ? b : a;
}

bool is_unread(Desk& desk, const MadeBlock& block) {
    const auto places = desk->store().blocks_beginning_with(start_of(block.hash()));
    return places.size() == 1 && !places.front().is_read;
}

}  // namespace

TEST_CASE("a block that does not hold what was seen proves nothing", "[log]") {
    Claim claim;
    const MadeBlock first = claim.adding.first(), second = claim.adding.after(first);
    take(claim.cy, first.wire());
    take(claim.cy, second.wire());
    SECTION("the one after it") { take(claim.cy, claim.retract({1}, second)); }
    SECTION("the one before it") { take(claim.cy, claim.retract({2}, first)); }
    CHECK(contacts(claim.cy) == 2);
}

TEST_CASE("a table of many rows is not proven by a block of another turf", "[log]") {
    Claim claim;
    const bool foreign = GENERATE(true, false);
    const std::size_t of_north = rows_proven_alone_max + (foreign ? 0 : 1);
    std::vector<protocol::TableRow> rows;
    for (std::uint8_t number = 1; rows.size() < of_north; ++number) {
        BlockHand hand(claim.ana, number);
        const MadeBlock block = hand.first();
        take(claim.cy, block.wire());
        rows.push_back({hand.log(), {1}, start_of(block.hash())});
    }
    const protocol::LogId named = rows.front().log;
    if (foreign) {
        claim.ana->close_blocks();
        const auto last = last_block(claim.ana, claim.ana->number_of(claim.ana->roster().common()));
        take(claim.cy, last->wire);
        rows.push_back({last->parsed.log, {1}, start_of(last->parsed.hash)});
    }
    take(claim.cy, claim.retract({1}, named, rows));
    CHECK(contacts(claim.cy) == (foreign ? of_north : of_north - 1));
}

TEST_CASE("what waits for its proof waits on after a snapshot", "[log]") {
    Claim claim;
    const MadeBlock added = claim.adding.first();
    take(claim.cy, claim.retract({1}, added));
    claim.cy->save_snapshot(true);
    claim.office.reopen(claim.cy);
    CHECK_FALSE(claim.cy->opening().rebuilt);
    take(claim.cy, added.wire());
    CHECK(contacts(claim.cy) == 0);
}

TEST_CASE("a proof that came after a snapshot counts when that is loaded", "[log]") {
    Claim claim;
    const MadeBlock added = claim.adding.first();
    take(claim.cy, claim.retract({1}, added));
    claim.cy->save_snapshot(true);
    take(claim.cy, added.wire());
    claim.office.reopen(claim.cy);
    CHECK_FALSE(claim.cy->opening().rebuilt);
    CHECK(contacts(claim.cy) == 0);
}

TEST_CASE("a removal tells whether it waits for somebody's block", "[log]") {
    Claim claim;
    const MadeBlock added = claim.adding.first();
    const auto waits = [&](const Bytes& wire) {
        take(claim.cy, wire);
        EntryPages pages(*claim.cy);
        const auto log = claim.cy->store().find_log(claim.about.log());
        const auto logged = pages.read(LocalDot::of(*log, {claim.about.next().value - 1}));
        REQUIRE(logged);
        return waiting_removal(*claim.cy, *logged).has_value();
    };
    CHECK(waits(claim.retract({1}, added)));
    CHECK_FALSE(waits(claim.retract_next()));  // no block will ever prove it
    take(claim.cy, added.wire());
    CHECK_FALSE(waits(claim.retract({1}, added)));
}

TEST_CASE("a block that was rotten when its proof came takes away once it is whole", "[log]") {
    Claim claim;
    const MadeBlock added = claim.adding.first();
    const Bytes retract = claim.retract({1}, added);
    take(claim.cy, retract);
    rot(claim.cy, claim.about.log(), 0);
    take(claim.cy, added.wire());
    CHECK(contacts(claim.cy) == 1);
    take(claim.cy, retract);
    CHECK(contacts(claim.cy) == 0);
}

TEST_CASE("a proof that comes late brings no consent back that has been lifted since", "[log]") {
    Claim claim;
    Desk& late = join_quietly(claim.office, "Late");
    const MadeBlock first = claim.adding.first(), second = claim.adding.after(first);
    const Seq lifted = claim.about.next();
    const Bytes unproven = claim.lift(Reference{1, {2}}, {2}, second);
    const Bytes over_it = claim.lift(Reference{0, lifted}, {1}, first);
    for (const Bytes& wire : {first.wire(), unproven, over_it, second.wire()}) take(claim.cy, wire);
    for (const Bytes& wire : {first.wire(), second.wire(), unproven, over_it}) take(late, wire);
    CHECK(digest_of(claim.cy) == digest_of(late));
}

TEST_CASE("in a log that forked, a name is read again once the block it means is there", "[log]") {
    Claim claim;
    Desk& late = join_quietly(claim.office, "Late");
    const MadeBlock root = claim.adding.first();
    const MadeBlock one = claim.adding.after(root), two = claim.adding.after(root);
    const MadeBlock three = claim.adding.after(one), four = claim.adding.after(two);
    const MadeBlock& branch = &greater(one, two) == &one ? three : four;
    const MadeBlock& trunk = &branch == &three ? four : three;
    const Bytes visit = claim.visit({3}, branch);
    for (const MadeBlock* block : {&root, &one, &two, &trunk}) {
        take(claim.cy, block->wire());
        take(late, block->wire());
    }
    CHECK(contacts(claim.cy) == 4);
    take(claim.cy, visit);
    CHECK(status_of(*claim.cy).interactions == 1);
    take(claim.cy, branch.wire());
    take(late, branch.wire());
    take(late, visit);
    CHECK(digest_of(claim.cy) == digest_of(late));
}

TEST_CASE("what was seen in a block beyond the bound on branches has no name", "[log]") {
    Claim claim;
    Desk& late = join_quietly(claim.office, "Late");
    const MadeBlock root = claim.adding.first();
    std::vector<MadeBlock> blocks;
    for (std::size_t i = 0; i < branches_max + 8; ++i) blocks.push_back(claim.adding.after(root));
    take(late, root.wire());
    for (const MadeBlock& block : blocks) take(late, block.wire());
    const auto unread = std::ranges::find_if(
        blocks, [&](const MadeBlock& block) { return is_unread(late, block); });
    REQUIRE(unread != blocks.end());

    take(claim.cy, root.wire());
    for (const MadeBlock& block : blocks) {
        if (&block != &*unread) take(claim.cy, block.wire());
    }
    const Bytes visit = claim.visit({2}, *unread);
    take(claim.cy, visit);
    CHECK(status_of(*claim.cy).interactions == 1);
    take(claim.cy, unread->wire());
    CHECK(status_of(*claim.cy).interactions == 0);
    take(late, visit);
    CHECK(digest_of(claim.cy) == digest_of(late));
}

}  // namespace vereda::tests
