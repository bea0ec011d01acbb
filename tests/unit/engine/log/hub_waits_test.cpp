#include "engine/log/hub_waits.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/log/block_hand.h"

/// What a hub puts off, as a laptop keeps it.
namespace vereda::tests {
namespace {

using namespace engine;
using engine::HubWaits;
using protocol::LogId;
using protocol::Millis;
using protocol::PushWait;

constexpr Millis noon{1'780'000'000'000};
constexpr std::uint64_t hour_ms = 3'600'000;

/// A laptop with two logs that the hub lacks.
struct Laptop {
    Office office;
    Desk& desk = office.join("Ana");
    LogId one = log_of(0x11);
    LogId other = log_of(0x22);

    LogId log_of(std::uint8_t number) {
        BlockHand hand(office.coordinator(), number);
        take(desk, hand.first().wire());
        return hand.log();
    }
};

}  // namespace

TEST_CASE("of several waits the time to come again is the earliest", "[sync]") {
    Laptop laptop;
    const bool one_is_first = GENERATE(true, false);
    HubWaits waits;
    waits.note(laptop.one, PushWait::quota, noon, one_is_first ? hour_ms : 2 * hour_ms);
    waits.note(laptop.other, PushWait::quota, noon, one_is_first ? 2 * hour_ms : hour_ms);
    const auto count = waits.count(laptop.desk->store());
    CHECK(count.quota == 2);
    REQUIRE(count.come_again);
    CHECK(count.come_again->value == noon.value + static_cast<std::int64_t>(hour_ms));
}

TEST_CASE(
    "a log that waits for the roster is not held back, whatever time the hub names", "[sync]") {
    Laptop laptop;
    HubWaits waits;
    waits.note(laptop.one, PushWait::roster, noon, hour_ms);
    waits.note(laptop.other, PushWait::quota, noon, hour_ms);
    CHECK(waits.held_back(noon) == std::vector{laptop.other});
}

TEST_CASE("waits that cannot be read to their end are none", "[sync]") {
    Laptop laptop;
    LogStore& store = laptop.desk->store();
    HubWaits waits;
    waits.note(laptop.one, PushWait::quota, noon, hour_ms);
    waits.save(store);
    REQUIRE(HubWaits::load(store).logs() == std::vector{laptop.one});
    Bytes kept = *store.meta(hub_waits_name);
    kept.push_back(0);
    store.put_meta(hub_waits_name, kept);
    CHECK(HubWaits::load(store).logs().empty());
}

}  // namespace vereda::tests
