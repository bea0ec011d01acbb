#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/log/packed_names.h"
#include "engine/storage/database.h"
#include "engine/storage/storage_failure.h"
#include "tests/unit/engine/log/hand.h"

/// Logs that a block names and nobody has: anybody may name hundreds of them in a few bytes.
namespace vereda::tests {
namespace {

using namespace engine;

protocol::LogId made_up(std::uint32_t number) {
    protocol::LogId log;
    for (std::size_t byte = 0; byte < 4; ++byte)
        log.bytes[31 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
    return log;
}

std::vector<protocol::LogId> made_up_logs(std::uint32_t first, std::uint32_t count) {
    std::vector<protocol::LogId> logs;
    for (std::uint32_t i = 0; i < count; ++i) logs.push_back(made_up(first + i));
    return logs;
}

std::int64_t pages_of(Database& database) {
    return Statement(database, "PRAGMA page_count").query_integer().value_or(0);
}

/// Visits to contacts in logs that nobody has, `count` of them.
void write_visits_nowhere(Hand& hand, std::uint32_t first, std::uint32_t count) {
    const Bytes body = protocol::encode(protocol::InteractionCreate{.kind = {1, {}}});
    std::vector<protocol::TableRow> table;
    std::vector<protocol::Entry> entries;
    for (std::uint32_t i = 0; i < count; ++i) {
        table.push_back({.log = made_up(first + i), .seen = {1}, .block_hash_start = {}});
        entries.push_back(
            {.type = static_cast<std::uint64_t>(protocol::EventType::interaction_create),
             .record = protocol::Reference{0, {hand.next().value + i}},
             .parent = protocol::Reference{i + 1, {1}},
             .body = body});
    }
    hand.write(entries, table);
}

}  // namespace

TEST_CASE("a log that is only mentioned has its number again when the vault opens", "[log]") {
    Database database(DatabaseOptions{.path = {}, .in_memory = true});
    LogStore store = *LogStore::open(database);
    const LogOrdinal own = store.ordinal_of(made_up(7));
    store.mention(made_up_logs(5, 5));  // one of them has its number already
    store.mention(made_up_logs(5, 5));
    const LogOrdinal known = *store.find_log(made_up(6));
    store.describe(known, {.log = made_up(6), .device = {}, .turf = {3}});
    const LogOrdinal later = store.ordinal_of(made_up(20));
    CHECK(store.log_count() == 6);
    const LogStore again = *LogStore::open(database);
    CHECK(again.log_count() == 6);
    for (std::uint32_t number = 5; number < 10; ++number)
        CHECK(again.find_log(made_up(number)) == store.find_log(made_up(number)));
    CHECK(again.find_log(made_up(7)) == own);
    CHECK(again.find_log(made_up(20)) == later);
    CHECK(again.info(known).described);
    CHECK(again.info(known).turf.value == 3);
    CHECK_FALSE(again.info(*again.find_log(made_up(5))).described);
}

TEST_CASE("logs that are only mentioned cost on the disk what they cost on the wire", "[log]") {
    Database database(DatabaseOptions{.path = {}, .in_memory = true});
    LogStore store = *LogStore::open(database);
    const std::int64_t before = pages_of(database);
    for (std::uint32_t block = 0; block < 20; ++block)
        store.mention(made_up_logs(1 + 500 * block, 500));
    CHECK(store.log_count() == 10'000);
    CHECK(pages_of(database) - before <= 25);  // 100 KiB with twins; a row for each took 1 MiB
}

TEST_CASE("names that do not unpack are damage and nothing worse", "[log]") {
    Bytes packed = pack_names(made_up_logs(1, 3));
    CHECK(unpack_names(packed) == made_up_logs(1, 3));
    packed.pop_back();
    CHECK_THROWS_AS(unpack_names(packed), StorageFailure);
    CHECK_THROWS_AS(unpack_names(Bytes{}), StorageFailure);
    CHECK_THROWS_AS(unpack_names(Bytes(40, 0xee)), StorageFailure);
}

TEST_CASE("a snapshot does not list the logs that are only mentioned, and is used", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    office.carry_all();
    const auto snapshot_size = [&] {
        bo->save_snapshot(true);
        return std::filesystem::file_size(bo.vault + "/projection.snapshot");
    };
    const auto before = snapshot_size();
    Hand hand(ana);
    for (std::uint32_t block = 0; block < 10; ++block)
        write_visits_nowhere(hand, 1 + 500 * block, 500);
    hand.give(bo);
    CHECK(snapshot_size() - before < 128 * 1024);  // with their ids it would be 160 KB more
    office.reopen(bo);
    CHECK_FALSE(bo->opening().rebuilt);
    CHECK(bo->store().find_log(made_up(4'321)));
}

}  // namespace vereda::tests
