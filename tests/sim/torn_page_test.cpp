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
constexpr std::uint64_t sent = 24, closed = 3, open = 3;

/// A laptop with 24 visits that the hub has, three closed ones that it has not, and three open
/// ones.
class Story {
  public:
    Story() {
        world.settle(1, 1);
        const auto contact = author().people().add_contact(
            *author().turf(world.turfs[0]), {.set = {{"given_name", "Ana"}}});
        REQUIRE(contact);
        contact_ = contact->id;
        for (std::uint64_t visit = 0; visit < sent; ++visit) {
            add_visit();
            author().workspace().close_blocks();
        }
        world.sync_all();
        for (std::uint64_t visit = 0; visit < closed; ++visit) {
            add_visit();
            author().workspace().close_blocks();
        }
        for (std::uint64_t visit = 0; visit < open; ++visit) add_visit();
        author().close();
        REQUIRE(author().disk().sync_directory("/vault") == DiskResult::ok);
        image_.become(author().disk());
    }

    Laptop& author() { return *world.laptops[1]; }
    Laptop& other() { return *world.laptops[0]; }
    [[nodiscard]] std::size_t pages() { return image_.contents(log_path)->size() / page_size; }
    void tear(std::size_t page) {
        author().disk().rot(log_path, page * page_size, 0x40);  // what kind of page it is
    }

    World world{31, calm};

  private:
    void add_visit() {
        REQUIRE(author().people().add_interaction(contact_, {.kind = "door", .outcome = "spoke"}));
    }

    engine::LocalDot contact_;
    FaultyDisk image_;
};

std::uint64_t visits(Laptop& laptop) { return engine::status_of(laptop.workspace()).interactions; }

}  // namespace

/// As a command does that meets the damage, and the command after it.
void find_damage(Laptop& laptop) {
    try {
        if (engine::verify_vault(laptop.workspace()).sound()) return;
    } catch (const engine::StorageFailure& failure) {
        REQUIRE(failure.fault() == engine::StorageFault::corrupt);
        laptop.workspace().salvage_when_opened();
    }
    laptop.open();
}

/// False where the schema's own pages do not read.
bool opens(Laptop& laptop) {
    try {
        laptop.open();
    } catch (const engine::StorageFailure& failure) {
        REQUIRE(failure.fault() == engine::StorageFault::corrupt);
        return false;
    }
    find_damage(laptop);
    return true;
}

TEST_CASE("a torn page of log.db costs only what lies nowhere else, and that is told", "[rot]") {
    std::size_t torn = 0, with_loss = 0, shut = 0;
    const std::size_t pages = Story().pages();
    for (std::size_t page = 1; page < pages; ++page) {
        Story story;
        INFO("page " << page << " of " << pages);
        story.tear(page);
        if (!opens(story.author())) {
            ++shut;
            continue;
        }
        story.world.sync_all();
        story.world.sync_all();
        const std::uint64_t left = visits(story.author());
        CHECK(left >= sent + closed);
        CHECK(visits(story.other()) == left);
        CHECK(story.world.disagreement() == "");
        const bool all = left == sent + closed + open;
        CHECK((all || !engine::lost_work(story.author().workspace()).empty()));
        ++torn;
        with_loss += all ? 0 : 1;
    }
    CHECK(torn > 80);
    CHECK(with_loss >= 1);  // the page of the open entries
    CHECK(with_loss < torn / 10);
    CHECK(shut < torn / 10);
}
