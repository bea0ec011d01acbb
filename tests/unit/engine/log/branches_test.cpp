#include "engine/log/branches.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "protocol/domain.h"
#include "tests/unit/engine/log/block_hand.h"

namespace vereda::tests {
namespace {

using namespace engine;

/// What a laptop reads of a log that forked: each name, and the last block that lies under it.
using Reading = std::map<protocol::LogId, protocol::BlockHash>;

Reading reading_of(Desk& desk, const protocol::LogId& log) {
    Reading reading;
    LogStore& store = desk->store();
    for (const LogOrdinal name : store.family_of(*store.find_log(log))) {
        if (store.head(name)) reading[store.info(name).log] = store.head(name)->hash;
    }
    return reading;
}

}  // namespace

TEST_CASE("a fork within a branch has the same name in every order of arrival", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    BlockHand hand(ana);
    const MadeBlock root = hand.first();
    const MadeBlock one = hand.after(root), two = hand.after(root);
    const MadeBlock& branch = std::max(
        one, two, [](const MadeBlock& a, const MadeBlock& b) { return a.hash() < b.hash(); });
    const MadeBlock three = hand.after(branch), four = hand.after(branch);
    const protocol::LogId inner = protocol::branch_id(
        ana->roster().workspace(), hand.log(), std::max(three.hash(), four.hash()));

    std::vector<const MadeBlock*> blocks{&root, &one, &two, &three, &four};
    std::sort(blocks.begin(), blocks.end());
    std::optional<Reading> expected;
    std::minstd_rand dice(1);
    for (int order = 0; order < 12; ++order) {
        Desk& reader = join_quietly(office, "Reader " + std::to_string(order));
        std::shuffle(blocks.begin(), blocks.end(), dice);
        for (const MadeBlock* block : blocks) take(reader, block->wire());
        const Reading reading = reading_of(reader, hand.log());
        if (!expected) expected = reading;
        CHECK(reading == *expected);
        CHECK(reading.contains(inner));
        CHECK(reading.size() == 3);
        CHECK(Queries(*reader).contacts({}).size() == 5);
    }
}

TEST_CASE(
    "of a log with too many branches every laptop reads the same, and keeps the rest", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    BlockHand hand(ana);
    // A log of three blocks; each has many siblings, and some of these go on.
    std::vector<MadeBlock> blocks{hand.first()};
    for (int i = 0; i < 2; ++i) blocks.push_back(hand.after(blocks.back()));
    for (int i = 0; i < 45; ++i) {
        blocks.push_back(hand.first());
        blocks.push_back(hand.after(blocks[0]));
        if (i % 9 == 0) blocks.push_back(hand.after(blocks.back()));
    }
    std::optional<Reading> expected;
    std::optional<StateDigest> digest;
    std::minstd_rand dice(7);
    for (int order = 0; order < 4; ++order) {
        Desk& reader = join_quietly(office, "Reader " + std::to_string(order));
        std::shuffle(blocks.begin(), blocks.end(), dice);
        for (const MadeBlock& block : blocks) take(reader, block.wire());
        const Reading reading = reading_of(reader, hand.log());
        if (!expected) expected = reading;
        CHECK(reading == *expected);
        CHECK(reading.size() == branches_max + 1);
        if (!digest) digest = digest_of(reader);
        CHECK(digest_of(reader) == *digest);
        reader->rebuild();
        CHECK(digest_of(reader) == *digest);
        office.reopen(reader);
        CHECK(reading_of(reader, hand.log()) == *expected);
        CHECK(digest_of(reader) == *digest);

        // Nothing is lost: what is not read is here, and proves what refers to it.
        std::int64_t unread = 0;
        for (const MadeBlock& block : blocks) {
            const auto places = reader->store().blocks_beginning_with(start_of(block.hash()));
            REQUIRE(places.size() == 1);
            CHECK(places[0].hash == block.hash());
            CHECK(reader->store().root_of(places[0].log) == reader->store().find_log(hand.log()));
            unread += places[0].is_read ? 0 : 1;
        }
        CHECK(unread > 20);
        CHECK(reader->store().unread_count() == unread);
    }
}

TEST_CASE("a log that forks in the middle is read alike by who had read it before", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& early = join_quietly(office, "Early");
    Desk& late = join_quietly(office, "Late");
    BlockHand hand(ana);
    std::vector<MadeBlock> blocks{hand.first(3)};
    for (int i = 0; i < 4; ++i) blocks.push_back(hand.after(blocks.back(), 2));
    for (const MadeBlock& block : blocks) take(early, block.wire());
    const std::size_t before = blocks.size();
    for (std::size_t i = before; i-- > 1;) blocks.push_back(hand.after(blocks[i - 1], 1));
    for (std::size_t i = before; i < blocks.size(); ++i) take(early, blocks[i].wire());
    for (std::size_t i = blocks.size(); i-- > 0;) take(late, blocks[i].wire());
    CHECK(reading_of(early, hand.log()) == reading_of(late, hand.log()));
    CHECK(digest_of(early) == digest_of(late));
    CHECK(Queries(*early).contacts({}).size() == 3 + 4 * 2 + 4);
}

TEST_CASE("blocks that are no more read come not back from their copies", "[log]") {
    Office office;
    Desk& desk = office.coordinator();
    const LogOrdinal log = add_person(desk, "Ana", "Ruiz").log();
    desk->close_blocks();
    LogStore& store = desk->store();
    REQUIRE(store.copy_of(log, 0));
    store.stop_reading(log, 0);
    CHECK(store.unread_count() == 1);
    CHECK_FALSE(store.copy_of(log, 0));
    CHECK(store.copies_without_block().empty());
}

}  // namespace vereda::tests
