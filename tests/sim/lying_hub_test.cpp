#include <catch2/catch.hpp>

#include "tests/sim/visits.h"

using namespace vereda;
using namespace vereda::sim;

TEST_CASE("whatever a hub lied about, laptops end in the same state and lose nothing", "[sim]") {
    std::map<std::string, std::size_t> lies;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        World world(
            seed, {.lost_request = 8,
                   .lost_reply = 8,
                   .laptop_power_loss = 0,
                   .hub_power_loss = 0,
                   .spoilt_block = 4,
                   .hollow_block = 4,
                   .dropped_push = 4});
        world.settle(2, 1);
        Visits visits(world);
        visits.add_people(*world.laptops[0], 4);
        world.sync_all();
        for (std::size_t step = 0; step < 60; ++step) {
            Laptop& laptop = *world.laptops[world.dice.up_to(world.laptops.size())];
            if (world.dice.one_in(4)) {
                static_cast<void>(world.sync(laptop));
            } else {
                visits.act(laptop);
            }
        }
        for (int round = 0; round < 2; ++round) world.sync_all();
        REQUIRE(visits.disagreement() == "");
        for (const auto& [lie, times] : world.lies) lies[lie] += times;
        for (const auto& laptop : world.laptops)
            CHECK(laptop->workspace().store().hub_places().wanted_count() == 0);
    }
    // Else the hub was too honest to show anything.
    CHECK(lies["block spoilt"] > 10);
    CHECK(lies["entries taken out of a block"] > 10);
    CHECK(lies["push dropped"] > 10);
    CHECK(lies["dropped push told"] > 0);
}
