#include <catch2/catch.hpp>

#include "tests/sim/visits.h"

using namespace vereda;
using namespace vereda::sim;

namespace {

constexpr Weather clouded{
    .lost_request = 4, .lost_reply = 6, .laptop_power_loss = 0, .hub_power_loss = 0};

// A laptop whose disk was cloned, and both machines at work: one device, two hands.
class ClonedLaptop {
  public:
    /// With `has_written` its logs were begun, sent and read by others before, and part later.
    ClonedLaptop(std::uint64_t seed, bool has_written) : world_(seed, clouded), visits_(world_) {
        world_.settle(2, 1);
        visits_.add_people(*world_.laptops[0], 4);
        world_.sync_all();
        for (int i = 0; has_written && i < 3; ++i) {
            visits_.act(*world_.laptops[1]);
            world_.sync_all();
        }
        const std::size_t clones = 1 + seed % 2;
        for (std::size_t i = 0; i < clones; ++i)
            world_.laptops.push_back(world_.laptops[1]->clone(world_.dice.seed(), world_.clock));
    }

    void work(std::size_t steps) {
        for (std::size_t step = 0; step < steps; ++step) {
            world_.clock.advance_ms(static_cast<std::int64_t>(world_.dice.up_to(600'000)));
            Laptop& laptop = *world_.laptops[world_.dice.up_to(world_.laptops.size())];
            const std::uint64_t what = world_.dice.up_to(16);
            if (what < 3) {
                static_cast<void>(world_.sync(laptop));
            } else if (what == 3) {
                laptop.workspace().close_blocks();  // a conversation that was cut just then
            } else {
                visits_.act(laptop);
            }
        }
    }

    // A machine that met its own future writes elsewhere from then on, so one more round than
    // usual.
    void sync_all() {
        world_.sync_all();
        world_.sync_all();
    }

    // They read every block in an order of their own, and then go on as everybody does.
    void add_newcomers(int count) {
        for (int i = 0; i < count; ++i) world_.add_reader_in_any_order();
    }

    [[nodiscard]] std::string disagreement() { return visits_.disagreement(); }

    struct Branches {
        std::size_t all = 0;
        std::size_t later = 0;  ///< That do not begin with the log's first block.
    };
    [[nodiscard]] Branches branches() {
        engine::LogStore& store = world_.laptops[0]->workspace().store();
        Branches found;
        for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
            const auto& branch = store.info({log}).branch;
            found.all += branch ? 1 : 0;
            found.later += branch && branch->first_block != 0 ? 1 : 0;
        }
        return found;
    }

  private:
    World world_;
    Visits visits_;
};

}  // namespace

TEST_CASE("a cloned laptop's log forks, and both branches are read alike by everyone", "[sim]") {
    std::size_t branches = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        ClonedLaptop day(seed, false);
        day.work(60);
        day.sync_all();
        REQUIRE(day.disagreement() == "");
        branches += day.branches().all;
    }
    CHECK(branches > 20);  // else the weather was too fair to show anything
}

TEST_CASE("a log forks in the middle, and newcomers read it alike in whatever order", "[sim]") {
    std::size_t later = 0;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        INFO("seed " << seed);
        ClonedLaptop day(seed, true);
        day.work(60);
        day.sync_all();
        day.add_newcomers(3);
        day.sync_all();
        REQUIRE(day.disagreement() == "");
        later += day.branches().later;
    }
    CHECK(later > 10);
}
