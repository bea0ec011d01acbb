#include <catch2/catch.hpp>
#include <map>

#include "engine/people/digest.h"
#include "tests/sim/world.h"

using namespace vereda;
using namespace vereda::sim;

namespace {

constexpr Weather clouded{
    .lost_request = 4, .lost_reply = 6, .laptop_power_loss = 0, .hub_power_loss = 0};

// A laptop whose disk was cloned, and both machines at work: one device, two hands.
class ClonedLaptop {
  public:
    explicit ClonedLaptop(std::uint64_t seed) : world_(seed, clouded) {
        world_.settle(2, 1);
        add_people();
        world_.sync_all();
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
                act(laptop);
            }
        }
    }

    // A machine that met its own future writes elsewhere from then on, so one more round than
    // usual.
    void sync_all() {
        world_.sync_all();
        world_.sync_all();
    }

    [[nodiscard]] std::size_t branches() {
        engine::LogStore& store = world_.laptops[0]->workspace().store();
        std::size_t found = 0;
        for (std::uint32_t log = 1; log <= store.log_count(); ++log)
            found += store.info({log}).branch ? 1 : 0;
        return found;
    }

    void check() {
        std::optional<engine::StateDigest> first;
        for (const auto& laptop : world_.laptops) {
            CAPTURE(laptop->name());
            engine::Workspace& workspace = laptop->workspace();
            const auto turf = laptop->turf(world_.turfs[0]);
            REQUIRE(turf);
            const auto digest =
                engine::digest_of_turf(workspace.projection(), workspace.store(), *turf);
            if (!first) first = digest;
            CHECK(digest == *first);
            CHECK(notes_of(workspace) == notes_);
            workspace.rebuild();
            CHECK(
                engine::digest_of_turf(workspace.projection(), workspace.store(), *turf) == *first);
        }
    }

  private:
    void add_people() {
        Laptop& coordinator = *world_.laptops[0];
        const auto turf = coordinator.turf(world_.turfs[0]);
        for (int i = 0; i < 4; ++i) {
            const std::string name = "Person " + std::to_string(i);
            VEREDA_ASSERT(coordinator.people().add_contact(*turf, {.set = {{"given_name", name}}}));
        }
    }

    [[nodiscard]] engine::LocalDot someone(Laptop& laptop) {
        engine::Statement select(
            laptop.workspace().projection().database(),
            "SELECT id FROM contacts WHERE root = id AND kind IS NOT NULL AND turf > 0 ORDER BY "
            "id");
        std::vector<engine::LocalDot> found;
        for (const engine::Row& row : select.query()) found.push_back({row.integer(0)});
        return world_.dice.pick(found);
    }

    // New people too, and writes to people whom a clone has added: references into branches.
    void act(Laptop& laptop) {
        engine::People people = laptop.people();
        const std::string unique = "note " + std::to_string(notes_.size());
        if (world_.dice.one_in(2)) {
            const auto turf = laptop.turf(world_.turfs[0]);
            VEREDA_ASSERT(people.add_contact(*turf, {.set = {{"given_name", unique}}}));
        } else if (world_.dice.one_in(2)) {
            VEREDA_ASSERT(people.edit_contact(someone(laptop), {.set = {{"district", unique}}}));
        }
        const engine::InteractionDraft visit{"door", "spoke", unique, std::nullopt};
        const engine::LocalDot visited = someone(laptop);
        VEREDA_ASSERT(people.add_interaction(visited, visit));
        notes_[unique] = name_of(laptop.workspace(), visited);
    }

    [[nodiscard]] static std::string name_of(
        engine::Workspace& workspace, engine::LocalDot contact) {
        const auto view = engine::Queries(workspace).contact(contact);
        return view && !view->fields.empty() ? view->fields[0].values[0].text : std::string();
    }

    // Every visit's note, and the name of whom it was paid to.
    [[nodiscard]] static std::map<std::string, std::string> notes_of(engine::Workspace& workspace) {
        std::map<std::string, std::string> notes;
        engine::Statement select(
            workspace.projection().database(),
            "SELECT note, contact FROM interactions WHERE contact IS NOT NULL");
        for (const engine::Row& row : select.query())
            notes[std::string(row.text(0))] = name_of(workspace, {row.integer(1)});
        return notes;
    }

    World world_;
    std::map<std::string, std::string> notes_;
};

}  // namespace

TEST_CASE("a cloned laptop's log forks, and both branches are read alike by everyone", "[sim]") {
    std::size_t branches = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        ClonedLaptop day(seed);
        day.work(60);
        day.sync_all();
        day.check();
        branches += day.branches();
    }
    CHECK(branches > 20);  // else the weather was too fair to show anything
}
