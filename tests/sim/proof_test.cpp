#include <catch2/catch.hpp>
#include <cstdlib>

#include "engine/people/digest.h"
#include "tests/sim/comparison.h"
#include "tests/sim/hand_story.h"

/// A removal counts only for what its author proves to have seen (docs/protocol.md "What a row
/// proves"), whatever a member with valid keys writes and in whatever order it is read.
using namespace vereda;
using namespace vereda::sim;

namespace {

engine::StateDigest digest(World& world, Laptop& laptop) {
    engine::Workspace& workspace = laptop.workspace();
    return engine::digest_of_turf(
        workspace.projection(), workspace.store(), *laptop.turf(world.turfs[0]));
}

void shuffle(World& world, std::vector<Bytes>& blocks) {
    for (std::size_t i = blocks.size(); i > 1; --i)
        std::swap(blocks[i - 1], blocks[world.dice.up_to(i)]);
}

// In pieces, and the vault shut and opened in between, with a snapshot and without.
void read_in_pieces(World& world, Laptop& laptop, std::vector<Bytes> blocks) {
    shuffle(world, blocks);
    while (!blocks.empty()) {
        std::vector<Bytes> some;
        for (std::uint64_t n = 1 + world.dice.up_to(6); n > 0 && !blocks.empty(); --n) {
            some.push_back(std::move(blocks.back()));
            blocks.pop_back();
        }
        hand_to(laptop, some);
        if (world.dice.one_in(6)) laptop.workspace().save_snapshot(true);
        if (world.dice.one_in(6)) laptop.open();
        if (!world.dice.one_in(6)) continue;
        const engine::StateDigest quick = digest(world, laptop);
        laptop.workspace().rebuild();
        REQUIRE(digest(world, laptop) == quick);
    }
}

std::uint64_t seeds_wanted(std::uint64_t otherwise) {
    const char* wanted = std::getenv("VEREDA_SIM_SEEDS");
    return wanted == nullptr ? otherwise : std::strtoull(wanted, nullptr, 10);
}

// Everybody reads what the hands wrote in an order of their own; the last one does not hold the
// other turf.
void run_story(std::uint64_t seed, std::size_t hands, std::size_t blocks) {
    World world(seed, calm);
    world.settle(1, 2);
    world.add_organiser({world.turfs[0]});
    world.add_organiser(world.turfs[0] < world.turfs[1]
                            ? std::vector{world.turfs[0], world.turfs[1]}
                            : std::vector{world.turfs[1], world.turfs[0]});
    world.sync_all();
    HandStory story(world, *world.laptops[0], hands);
    story.write(blocks);
    REQUIRE(story.lies() != 0);
    const Expected expected(story.model());
    std::optional<engine::StateDigest> first;
    for (const auto& laptop : world.laptops) {
        if (!laptop->turf(world.turfs[0])) continue;
        INFO(laptop->name());
        read_in_pieces(world, *laptop, story.blocks());
        const model::GlobalDot name = [&](engine::LocalDot dot) {
            return story.global(*laptop, dot);
        };
        CHECK(first_difference(*laptop, name, expected, world.turfs) == "");
        const engine::StateDigest found = digest(world, *laptop);
        if (!first) first = found;
        CHECK(found == *first);
        laptop->workspace().rebuild();
        CHECK(digest(world, *laptop) == *first);
    }
}

}  // namespace

TEST_CASE("what nobody proves to have seen stands, in whatever order blocks come", "[sim][proof]") {
    const std::uint64_t seeds = seeds_wanted(40);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed);
        run_story(seed, 4, 24);
    }
}

TEST_CASE("a table of more than eight rows is proven as a whole or not at all", "[sim][proof]") {
    const std::uint64_t seeds = seeds_wanted(12);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed);
        run_story(1000 + seed, 16, 60);
    }
}
