#include "engine/log/mishaps.h"

#include <catch2/catch.hpp>

#include "engine/queries/lost_work.h"
#include "engine/storage/statement.h"
#include "tests/unit/engine/office.h"

namespace vereda::tests {

using namespace engine;

TEST_CASE("after ninety days only what is damaged still is told", "[log][rot]") {
    Office office;
    Database& database = office.coordinator()->store().database();
    const protocol::Millis now = office.clock.now();
    Mishaps mishaps(database, now);
    mishaps.note(Mishap::Kind::damaged, "block", "log A block 1");
    mishaps.note(Mishap::Kind::healed, "block", "log A block 2");
    mishaps.note(Mishap::Kind::lost, "block", "log A block 3");
    Mishaps(database, {now.value + Mishaps::kept_ms + 1}).forget_old();
    REQUIRE(mishaps.all().size() == 1);
    CHECK(mishaps.all().front().kind == Mishap::Kind::damaged);
}

TEST_CASE("rotten bytes are kept for ninety days and no longer", "[log][rot]") {
    Office office;
    Database& database = office.coordinator()->store().database();
    const protocol::Millis now = office.clock.now();
    Mishaps(database, now).set_bytes_aside("log A block 1", Bytes{1, 2, 3});
    const auto kept = [&] {
        return Statement(database, "SELECT count(*) FROM rotten").query_integer();
    };
    Mishaps(database, {now.value + Mishaps::kept_ms}).forget_old();
    CHECK(kept() == 1);
    Mishaps(database, {now.value + Mishaps::kept_ms + 1}).forget_old();
    CHECK(kept() == 0);
}

TEST_CASE("entries that no log can have are not named", "[log][rot]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    const auto numbers = GENERATE(
        std::pair<std::int64_t, std::int64_t>{0, 1}, std::pair<std::int64_t, std::int64_t>{-1, 1},
        std::pair<std::int64_t, std::int64_t>{1, -1},
        std::pair<std::int64_t, std::int64_t>{std::int64_t{1} << 40, 1},
        std::pair<std::int64_t, std::int64_t>{2, (std::int64_t{1} << 40) - 2});
    desk->mishaps().note(
        Mishap::Kind::lost, vault_part::block, "log A block 3",
        Mishap::Entries{desk->store().info({1}).log, {1}, 1});
    Statement(desk->store().database(), "UPDATE mishaps SET first_seq = ?1, entries = ?2")
        .run(numbers.first, numbers.second);
    CHECK_FALSE(desk->mishaps().all().front().entries);
    const auto lost = lost_work(*desk);
    REQUIRE(lost.size() == 1);
    CHECK(lost.front().entries == 0);
}

}  // namespace vereda::tests
