#include <catch2/catch.hpp>
#include <cstdlib>

#include "engine/audit/audit.h"
#include "engine/queries/lost_work.h"
#include "engine/queries/workspace_status.h"
#include "tests/sim/world.h"

using namespace vereda;
using namespace vereda::sim;

namespace {

using engine::LocalDot;

/// A laptop with every kind of log: own ones, of which the hub has some blocks, none, or has not
/// heard of; colleagues' logs; one that forked; one that is only mentioned. And a coordinator's
/// laptop, which must come to show the same.
class ManyLogs {
  public:
    explicit ManyLogs(bool with_snapshot) {
        world_.settle(0, 2);
        world_.add_organiser(world_.turfs);
        Laptop& colleague = world_.add_organiser(world_.turfs);
        contact_ = add_contact(coordinator(), 0);
        add_visits(coordinator(), contact_, 2);
        world_.sync_all();
        fork(colleague);
        contact_ = add_contact(author(), 0);
        add_visits(author(), contact_, 3);
        world_.sync_all();
        world_.laptops.resize(2);
        write_more();
        author().workspace().save_snapshot(with_snapshot);
        keep();
    }

    /// The ids of the rows that rot may move.
    [[nodiscard]] std::vector<std::int64_t> ids(const std::string& table) {
        std::vector<std::int64_t> found;
        engine::Statement select(database(), "SELECT id FROM " + table + " ORDER BY id");
        for (const engine::Row& row : select.query()) found.push_back(row.integer(0));
        return found;
    }
    [[nodiscard]] bool has(const std::string& table, std::int64_t id) {
        return engine::Statement(database(), "SELECT 1 FROM " + table + " WHERE id = ?1")
            .query_integer(id)
            .has_value();
    }
    /// As a disk does it: no trigger speaks of it.
    void move(const std::string& table, std::int64_t from, std::int64_t to) {
        for (const char* trigger : {"copy_acceptance_again", "drop_acceptance"})
            database().exec(("DROP TRIGGER " + std::string(trigger)).c_str());
        engine::Statement(database(), "UPDATE OR REPLACE " + table + " SET id = ?2 WHERE id = ?1")
            .run(from, to);
    }
    void put_back() {
        author().close();
        coordinator().close();
        author().disk().become(author_);
        coordinator().disk().become(coordinator_);
        world_.hub->go_back_to(hub_);
        coordinator().open();
        author().open();
    }

    Laptop& author() { return *world_.laptops[1]; }
    Laptop& coordinator() { return *world_.laptops[0]; }
    [[nodiscard]] World& world() { return world_; }
    /// What this laptop shows before it has synced.
    [[nodiscard]] std::uint64_t visits() {
        return engine::status_of(author().workspace()).interactions;
    }
    [[nodiscard]] engine::StateDigest digest() {
        return engine::status_of(author().workspace()).digest;
    }
    [[nodiscard]] std::uint64_t all_visits() const { return all_visits_; }
    [[nodiscard]] const engine::StateDigest& expected() const { return expected_; }

  private:
    LocalDot add_contact(Laptop& laptop, std::size_t turf) {
        const auto contact = laptop.people().add_contact(
            *laptop.turf(world_.turfs[turf]), {.set = {{"given_name", "Ana"}}});
        REQUIRE(contact);
        return contact->id;
    }
    void add_visit(Laptop& laptop, LocalDot contact) {
        REQUIRE(laptop.people().add_interaction(contact, {.kind = "door", .outcome = "spoke"}));
    }
    void add_visits(Laptop& laptop, LocalDot contact, int blocks) {
        for (int block = 0; block < blocks; ++block) {
            add_visit(laptop, contact);
            laptop.workspace().close_blocks();
        }
    }
    // Two branches behind a common block, one of them longer.
    void fork(Laptop& colleague) {
        const LocalDot contact = add_contact(colleague, 0);
        REQUIRE(world_.sync(colleague, true));
        const auto twin = colleague.clone(world_.dice.seed(), world_.clock);
        add_visits(colleague, contact, 1);
        add_visits(*twin, contact, 4);
        for (Laptop* laptop : {&colleague, twin.get()}) REQUIRE(world_.sync(*laptop, true));
    }
    // Two blocks that the hub has not; an open entry behind them; and one in a log of its own, of
    // which nothing is closed. Another's log is the next one.
    void write_more() {
        add_visits(author(), contact_, 2);
        mention(7);
        mention(8);
        static_cast<void>(add_contact(author(), 1));
        add_visits(coordinator(), add_contact(coordinator(), 1), 2);
        REQUIRE(world_.sync(coordinator(), true));
        read_only();
        add_visit(author(), contact_);
        mention(9);
    }
    void mention(std::uint8_t number) {
        protocol::LogId nobodys;
        nobodys.bytes.fill(number);
        author().workspace().store().mention(std::span(&nobodys, 1));
    }
    /// The author reads what there is, and closes nothing.
    void read_only() {
        engine::DirectOpener opener;
        const engine::Identity& identity = author().workspace().identity();
        engine::sync::Session session(
            author().workspace(), opener, {.close = false, .push = false});
        static_cast<void>(engine::sync::run(
            session,
            [&](const engine::sync::Message& message) -> std::expected<Bytes, protocol::Refusal> {
                return world_.hub
                    ->handle(
                        {message.name, identity.workspace, identity.keys.http.public_key(),
                         message.body})
                    .body;
            }));
    }
    void keep() {
        all_visits_ = visits();
        expected_ = digest();
        for (Laptop* laptop : {&author(), &coordinator()}) {
            laptop->close();
            REQUIRE(laptop->disk().sync_directory("/vault") == DiskResult::ok);
        }
        author_.become(author().disk());
        coordinator_.become(coordinator().disk());
        hub_.become(world_.hub->disk());
        put_back();
    }
    [[nodiscard]] engine::Database& database() { return author().workspace().store().database(); }

