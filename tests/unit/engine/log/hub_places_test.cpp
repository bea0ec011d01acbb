#include "engine/log/hub_places.h"

#include <catch2/catch.hpp>
#include <set>

#include "engine/log/log_schema.h"
#include "engine/storage/migrations.h"

namespace vereda::engine {
namespace {

protocol::BlockHash block(std::uint8_t number) {
    protocol::BlockHash hash;
    hash.bytes.fill(number);
    return hash;
}

protocol::DeviceId device(std::uint8_t number) {
    protocol::DeviceId id;
    id.bytes.fill(number);
    return id;
}

constexpr TurfNumber north{1}, south{2};

struct Places {
    Database database{DatabaseOptions{.path = {}, .in_memory = true}};
    HubPlaces places = made(database);

    static HubPlaces made(Database& database) {
        REQUIRE(migrate(database, log_migrations()));
        return HubPlaces(database);
    }
    [[nodiscard]] std::set<std::uint64_t> next(std::size_t count) {
        std::set<std::uint64_t> seqs;
        for (const auto& [turf, blocks] : places.next_wanted(count)) {
            for (const WantedBlock& wanted : blocks) seqs.insert(wanted.place.stream_seq);
        }
        return seqs;
    }
};

}  // namespace

TEST_CASE("who has many spoilt blocks does not put off those of others", "[log]") {
    Places vault;
    for (std::uint8_t i = 1; i <= 50; ++i) vault.places.want(north, {i, {1}}, block(i), device(1));
    vault.places.want(south, {99, {1}}, block(99), device(2));
    CHECK(vault.next(2) == std::set<std::uint64_t>{1, 99});
    vault.places.note_asked(block(1));
    CHECK(vault.next(2) == std::set<std::uint64_t>{2, 99});
    CHECK(vault.next(64).size() == 51);
}

TEST_CASE("a wanted block is one block, and a place is one block's", "[log]") {
    Places vault;
    vault.places.want(north, {4, {1}}, block(1), device(1));
    vault.places.want(north, {4, {1}}, block(1), device(1));
    vault.places.want(north, {5, {1}}, block(1), device(1));
    CHECK(vault.places.wanted_count() == 1);
    vault.places.want(
        north, {4, {1}}, block(2), device(1));  // a hub's new epoch has another one there
    CHECK(vault.places.wanted_count() == 1);
    CHECK(vault.places.wants(block(2)));
    CHECK_FALSE(vault.places.wants(block(1)));
    vault.places.want_no_more(block(2));
    CHECK(vault.places.wanted_count() == 0);
    CHECK(HubPlaces(vault.database).wanted_count() == 0);
}

TEST_CASE("one block that came leaves the others wanted", "[log]") {
    Places vault;
    vault.places.want(north, {4, {1}}, block(1), device(1));
    vault.places.want(north, {5, {1}}, block(2), device(1));
    vault.places.want_no_more(block(1));
    CHECK(vault.places.wanted_count() == 1);
    CHECK(vault.places.wants(block(2)));
}

TEST_CASE(
    "wanted blocks come in the order of their places, whenever they were asked for", "[log]") {
    Places vault;
    for (std::uint8_t i = 1; i <= 3; ++i) vault.places.want(north, {i, {1}}, block(i), device(1));
    vault.places.note_asked(block(1));
    const auto wanted = vault.places.next_wanted(3).at(north);
    CHECK(std::ranges::is_sorted(
        wanted, {}, [](const WantedBlock& one) { return one.place.stream_seq; }));
}

TEST_CASE("a leaf that the hub gave is kept until the cursor has passed it", "[log]") {
    Places vault;
    protocol::LeafBytes leaf{};
    leaf[0] = 7;
    vault.places.note_given(north, 5, 2, leaf);
    vault.places.note_given(north, 6, 2, leaf);
    vault.places.note_given(south, 5, 2, leaf);
    CHECK(vault.places.given(north, 2).size() == 2);
    CHECK(vault.places.given(north, 2).at(5) == leaf);
    CHECK(vault.places.given(north, 1).empty());
    vault.places.forget_given(north, 5);
    CHECK(vault.places.given(north, 2).size() == 1);
    CHECK(vault.places.given(south, 2).size() == 1);
}

}  // namespace vereda::engine
