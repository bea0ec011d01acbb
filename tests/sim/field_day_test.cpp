#include "tests/sim/field_day.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/sim/census.h"
#include "tests/sim/shown.h"

using namespace vereda;
using namespace vereda::sim;

namespace {

// VEREDA_SIM_SEEDS asks for more (or fewer) seeds, VEREDA_SIM_FIRST_SEED for others: how a failure
// is repeated.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Equal digests, and people are told the same: ids, names, what shows first, histories.
void expect_one_picture(World& world) { REQUIRE(first_shown_otherwise(world) == ""); }

// What a row of a table names is referred to by the block, and is proven on the laptop that has
// all.
void expect_least_rows(World& world) {
    engine::Workspace& all = world.laptops[0]->workspace();
    for (std::uint32_t log = 1; log <= all.store().log_count(); ++log) {
        all.store().visit_blocks({log}, {0}, [&](const engine::StoredBlock& stored) {
            const auto block = engine::open_block(
                all.roster().workspace(), all.keyring(), stored.bytes, std::nullopt, true);
            REQUIRE(block.payload);
            std::map<std::uint64_t, protocol::Seq> greatest;
            const auto note = [&](const protocol::Reference& reference) {
                auto& seen = greatest[reference.index];
                seen = std::max(seen, reference.seq);
            };
            for (const protocol::Slot& slot : block.payload->slots) {
                const auto entry = protocol::parse_entry(slot.bytes);
                if (entry->record) note(*entry->record);
                if (entry->parent) note(*entry->parent);
                const auto type = static_cast<protocol::EventType>(entry->type);
                const auto in_body = protocol::references_of(type, entry->body);
                for (const protocol::Reference& reference : in_body.value()) note(reference);
            }
            const std::vector<protocol::TableRow>& table = block.payload->preamble.table;
            for (std::size_t i = 0; i < table.size(); ++i)
                REQUIRE(table[i].seen == greatest[i + 1]);
            const auto read = engine::read_references(all.store(), {log}, *block.payload);
            REQUIRE(read.unproven.empty());
            return true;
        });
    }
}

// Laptops that get the same blocks in other orders, some of them twice, end where all the others
// are. Now and then there are several, who then go on as everybody does.
void expect_no_order_matters(World& world, const Chronicle& chronicle, std::uint64_t seed) {
    const bool several = seed % 8 == 0;
    for (int i = 0; i < (several ? 3 : 1); ++i) world.add_reader_in_any_order();
    REQUIRE(world.disagreement_about_people() == "");
    expect_one_picture(world);
    if (!several) return;
    world.sync_all();
    REQUIRE(world.disagreement() == "");
    REQUIRE(chronicle.difference() == "");
}

void run_seed(std::uint64_t seed, std::size_t steps, Weather weather, Census& census) {
    World world(seed, weather);
    world.settle(2 + seed % 3, 1 + seed % 2);
    Chronicle chronicle(world);
    FieldDay(world, chronicle).run(steps);
    world.sync_all();
    REQUIRE(world.disagreement() == "");
    REQUIRE(chronicle.difference() == "");
    expect_one_picture(world);
    expect_least_rows(world);
    expect_no_order_matters(world, chronicle, seed);
    census.count(chronicle);
}

void run_seeds(const char* story, std::uint64_t seeds, std::size_t steps, Weather weather) {
    const std::uint64_t first = from_environment("VEREDA_SIM_FIRST_SEED", 1);
    const std::uint64_t count = from_environment("VEREDA_SIM_SEEDS", seeds);
    Census census;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        INFO(story << ", seed " << seed);
        run_seed(seed, steps, weather, census);
    }
    INFO(census.summary());
    CHECK(census.missing(count) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("laptops on a good link end in the same state", "[sim]") {
    run_seeds(
        "good link", 50, 60,
        {.lost_request = 0,
         .lost_reply = 0,
         .repeated_request = 0,
         .laptop_power_loss = 0,
         .hub_power_loss = 0});
}

TEST_CASE("laptops on a bad link end in the same state and lose nothing", "[sim]") {
    run_seeds("bad link", 100, 80, {.laptop_power_loss = 0, .hub_power_loss = 0});
}

TEST_CASE("power losses on laptops and hub lose nothing that was acknowledged", "[sim]") {
    run_seeds("power losses", 110, 90, {});
}

TEST_CASE("laptops with clocks years apart end in the same state", "[sim]") {
    run_seeds("clocks", 40, 70, {.clock_offset_max_ms = 5LL * 365 * 24 * 3600 * 1000});
}

TEST_CASE(
    "a disk that does not sync loses acknowledged actions, and the simulation says so", "[sim]") {
    std::size_t noticed = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        World world(seed, {.laptop_power_loss = 0, .hub_power_loss = 0});
        world.settle(2, 1);
        Laptop& laptop = *world.laptops[1];
        laptop.disk().ignore_syncs(true);
        const auto contact = laptop.people().add_contact(
            *laptop.turf(world.turfs[0]), {.set = {{"given_name", "Ana"}}});
        REQUIRE(contact);
        laptop.note(contact->id);
        laptop.disk().ignore_syncs(false);
        laptop.lose_power(std::nullopt);
        world.sync_all();
        noticed += world.disagreement().empty() ? 0 : 1;
    }
    CHECK(noticed == 5);
}