    World world_{41, calm};
    LocalDot contact_;
    FaultyDisk author_, coordinator_, hub_;
    std::uint64_t all_visits_ = 0;
    engine::StateDigest expected_{};
};

/// As commands do: what meets the damage, and the one after it. False when all was sound.
bool find_damage(Laptop& laptop) {
    try {
        const engine::AuditReport audit = engine::verify_vault(laptop.workspace());
        for (const engine::Finding& finding : audit.findings)
            if (finding.severity == engine::FindingSeverity::fault)
                UNSCOPED_INFO(finding.what << " " << finding.where << ": " << finding.variant);
        if (audit.sound()) return false;
    } catch (const engine::StorageFailure& failure) {
        REQUIRE(failure.fault() == engine::StorageFault::corrupt);
        laptop.workspace().salvage_when_opened();
    }
    laptop.open();
    return true;
}

/// By day the bits that tell the places of this small vault apart, and one beyond; at night all.
std::vector<int> bits() {
    if (std::getenv("VEREDA_NIGHT") == nullptr)
        return {0, 1, 2, 3, 10, 39, 40, 41, 42, 43, 44, 62, 63};
    std::vector<int> all;
    for (int bit = 0; bit < 64; ++bit) all.push_back(bit);
    return all;
}

void check_moved(ManyLogs& logs, bool was_empty) {
    REQUIRE_NOTHROW(logs.author().open());
    static_cast<void>(find_damage(logs.author()));
    if (was_empty) {
        CHECK(logs.digest() == logs.expected());
        CHECK_FALSE(logs.author().workspace().opening().new_incarnation);
    }
    logs.world().sync_all();
    if (find_damage(logs.author())) logs.world().sync_all();
    CHECK_FALSE(find_damage(logs.author()));
    CHECK(logs.visits() == logs.all_visits());
    CHECK(logs.world().disagreement() == "");
    CHECK(engine::lost_work(logs.author().workspace()).empty());
    CHECK(logs.author().workspace().store().misfits().empty());
    CHECK(logs.author().workspace().store().waiting_count() == 0);
    CHECK(engine::status_of(logs.author().workspace()).unsynced == 0);
}

void move_each(const std::string& table, bool with_snapshot) {
    ManyLogs logs(with_snapshot);
    const std::vector<std::int64_t> ids = logs.ids(table);
    CHECK(ids.size() > (table == "copies" ? 1 : 12));
    for (const std::int64_t from : ids) {
        for (const int bit : bits()) {
            const auto to = static_cast<std::int64_t>(
                static_cast<std::uint64_t>(from) ^ std::uint64_t{1} << bit);
            INFO(
                table << " row " << (from >> 40) << "/" << (from & 0xffffffffff) << " to "
                      << (to >> 40) << "/" << (to & 0xffffffffff));
            const bool was_empty = !logs.has(table, to);
            logs.move(table, from, to);
            check_moved(logs, was_empty);
            logs.put_back();
        }
    }
}

}  // namespace

TEST_CASE("a block that a flipped bit moves anywhere comes back", "[rot][moved]") {
    move_each("blocks", false);
}

TEST_CASE("a block that moves comes back beside a snapshot, too", "[rot][moved]") {
    move_each("blocks", true);
}

TEST_CASE("what the hub said of a block comes back from wherever a bit moves it", "[rot][moved]") {
    move_each("acceptances", true);
}

TEST_CASE("a copy of a block that a flipped bit moves is a copy again", "[rot][moved]") {
    move_each("copies", true);
}
