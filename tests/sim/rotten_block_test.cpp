#include <catch2/catch.hpp>
#include <functional>

#include "engine/audit/audit.h"
#include "engine/queries/lost_work.h"
#include "engine/queries/workspace_status.h"
#include "engine/sync/session.h"
#include "tests/sim/world.h"

using namespace vereda;
using namespace vereda::sim;

namespace {

engine::LocalDot add_contact(World& world, Laptop& laptop) {
    const auto contact =
        laptop.people().add_contact(*laptop.turf(world.turfs[0]), {.set = {{"given_name", "Ana"}}});
    REQUIRE(contact);
    return contact->id;
}

void add_visit(Laptop& laptop, engine::LocalDot contact) {
    REQUIRE(laptop.people().add_interaction(contact, {.kind = "door", .outcome = "spoke"}));
}

/// Closes what is open; the number of the block that it went into.
std::uint64_t close(Laptop& laptop, engine::LogOrdinal log) {
    laptop.workspace().close_blocks();
    return laptop.workspace().store().head(log)->block_no;
}

enum class Where { payload, header, shape };

void rot(Laptop& laptop, engine::LogOrdinal log, std::uint64_t block_no, Where where) {
    engine::LogStore& store = laptop.workspace().store();
    auto block = store.block(log, block_no);
    REQUIRE(block);
    const std::size_t at = where == Where::payload  ? block->bytes.size() - 9
                           : where == Where::header ? 120
                                                    : 0;
    block->bytes[at] ^= 1;
    store.replace_block(log, block_no, block->bytes, block->state);
}

/// As in a vault made before copies were kept, or where the copy rotted too.
void drop_copies(Laptop& laptop) {
    laptop.workspace().store().database().exec("DELETE FROM copies");
}

std::uint64_t visits(Laptop& laptop) { return engine::status_of(laptop.workspace()).interactions; }

/// Meanwhile happens after each question, before its answer comes.
engine::sync::Report sync_telling(
    World& world, Laptop& laptop, const std::function<void()>& meanwhile = {}) {
    engine::DirectOpener opener;
    engine::sync::Session session(laptop.workspace(), opener, {});
    return engine::sync::run(
        session,
        [&](const engine::sync::Message& message) -> std::expected<Bytes, protocol::Refusal> {
            const engine::Identity& identity = laptop.workspace().identity();
            const server::HubAnswer answer = world.hub->handle(
                {message.name, identity.workspace, identity.keys.http.public_key(), message.body});
            if (meanwhile) meanwhile();
            if (answer.status == 200) return answer.body;
            return std::unexpected(protocol::parse_refusal_answer(answer.body)->code);
        });
}

bool has_finding(const engine::AuditReport& audit, const std::string& what) {
    return std::ranges::any_of(
        audit.findings, [&](const engine::Finding& finding) { return finding.what == what; });
}

/// A laptop with a contact that everybody has, and a visit in a block of its own that nobody has.
struct Story {
    World world{21, calm};
    engine::LocalDot contact;
    std::uint64_t block_no = 0;

    Story() {
        world.settle(1, 1);
        contact = add_contact(world, author());
        world.sync_all();
        add_visit(author(), contact);
        block_no = close(author(), contact.log());
    }
    Laptop& author() { return *world.laptops[1]; }
    Laptop& other() { return *world.laptops[0]; }
    /// The hub takes the block; the laptop never hears of that.
    void send_and_lose_reply(std::uint64_t number) {
        const engine::Identity& identity = author().workspace().identity();
        const auto block = author().workspace().store().block(contact.log(), number);
        const protocol::PushRequest push{.blocks = {block->bytes}};
        REQUIRE(
            world.hub
                ->handle(
                    {protocol::MessageName::push, identity.workspace,
                     identity.keys.http.public_key(), protocol::encode(push)})
                .status == 200);
    }
    /// One visit more, in the block after it.
    void go_on() {
        add_visit(author(), contact);
        close(author(), contact.log());
    }
};

}  // namespace

TEST_CASE("an own block that rots before the hub has it is made whole by its copy", "[rot]") {
    Story story;
    const Where where = GENERATE(Where::payload, Where::header, Where::shape);
    const Bytes before =
        story.author().workspace().store().block(story.contact.log(), story.block_no)->bytes;
    rot(story.author(), story.contact.log(), story.block_no, where);
    SECTION("found at opening") { story.author().open(); }
    SECTION("found by an audit") {
        CHECK(engine::verify_vault(story.author().workspace()).sound());
    }
    CHECK(
        story.author().workspace().store().block(story.contact.log(), story.block_no)->bytes ==
        before);
    story.go_on();
    story.world.sync_all();
    CHECK(visits(story.other()) == 2);
    const engine::AuditReport audit = engine::verify_vault(story.author().workspace());
    CHECK(audit.sound());
    CHECK(has_finding(audit, "healed"));
    CHECK(engine::lost_work(story.author().workspace()).empty());
}

