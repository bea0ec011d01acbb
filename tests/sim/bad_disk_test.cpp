#include <catch2/catch.hpp>

#include "engine/audit/audit.h"
#include "engine/queries/lost_work.h"
#include "engine/queries/workspace_status.h"
#include "tests/sim/world.h"

using namespace vereda;
using namespace vereda::sim;

namespace {

const std::string log_path = "/vault/log.db";
constexpr std::size_t page_size = 1024;
constexpr std::uint64_t sent = 12, closed = 3, open = 3, all = sent + closed + open;

/// A laptop with visits that the hub has, closed ones that it has not, and open ones; each closed
/// one in a block of its own.
class Story {
  public:
    Story() {
        world.settle(1, 1);
        const auto contact = author().people().add_contact(
            *author().turf(world.turfs[0]), {.set = {{"given_name", "Ana"}}});
        REQUIRE(contact);
        contact_ = contact->id;
        for (std::uint64_t visit = 0; visit < sent; ++visit) add_closed_visit();
        world.sync_all();
        for (std::uint64_t visit = 0; visit < closed; ++visit) add_closed_visit();
        for (std::uint64_t visit = 0; visit < open; ++visit) add_visit();
    }

    Laptop& author() { return *world.laptops[1]; }
    Laptop& other() { return *world.laptops[0]; }
    engine::LogStore& store() { return author().workspace().store(); }
    [[nodiscard]] engine::LogOrdinal log() const { return contact_.log(); }
    [[nodiscard]] std::string row(std::uint64_t block_no) const {
        return std::to_string(std::uint64_t{log().value} << 40 | block_no);
    }
    void add_visit() {
        REQUIRE(author().people().add_interaction(contact_, {.kind = "door", .outcome = "spoke"}));
    }
    void add_closed_visit() {
        add_visit();
        author().workspace().close_blocks();
    }
    /// As a disk loses a row: nothing that hangs on it goes with it.
    void lose_block(std::uint64_t block_no) {
        store().database().exec("DROP TRIGGER IF EXISTS drop_acceptance");
        store().database().exec("DELETE FROM blocks WHERE id = " + row(block_no));
    }
    void close(Laptop& laptop) {
        laptop.close();
        REQUIRE(laptop.disk().sync_directory("/vault") == DiskResult::ok);
    }

    World world{31, calm};

  private:
    engine::LocalDot contact_;
};

std::uint64_t visits(Laptop& laptop) { return engine::status_of(laptop.workspace()).interactions; }

std::size_t find_in_log(Laptop& laptop, ByteView what) {
    const Bytes bytes = *laptop.disk().contents(log_path);
    const auto at = std::search(bytes.begin(), bytes.end(), what.begin(), what.end());
    REQUIRE(at != bytes.end());
    return static_cast<std::size_t>(at - bytes.begin());
}

/// One conversation with the hub, whose answer to `roster-read` may be another. True when the vault
/// said that its disk is bad.
bool sync_meets_damage(
    World& world, Laptop& laptop,
    const std::function<void(protocol::RosterReadAnswer&)>& change = nullptr) {
    engine::DirectOpener opener;
    engine::sync::Session session(laptop.workspace(), opener, {});
    try {
        static_cast<void>(engine::sync::run(
            session,
            [&](const engine::sync::Message& message) -> std::expected<Bytes, protocol::Refusal> {
                const engine::Identity& own = laptop.workspace().identity();
                server::HubAnswer answer = world.hub->handle(
                    {message.name, own.workspace, own.keys.http.public_key(), message.body});
                if (answer.status != 200)
                    return std::unexpected(protocol::parse_refusal_answer(answer.body)->code);
                if (!change || message.name != protocol::MessageName::roster_read)
                    return answer.body;
                auto roster = protocol::parse_roster_read_answer(answer.body);
                REQUIRE(roster);
                change(*roster);
                return protocol::encode(*roster);
            }));
    } catch (const engine::StorageFailure& failure) {
        REQUIRE(failure.fault() == engine::StorageFault::corrupt);
        return true;
    }
    return false;
}

}  // namespace

