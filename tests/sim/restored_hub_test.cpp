#include <catch2/catch.hpp>

#include "tests/sim/chronicle.h"
#include "tests/sim/field_day.h"

using namespace vereda;
using namespace vereda::sim;

TEST_CASE("a hub put back to an old backup gets everything back from its laptops", "[sim]") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        World world(seed, {.laptop_power_loss = 0, .hub_power_loss = 0});
        world.settle(2, 1);
        Chronicle chronicle(world);
        FieldDay(world, chronicle).run(20);
        FaultyDisk backup;
        backup.become(world.hub->disk());

        // Since then: somebody joined, a turf was cut, work was done and seen by some.
        world.turfs.push_back(world.add_turf());
        world.add_organiser(world.turfs);
        FieldDay(world, chronicle).run(60);
        world.sync_all();
        const std::uint64_t entries = world.laptops[0]->workspace().roster().size();

        world.hub->restore(backup);
        REQUIRE(world.sync(*world.laptops[0], true));  // before, the hub knows not everybody
        FieldDay(world, chronicle).run(20);
        world.sync_all();
        const std::string disagreement = world.disagreement();
        REQUIRE(disagreement == "");

        // The hub has it all, and not only those who sent it: a newcomer gets it from there.
        const Laptop& newcomer = world.add_organiser(world.turfs);
        CHECK(newcomer.roster_size() == entries + 2);
        world.sync_all();  // the others learn its name
        REQUIRE(world.disagreement() == "");
    }
}