TEST_CASE("an own block that is lost ends its log, and what came after it is sent", "[rot]") {
    Story story;
    story.go_on();
    const Where where = GENERATE(Where::payload, Where::header, Where::shape);
    rot(story.author(), story.contact.log(), story.block_no, where);
    drop_copies(story.author());
    if (where == Where::payload) {  // as older programs called it
        story.author().workspace().store().set_block_state(
            story.contact.log(), story.block_no, engine::BlockState::pending);
    }
    story.author().open();
    const engine::AuditReport before = engine::verify_vault(story.author().workspace());
    CHECK_FALSE(before.sound());
    CHECK(has_finding(before, "bad_payload") + has_finding(before, "malformed_block") >= 1);

    CHECK(sync_telling(story.world, story.author()).lost_entries == 1);
    CHECK(visits(story.author()) == 1);
    const auto lost = engine::lost_work(story.author().workspace());
    REQUIRE(lost.size() == 1);
    CHECK(lost.front().ids.size() == 1);
    story.world.sync_all();
    CHECK(visits(story.other()) == 1);
    const auto again = sync_telling(story.world, story.author());
    CHECK(again.lost_entries == 0);
    CHECK(again.pulled_blocks == 0);  // and the turf is not read again
    CHECK(story.world.disagreement() == "");
    CHECK_FALSE(engine::verify_vault(story.author().workspace()).sound());  // it is lost
}

TEST_CASE("a lost reply is not a lost write: the hub has the block that rots", "[rot]") {
    Story story;
    const protocol::Incarnation before = story.author().workspace().identity().incarnation;
    story.send_and_lose_reply(story.block_no);
    rot(story.author(), story.contact.log(), story.block_no, Where::payload);
    drop_copies(story.author());
    story.author().open();
    CHECK(sync_telling(story.world, story.author()).lost_entries == 0);
    CHECK(visits(story.author()) == 1);
    CHECK(story.author().workspace().identity().incarnation == before);
    CHECK(engine::verify_vault(story.author().workspace()).sound());
}

TEST_CASE("a log does not end where the hub has more of it than this disk", "[rot]") {
    Story story;
    story.go_on();
    story.send_and_lose_reply(story.block_no);
    story.send_and_lose_reply(story.block_no + 1);
    engine::LogStore& store = story.author().workspace().store();
    const protocol::BlockHash last = store.head(story.contact.log())->hash;
    drop_copies(story.author());
    rot(story.author(), story.contact.log(), story.block_no, Where::payload);
    engine::Statement(store.database(), "DELETE FROM blocks WHERE hash = ?1").run(last);
    story.author().open();
    CHECK(sync_telling(story.world, story.author()).lost_entries == 0);
    story.world.sync_all();
    CHECK(visits(story.author()) == 2);
}

TEST_CASE("an answer about other logs does not end a log", "[rot]") {
    Story story;
    story.send_and_lose_reply(story.block_no);
    story.author()
        .workspace()
        .begin_incarnation();  // whose logs alone are asked about, while whole
    drop_copies(story.author());
    bool is_rotten = false;
    const auto rot_once = [&] {
        if (std::exchange(is_rotten, true)) return;
        rot(story.author(), story.contact.log(), story.block_no, Where::payload);
        story.author().workspace().store().set_block_state(
            story.contact.log(), story.block_no, engine::BlockState::damaged);
    };
    CHECK(sync_telling(story.world, story.author(), rot_once).lost_entries == 0);
    story.world.sync_all();
    CHECK(visits(story.author()) == 1);
}

TEST_CASE("a log does not end where a restored hub has lost what it had taken", "[rot]") {
    Story story;
    Laptop& third = story.world.add_organiser(story.world.turfs);
    FaultyDisk backup;
    backup.become(story.world.hub->disk());
    for (Laptop* laptop : {&story.author(), &third, &story.author()})
        REQUIRE(story.world.sync(*laptop, true));
    story.world.hub->restore(backup);
    REQUIRE(story.world.sync(story.other(), true));
    rot(story.author(), story.contact.log(), story.block_no, Where::payload);
    story.author().open();
    CHECK(sync_telling(story.world, story.author()).lost_entries == 0);
    REQUIRE(story.world.sync(third, true));
    story.world.sync_all();
    CHECK(visits(story.author()) == 1);
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("a log is ended once, at whatever moment the power fails", "[rot]") {
    for (std::uint64_t operation = 1; operation < 400; operation += 3) {
        INFO("power fails at operation " << operation);
        Story story;
        story.go_on();
        rot(story.author(), story.contact.log(), story.block_no, Where::payload);
        drop_copies(story.author());
        story.author().open();
        story.author().disk().lose_power_at(operation);
        try {
            static_cast<void>(sync_telling(story.world, story.author()));
        } catch (const engine::StorageFailure&) {
        }
        const bool came_through = story.author().disk().has_power();
        story.author().lose_power(std::nullopt);
        story.world.sync_all();
        CHECK(visits(story.author()) == 1);
        CHECK(visits(story.other()) == 1);
        CHECK(engine::lost_work(story.author().workspace()).size() == 1);
        CHECK(story.world.disagreement() == "");
        if (came_through) return;
    }
    FAIL("the sync never came to its end");
}

TEST_CASE("a copy is kept until the hub has acknowledged its block, and no longer", "[rot]") {
    Story story;
    engine::LogStore& store = story.author().workspace().store();
    CHECK(store.copy_of(story.contact.log(), story.block_no));
    REQUIRE(story.world.sync(story.author(), true));
    CHECK_FALSE(store.copy_of(story.contact.log(), story.block_no));
}

TEST_CASE("a number of acknowledged blocks that is too high holds nothing back", "[rot]") {
    Story story;
    engine::LogStore& store = story.author().workspace().store();
    // By the row alone, as a disk does it.
    store.database().exec("DROP TRIGGER twin_pushed_changed; UPDATE pushed SET next_block = 5");
    story.author().open();
    story.world.sync_all();
    CHECK(visits(story.other()) == 1);
    CHECK(has_finding(engine::verify_vault(story.author().workspace()), "healed"));
}