TEST_CASE("what a salvage lost is told, at whatever moment the power fails", "[rot]") {
    Story story;
    const auto root = engine::Statement(
                          story.store().database(),
                          "SELECT rootpage FROM sqlite_schema WHERE name = 'open_entries'")
                          .query_integer();
    REQUIRE(root);
    story.close(story.author());
    FaultyDisk image;
    image.become(story.author().disk());
    for (std::uint64_t operation = 1; operation < 400; ++operation) {
        INFO("power fails at operation " << operation);
        story.author().close();
        story.author().disk().become(image);
        story.author().disk().rot(
            log_path, (static_cast<std::size_t>(*root) - 1) * page_size, 0x40);
        story.author().disk().lose_power_at(operation);
        try {
            story.author().open();
        } catch (const engine::StorageFailure&) {
        }
        const bool came_through = story.author().disk().has_power();
        story.author().lose_power(std::nullopt);
        CHECK(visits(story.author()) == sent + closed);
        CHECK(engine::lost_work(story.author().workspace()).size() == 1);
        CHECK(story.author().disk().exists(log_path + ".damaged"));
        if (came_through) return;
    }
    FAIL("the vault never opened");
}

TEST_CASE("an audit of a log.db that cannot be written again does not shut the vault", "[rot]") {
    Story story;
    story.close(story.author());
    // Two rows of the schema, each of which still says the same.
    for (const std::string text :
         {"CREATE TABLE restamped(block INTEGER PRIMARY",
          "CREATE TABLE misfits(hash BLOB PRIMARY"}) {
        const std::size_t at = find_in_log(story.author(), as_bytes(text));
        story.author().disk().rot(log_path, at + text.size() - 1, 0x20);
    }
    story.author().open();
    CHECK_FALSE(engine::verify_vault(story.author().workspace()).sound());
    story.author().open();
    CHECK(story.author().workspace().opening().damaged);
    story.world.sync_all();
    CHECK(visits(story.other()) == all);
}

