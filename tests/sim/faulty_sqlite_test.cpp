#include <catch2/catch.hpp>

#include "engine/storage/migrations.h"
#include "engine/storage/statement.h"
#include "engine/storage/transaction.h"
#include "tests/sim/faulty_vfs.h"

/// SQLite as the engine opens it, on a disk that loses power at every single operation.
namespace vereda::sim {
namespace {

using engine::Database;
using engine::DatabaseOptions;
using engine::Statement;
using engine::StorageFailure;
using engine::StorageFault;
using engine::Transaction;

constexpr int rows_per_transaction = 5;
constexpr int transactions = 12;

DatabaseOptions options_on(const FaultyVfs& vfs) {
    return DatabaseOptions{.path = "laptop/log.db", .vfs = vfs.name(), .page_size = 1024};
}

constexpr const char* schema[] = {"CREATE TABLE t (number INTEGER, body BLOB) STRICT"};

/// Commits numbered transactions, a checkpoint after every fifth; `acknowledged` counts those that
/// returned.
void run_workload(const FaultyVfs& vfs, int& acknowledged) {
    Database database(options_on(vfs));
    (void)engine::migrate(database, schema);
    Statement insert(database, "INSERT INTO t VALUES (?1, ?2)");
    for (int number = 1; number <= transactions; ++number) {
        Transaction transaction(database);
        for (int row = 0; row < rows_per_transaction; ++row) {
            insert.run(number, Bytes(300, static_cast<std::uint8_t>(number)));
        }
        database.exec(
            "UPDATE t SET body = zeroblob(300) WHERE number = " + std::to_string(number - 3));
        transaction.commit();
        acknowledged = number;
        if (number % 5 == 0) database.checkpoint();
    }
}

/// How many transactions are there; -1 when the database is damaged or one is there by half.
int transactions_found(const FaultyVfs& vfs) {
    Database database(options_on(vfs));
    if (!database.is_sound()) return -1;
    if (!engine::migrate(database, schema)) return -1;
    Statement select(
        database,
        "SELECT number, count(*), sum(length(body)) FROM t GROUP BY number ORDER BY number");
    int found = 0;
    for (const engine::Row& row : select.query()) {
        const bool whole =
            row.integer(1) == rows_per_transaction && row.integer(2) == rows_per_transaction * 300;
        if (row.integer(0) != ++found || !whole) return -1;
    }
    return found;
}

/// Runs the workload on a disk that fails as `arrange` says. True when the workload came to its
/// end.
template <class Arrange>
bool run_with_fault(FaultyDisk& disk, const FaultyVfs& vfs, int& acknowledged, Arrange arrange) {
    arrange(disk);
    try {
        run_workload(vfs, acknowledged);
        return true;
    } catch (const StorageFailure&) {
        return false;
    }
}

TEST_CASE(
    "whatever the operation at which power is lost, what was committed is there and nothing half",
    "[faulty_disk]") {
    const std::optional<std::uint64_t> torn =
        GENERATE(as<std::optional<std::uint64_t>>(), std::nullopt, 1, 2, 3);
    std::uint64_t operation = 0;
    bool completed = false;
    while (!completed) {
        ++operation;
        FaultyDisk disk;
        const FaultyVfs vfs(disk);
        int acknowledged = 0;
        const auto seed = torn ? std::optional(*torn * 1000 + operation) : std::nullopt;
        completed = run_with_fault(
            disk, vfs, acknowledged, [&](FaultyDisk& on) { on.lose_power_at(operation, seed); });
        if (completed) break;
        disk.restart();
        const int found = transactions_found(vfs);
        CAPTURE(operation, acknowledged, found);
        // The one under way when power was lost may be there too: it was written, only the reply
        // got lost.
        REQUIRE((found == acknowledged || found == acknowledged + 1));
    }
    CHECK(operation > 100);
}

TEST_CASE("the power loss test notices when syncs are left out", "[faulty_disk]") {
    int losses = 0;
    for (std::uint64_t operation = 60; operation < 160; ++operation) {
        FaultyDisk disk;
        const FaultyVfs vfs(disk);
        int acknowledged = 0;
        disk.ignore_syncs(true);
        run_with_fault(
            disk, vfs, acknowledged, [&](FaultyDisk& on) { on.lose_power_at(operation); });
        if (disk.has_power()) disk.lose_power();
        disk.restart();
        if (acknowledged > 0 && transactions_found(vfs) != acknowledged) ++losses;
    }
    CHECK(losses > 0);
}

TEST_CASE(
    "after a sync that failed, reopening finds everything that was acknowledged", "[faulty_disk]") {
    std::uint64_t sync = 0;
    bool completed = false;
    while (!completed) {
        ++sync;
        FaultyDisk disk;
        const FaultyVfs vfs(disk);
        int acknowledged = 0;
        completed =
            run_with_fault(disk, vfs, acknowledged, [&](FaultyDisk& on) { on.fail_sync_at(sync); });
        disk.lose_power();
        disk.restart();
        const int found = transactions_found(vfs);
        CAPTURE(sync, acknowledged, found);
        REQUIRE((found == acknowledged || found == acknowledged + 1));
    }
    CHECK(sync > 10);
}

TEST_CASE(
    "a full disk is reported as such, loses nothing, and work goes on when there is room",
    "[faulty_disk]") {
    int refusals = 0;
    for (std::uint64_t capacity = 2000; capacity < 60000; capacity += 1777) {
        FaultyDisk disk;
        const FaultyVfs vfs(disk);
        int acknowledged = 0;
        disk.set_capacity(capacity);
        try {
            run_workload(vfs, acknowledged);
        } catch (const StorageFailure& failure) {
            ++refusals;
            CHECK(failure.fault() == StorageFault::disk_full);
        }
        disk.set_capacity(UINT64_MAX);
        CAPTURE(capacity);
        REQUIRE(transactions_found(vfs) == acknowledged);
    }
    CHECK(refusals > 5);
}

TEST_CASE(
    "a full disk in the middle of a transaction leaves the connection usable", "[faulty_disk]") {
    FaultyDisk disk;
    const FaultyVfs vfs(disk);
    Database database(options_on(vfs));
    REQUIRE(engine::migrate(database, schema));
    database.exec("INSERT INTO t VALUES (1, x'01')");
    disk.set_capacity(
        disk.contents("laptop/log.db")->size() + disk.contents("laptop/log.db-wal")->size() + 100);
    CHECK_THROWS_AS(database.exec("INSERT INTO t VALUES (2, zeroblob(9000))"), StorageFailure);
    CHECK_FALSE(database.in_transaction());
    CHECK(Statement(database, "SELECT max(number) FROM t").query_integer() == 1);
    disk.set_capacity(UINT64_MAX);
    database.exec("INSERT INTO t VALUES (3, zeroblob(9000))");
    CHECK(Statement(database, "SELECT count(*) FROM t").query_integer() == 2);
}

TEST_CASE(
    "large sorts, indexes, temporary tables and savepoints open no temporary file",
    "[faulty_disk]") {
    FaultyDisk disk;
    const FaultyVfs vfs(disk);
    Database database(options_on(vfs));
    database.exec(
        "CREATE TABLE n (x, y TEXT);"
        "INSERT INTO n WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < "
        "20000)"
        " SELECT i * 7919 % 20011, 'secret name ' || i FROM c;"
        "CREATE INDEX by_y ON n (y DESC);"
        "CREATE TEMP TABLE copied AS SELECT * FROM n ORDER BY x;"
        "BEGIN; SAVEPOINT a; UPDATE n SET x = x + 1; ROLLBACK TO a; UPDATE OR FAIL n SET x = x + "
        "2; COMMIT;");
    CHECK(
        Statement(database, "SELECT count(*) FROM (SELECT DISTINCT y FROM n ORDER BY y)")
            .query_integer() == 20000);
    CHECK(vfs.temporary_files() == 0);
    CHECK(disk.paths() == std::vector<std::string>{"laptop/log.db", "laptop/log.db-wal"});
}

TEST_CASE("the simulated disk also keeps a second connection out", "[faulty_disk]") {
    FaultyDisk disk;
    const FaultyVfs vfs(disk);
    Database database(options_on(vfs));
    try {
        Database second(options_on(vfs));
        FAIL("two connections to one log");
    } catch (const StorageFailure& failure) {
        CHECK(failure.fault() == StorageFault::locked);
    }
}

TEST_CASE("rot in a database page is found", "[faulty_disk]") {
    FaultyDisk disk;
    const FaultyVfs vfs(disk);
    int acknowledged = 0;
    run_workload(vfs, acknowledged);
    // A header of a B-tree page: number of cells.
    for (std::size_t page = 1; page < 4; ++page) disk.rot("laptop/log.db", page * 1024 + 3, 0x40);
    CHECK(transactions_found(vfs) == -1);
}

}  // namespace
}  // namespace vereda::sim
