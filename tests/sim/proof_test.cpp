#include <catch2/catch.hpp>
#include <cstdlib>

#include "engine/audit/history.h"
#include "engine/queries/workspace_status.h"
#include "engine/replay/digest.h"
#include "engine/storage/statement.h"
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
    world.add_organiser(
        world.turfs[0] < world.turfs[1] ? std::vector{world.turfs[0], world.turfs[1]}
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

namespace {

/// One contact that everybody has, and three hands that name it.
struct Contact {
    Contact() : world(11, calm) {
        world.settle(2, 1);
        auto added =
            boss().people().add_contact(*boss().turf(world.turfs[0]), {.set = {{"name", "Rosa"}}});
        VEREDA_ASSERT(added);
        id = added->id;
        world.sync_all();
        const engine::StoredBlock block = *boss().workspace().store().block_holding(id);
        row = {boss().workspace().store().info(id.log()).log, id.seq(), start_of(block.hash)};
    }
    Laptop& boss() { return *world.laptops[0]; }

    // Writes the name over what created the contact and over these rows' entries.
    const Hand::Block& rename(
        Hand& hand, const std::string& name, std::vector<protocol::TableRow> seen = {}) {
        std::vector<protocol::TableRow> table = seen;
        table.push_back(row);
        std::sort(table.begin(), table.end());
        const auto reference = [&](const protocol::TableRow& named) {
            const auto at = std::find(table.begin(), table.end(), named);
            return protocol::Reference{
                static_cast<std::uint64_t>(at - table.begin()) + 1, named.seen};
        };
        const Bytes value = protocol::text_value(name);
        protocol::Write write{.field = engine::field::name, .value = value};
        write.over.dots.push_back(reference(row));
        for (const protocol::TableRow& named : seen) write.over.dots.push_back(reference(named));
        const Bytes body = protocol::encode(protocol::Edit{.writes = {write}});
        return hand.close(
            {Hand::entry(protocol::EventType::edit, reference(row), std::nullopt, body)}, table);
    }

    std::set<std::string> names(Laptop& laptop) {
        const auto log = laptop.workspace().store().find_log(row.log);
        const auto view =
            engine::Queries(laptop.workspace()).contact(engine::LocalDot::of(*log, id.seq()));
        std::set<std::string> found;
        for (const engine::ValueView& value : view->fields.front().values) found.insert(value.text);
        return found;
    }

    World world;
    engine::LocalDot id;
    protocol::TableRow row;
};

}  // namespace

TEST_CASE("what waits for its proof is told in conflicts, history and status", "[sim][proof]") {
    Contact contact;
    Laptop& reader = contact.boss();
    Hand bo(*contact.world.laptops[1], contact.world.turfs[0], 1);
    Hand cy(*contact.world.laptops[2], contact.world.turfs[0], 2);
    const Hand::Block of_bo = contact.rename(bo, "Bo");
    const Hand::Block of_cy = contact.rename(cy, "Cy", {bo.row(1)});
    Hand dee(*contact.world.laptops[1], contact.world.turfs[0], 3);
    const Hand::Block of_dee = contact.rename(dee, "Dee");
    hand_to(reader, {of_cy.wire, of_dee.wire});
    engine::Queries queries(reader.workspace());
    REQUIRE(queries.conflicts().size() == 1);
    CHECK(queries.conflicts()[0].waits);
    const auto history = [&] {
        std::size_t waiting = 0;
        for (const auto& action : engine::ActionHistory(reader.workspace()).of_contact(contact.id))
            waiting += action.waits_for ? 1 : 0;
        return waiting;
    };
    CHECK(history() == 1);
    const engine::WorkspaceStatus status = engine::status_of(reader.workspace());
    REQUIRE(status.unproven.size() == 1);
    CHECK(status.unproven[0].author.member == "Organiser 2");
    CHECK(status.unproven[0].waiting == 1);
    CHECK(status.unproven[0].contradicted == 0);

    hand_to(reader, {of_bo.wire});
    CHECK(contact.names(reader) == std::set<std::string>{"Cy", "Dee"});
    CHECK_FALSE(queries.conflicts()[0].waits);
    CHECK(history() == 0);
    CHECK(engine::status_of(reader.workspace()).unproven.empty());
}

TEST_CASE("a claim whose place holds another block is told as contradicted", "[sim][proof]") {
    Contact contact;
    Laptop& reader = contact.boss();
    Hand bo(*contact.world.laptops[1], contact.world.turfs[0], 1);
    Hand cy(*contact.world.laptops[2], contact.world.turfs[0], 2);
    const Hand::Block of_bo = contact.rename(bo, "Bo");
    protocol::TableRow untrue = bo.row(1);
    untrue.block_hash_start[0] ^= 1;
    hand_to(reader, {of_bo.wire, contact.rename(cy, "Cy", {untrue}).wire});
    CHECK(contact.names(reader) == std::set<std::string>{"Bo", "Cy"});
    const engine::WorkspaceStatus status = engine::status_of(reader.workspace());
    REQUIRE(status.unproven.size() == 1);
    CHECK(status.unproven[0].contradicted == 1);
}

TEST_CASE("retracts in advance hide nothing that comes later", "[sim][proof]") {
    Contact contact;
    Laptop& boss = contact.boss();
    engine::LogStore& store = boss.workspace().store();
    Hand bo(*contact.world.laptops[1], contact.world.turfs[0], 1);
    const protocol::TableRow future{contact.row.log, {40}, {}};
    std::vector<Bytes> retracts;
    for (std::uint64_t seq = 2; seq <= 20; ++seq)
        retracts.push_back(Hand::entry(
            protocol::EventType::retract, {1, {seq}}, std::nullopt, protocol::encode_retract()));
    hand_to(boss, {bo.close(retracts, {future}).wire});
    for (int i = 0; i < 5; ++i) {
        const auto added = boss.people().add_contact(
            {store.info(contact.id.log()).turf}, {.set = {{"name", "Newcomer"}}});
        REQUIRE(added);
        CHECK_FALSE(engine::Queries(boss.workspace()).is_retracted(added->id));
    }
    CHECK(engine::Queries(boss.workspace()).contacts({}).size() == 6);
}

TEST_CASE("a block shown to its author alone holds nothing up that they settle", "[sim][proof]") {
    Contact contact;
    Hand liar(*contact.world.laptops[1], contact.world.turfs[0], 1);
    const Hand::Block shown_to_all = contact.rename(liar, "Bo");
    const Hand::Block shown_to_one = contact.rename(liar, "Bob", {});
    Laptop& victim = *contact.world.laptops[2];
    for (const auto& laptop : contact.world.laptops) hand_to(*laptop, {shown_to_all.wire});
    // The victim writes over the first name; the second block is merely there.
    const auto log = victim.workspace().store().find_log(contact.row.log);
    REQUIRE(victim.people().edit_contact(
        engine::LocalDot::of(*log, contact.id.seq()), {.set = {{"name", "Rosa Paz"}}}));
    hand_to(victim, {shown_to_one.wire});
    contact.world.sync_all();
    CHECK(contact.names(contact.boss()) == std::set<std::string>{"Rosa Paz"});
}

TEST_CASE("a rotten hash column makes no row untrue", "[sim][proof]") {
    Contact contact;
    Laptop& writer = *contact.world.laptops[1];
    engine::Statement(
        writer.workspace().store().database(), "UPDATE blocks SET hash = zeroblob(32)")
        .run();
    const auto log = writer.workspace().store().find_log(contact.row.log);
    REQUIRE(writer.people().edit_contact(
        engine::LocalDot::of(*log, contact.id.seq()), {.set = {{"name", "Rosa Paz"}}}));
    writer.workspace().close_blocks();
    const engine::LogOrdinal own = writer.workspace().writer().own_log(
        writer.workspace().roster(), *writer.turf(contact.world.turfs[0]));
    hand_to(contact.boss(), {writer.workspace().store().block(own, 0)->bytes});
    CHECK(contact.names(contact.boss()) == std::set<std::string>{"Rosa Paz"});
}