TEST_CASE("a gap that the hub has not filled yet is found once", "[rot]") {
    Story story;
    story.lose_block(5);
    story.author().open();
    CHECK(story.author().workspace().opening().salvaged);
    const protocol::Incarnation left_to = story.author().workspace().identity().incarnation;
    story.add_visit();
    for (int opening = 0; opening < 3; ++opening) {
        story.author().open();
        CHECK(story.author().workspace().identity().incarnation == left_to);
        CHECK(story.author().workspace().opening().renamed_entries == 0);
        REQUIRE(story.author().workspace().save_snapshot(true));
    }
    CHECK_FALSE(story.author().workspace().opening().rebuilt);
    story.world.sync_all();
    CHECK(visits(story.author()) == all + 1);
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("a row that the disk has lost is told by the sync that needs it", "[rot]") {
    Story story;
    REQUIRE(story.author().workspace().save_snapshot(true));  // so that opening does not read it
    const bool is_own = GENERATE(true, false);
    Laptop& laptop = is_own ? story.author() : story.other();
    if (!is_own) {
        story.world.sync_all();
        REQUIRE(laptop.workspace().save_snapshot(true));
    } else {
        story.author().workspace().close_blocks();
        REQUIRE(story.author().workspace().save_snapshot(true));
    }
    const auto log = laptop.workspace().store().find_log(story.store().info(story.log()).log);
    REQUIRE(log);
    laptop.workspace().store().database().exec(
        "DROP TRIGGER drop_acceptance; DELETE FROM blocks WHERE id = " +
        std::to_string(std::uint64_t{log->value} << 40 | 5));
    laptop.open();
    SECTION("a hub in a new epoch is offered everything") {
        story.world.hub->begin_epoch(2);
        CHECK(sync_meets_damage(story.world, laptop));
    }
    SECTION("a hub says that it has nothing") {
        const auto deny = [](protocol::RosterReadAnswer& answer) { answer.heads.clear(); };
        CHECK(sync_meets_damage(story.world, laptop, deny) == is_own);
    }
    laptop.workspace().salvage_when_opened();
    laptop.open();
    story.world.sync_all();
    CHECK(visits(laptop) == all);
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("a block that rots, and its place in the index by hash too, is told", "[rot]") {
    Story story;
    const auto block = story.store().block(story.log(), 5);
    REQUIRE(block);
    const Bytes hash(block->hash.bytes.begin(), block->hash.bytes.end());
    story.close(story.author());
    const std::size_t row = find_in_log(story.author(), hash);
    story.author().disk().rot(log_path, row + hash.size() + 60, 0x10);  // the block's header
    const Bytes bytes = *story.author().disk().contents(log_path);
    for (std::size_t at = 0; at + 8 < bytes.size(); ++at) {
        const bool is_start = std::equal(
            hash.begin(), hash.begin() + 8, bytes.begin() + static_cast<std::ptrdiff_t>(at));
        if (is_start && at != row) story.author().disk().rot(log_path, at + 3, 0x10);
    }
    story.author().open();
    if (sync_meets_damage(story.world, story.author())) {
        story.author().workspace().salvage_when_opened();
        story.author().open();
    }
    story.world.sync_all();
    CHECK(visits(story.author()) == all);
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("an own block that is gone with its copy ends its log as a rotten one does", "[rot]") {
    Story story;
    const std::uint64_t lost = story.store().head(story.log())->block_no - 2;
    const bool hub_has_it = GENERATE(false, true);
    if (hub_has_it) {  // its reply was lost
        const engine::Identity& own = story.author().workspace().identity();
        const protocol::PushRequest push{.blocks = {story.store().block(story.log(), lost)->bytes}};
        REQUIRE(
            story.world.hub
                ->handle(
                    {protocol::MessageName::push, own.workspace, own.keys.http.public_key(),
                     protocol::encode(push)})
                .status == 200);
    }
    story.lose_block(lost);
    story.store().database().exec("DELETE FROM copies WHERE id = " + story.row(lost));
    story.author().open();
    CHECK(visits(story.author()) == all - 1);
    story.world.sync_all();
    const std::uint64_t left = hub_has_it ? all : all - 1;
    CHECK(visits(story.author()) == left);
    CHECK(visits(story.other()) == left);
    const auto work = engine::lost_work(story.author().workspace());
    CHECK(work.size() == (hub_has_it ? 0 : 1));
    if (!work.empty()) CHECK(work.front().ids.size() == 1);
    CHECK(story.store().waiting_count() == 0);
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("whole work behind lost blocks is recorded again under new ids, and travels", "[rot]") {
    Story story;
    for (int visit = 0; visit < 2; ++visit) story.add_closed_visit();
    const std::uint64_t last = story.store().head(story.log())->block_no;
    story.store().put_meta("salvage-when-opened", {});
    for (const std::uint64_t lost : {last - 3, last - 2}) {
        story.lose_block(lost);
        story.store().database().exec("DELETE FROM copies WHERE id = " + story.row(lost));
    }
    const std::uint64_t lost = visits(story.author());
    story.author().open();
    story.world.sync_all();
    story.world.sync_all();
    const std::uint64_t whole = visits(story.author());
    CHECK(whole == lost - 2);
    CHECK(visits(story.other()) == whole);
    CHECK(story.store().waiting_count() == 0);
    const auto work = engine::lost_work(story.author().workspace());
    REQUIRE(work.size() == 1);
    CHECK(work.front().ids.size() == 2);
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("lost work that a colleague's laptop brings back is lost no more", "[rot]") {
    Story story;
    Laptop& third = story.world.add_organiser(story.world.turfs);
    FaultyDisk backup;
    backup.become(story.world.hub->disk());
    for (Laptop* laptop : {&story.author(), &third, &story.author()})
        REQUIRE(story.world.sync(*laptop, true));
    story.world.hub->restore(backup);
    REQUIRE(story.world.sync(story.other(), true));
    story.lose_block(story.store().head(story.log())->block_no);
    story.author().open();
    REQUIRE(story.world.sync(story.author(), true));
    const auto work = engine::lost_work(story.author().workspace());
    REQUIRE(work.size() == 1);
    CHECK(work.front().entries == 0);  // of the last block nobody knows how many
    REQUIRE(story.world.sync(third, true));
    story.world.sync_all();
    CHECK(visits(story.author()) == all);
    CHECK(engine::lost_work(story.author().workspace()).empty());
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("a torn table is not whole again while a block of it is asked for", "[rot]") {
    Story story;
    story.world.sync_all();
    engine::LogStore& store = story.other().workspace().store();
    const engine::LogOrdinal log = *store.find_log(story.store().info(story.log()).log);
    engine::Statement(store.database(), "DELETE FROM blocks WHERE hash = ?1")
        .run(store.head(log)->hash);
    story.other().workspace().mishaps().note(
        engine::Mishap::Kind::damaged, engine::vault_part::rows, "log.db blocks");
    store.forget_cursors();
    story.other().open();
    story.world.weather.spoilt_block = 1;
    static_cast<void>(story.world.sync(story.other(), false));
    CHECK(story.other().workspace().mishaps().has_damage());
    story.world.weather = calm;
    story.world.sync_all();
    CHECK_FALSE(story.other().workspace().mishaps().has_damage());
    CHECK(visits(story.other()) == all);
}

TEST_CASE("whole work behind a lost block that the hub once had waits, and is counted", "[rot]") {
    Story story;
    FaultyDisk backup;
    backup.become(story.world.hub->disk());
    for (int times = 0; times < 2; ++times) REQUIRE(story.world.sync(story.author(), true));
    story.world.hub->restore(backup);
    REQUIRE(story.world.sync(story.other(), true));
    const std::uint64_t last = story.store().head(story.log())->block_no;
    story.store().put_meta("salvage-when-opened", {});
    story.lose_block(last - 2);
    story.author().open();
    story.world.sync_all();
    const engine::WorkspaceStatus status = engine::status_of(story.author().workspace());
    CHECK(status.own_waiting == 2);
    CHECK(status.lost.size() == 1);
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("a block that rots with its hash comes again, and what follows it is read", "[rot]") {
    Story story;
    story.author().workspace().close_blocks();
    story.world.sync_all();
    engine::LogStore& store = story.other().workspace().store();
    const auto log = store.find_log(story.store().info(story.log()).log);
    REQUIRE(log);
    const std::uint64_t last = store.head(*log)->block_no;
    const auto block = store.block(*log, last - GENERATE(0U, 3U));
    const Bytes hash(block->hash.bytes.begin(), block->hash.bytes.end());
    story.close(story.other());
    // One bad spot: the row has the block's header just after its hash.
    const std::size_t at = find_in_log(story.other(), hash);
    for (std::size_t byte = 24; byte < 56; ++byte)
        story.other().disk().rot(log_path, at + byte, 0x55);
    story.other().open();
    story.add_closed_visit();
    story.world.sync_all();
    story.world.sync_all();
    CHECK(visits(story.other()) == all + 1);
    CHECK(story.world.disagreement() == "");
    CHECK(engine::status_of(story.other().workspace()).forks == 0);
    CHECK(story.other().workspace().store().hub_places().wanted_count() == 0);
}

TEST_CASE("a row without twins stays where other twins have lost their row", "[rot]") {
    Story story;
    story.store().database().exec(
        "DROP TRIGGER twin_logs_gone; DELETE FROM logs WHERE ordinal = 1; DELETE FROM twins WHERE "
        "in_table = 'logs' AND key <> '1'");
    story.author().open();
    CHECK(visits(story.author()) == all);
    story.world.sync_all();
    CHECK(visits(story.other()) == all);
    CHECK(engine::lost_work(story.author().workspace()).empty());
    CHECK(story.world.disagreement() == "");
}

TEST_CASE("own blocks whose log has lost its name wait until it has one again", "[rot]") {
    Story story;
    story.store().database().exec(
        "DROP TRIGGER twin_logs_gone; DELETE FROM logs; DELETE FROM twins WHERE in_table = 'logs'");
    story.author().open();
    static_cast<void>(engine::verify_vault(story.author().workspace()));
    CHECK(engine::lost_work(story.author().workspace()).size() == open);
    story.world.sync_all();
    CHECK(visits(story.author()) == sent + closed);
    CHECK(visits(story.other()) == sent + closed);
    CHECK(story.world.disagreement() == "");
}
