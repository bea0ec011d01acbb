#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "engine/storage/migrations.h"
#include "engine/storage/statement.h"
#include "engine/storage/transaction.h"
#include "protocol/ids.h"
#include "tests/unit/engine/storage/temporary_directory.h"

namespace vereda::engine {
namespace {

Database in_memory() { return Database(DatabaseOptions{.path = {}, .in_memory = true}); }

template <class Action>
std::optional<StorageFault> fault_of(Action action) {
    try {
        action();
    } catch (const StorageFailure& failure) {
        return failure.fault();
    }
    return std::nullopt;
}

std::string text_of(Database& database, const std::string& sql) {
    Statement statement(database, sql);
    Rows rows = statement.query();
    REQUIRE(rows.next());
    return std::string(rows.text(0));
}

TEST_CASE("a file database commits durably, exclusively and without temporary files", "[storage]") {
    const tests::TemporaryDirectory directory;
    Database database(DatabaseOptions{.path = directory / "log.db"});
    CHECK(text_of(database, "PRAGMA journal_mode") == "wal");
    CHECK(text_of(database, "PRAGMA synchronous") == "2");
    CHECK(text_of(database, "PRAGMA locking_mode") == "exclusive");
    CHECK(text_of(database, "PRAGMA temp_store") == "2");
    CHECK(text_of(database, "PRAGMA secure_delete") == "1");
    CHECK(text_of(database, "PRAGMA foreign_keys") == "1");
    CHECK(text_of(database, "PRAGMA page_size") == "8192");
    CHECK_FALSE(std::filesystem::exists(directory / "log.db-shm"));
    CHECK(database.is_sound());
}

TEST_CASE("a database that is opened again has no shared-memory file either", "[storage]") {
    const tests::TemporaryDirectory directory;
    { Database(DatabaseOptions{.path = directory / "log.db"}).exec("CREATE TABLE t (x)"); }
    Database database(DatabaseOptions{.path = directory / "log.db"});
    CHECK(text_of(database, "PRAGMA journal_mode") == "wal");
    CHECK(Statement(database, "SELECT count(*) FROM t").query_integer() == 0);
    CHECK_FALSE(std::filesystem::exists(directory / "log.db-shm"));
}

TEST_CASE("database files are readable by their owner only", "[storage]") {
    const tests::TemporaryDirectory directory;
    const mode_t before = ::umask(0);
    Database database(DatabaseOptions{.path = directory / "log.db"});
    database.exec("CREATE TABLE t (x)");
    ::umask(before);
    for (const char* name : {"log.db", "log.db-wal"}) {
        struct stat status {};
        REQUIRE(::stat((directory / name).c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
    }
}

TEST_CASE("a database that must exist is not made", "[storage]") {
    const tests::TemporaryDirectory directory;
    const DatabaseOptions options{
        .path = directory / "log.db", .mode = DatabaseOptions::Mode::must_exist};
    CHECK(fault_of([&] { Database database(options); }) == StorageFault::cannot_open);
    CHECK_FALSE(std::filesystem::exists(directory / "log.db"));
}

TEST_CASE("with checkpoints when asked, no commit waits for the log to be copied", "[storage]") {
    const tests::TemporaryDirectory directory;
    Database database(DatabaseOptions{
        .path = directory / "log.db", .checkpoints = DatabaseOptions::Checkpoints::when_asked});
    const auto size = [&] { return std::filesystem::file_size(directory / "log.db"); };
    database.exec("CREATE TABLE t (x)");
    database.checkpoint_if_due();
    const auto empty = size();
    for (int i = 0; i < 1200; ++i) database.exec("INSERT INTO t VALUES (zeroblob(8000))");
    CHECK(size() == empty);
    database.checkpoint_if_due();
    const auto copied = size();
    CHECK(copied > 1200 * 8000);
    database.exec("INSERT INTO t VALUES (zeroblob(8000))");
    database.checkpoint_if_due();
    CHECK(size() == copied);
}

TEST_CASE("a second connection to a database is told that it is locked", "[storage]") {
    const tests::TemporaryDirectory directory;
    const DatabaseOptions options{.path = directory / "log.db"};
    Database first(options);
    CHECK(fault_of([&] { Database second(options); }) == StorageFault::locked);
    first.exec("CREATE TABLE t (x)");
    CHECK(fault_of([&] { Database second(options); }) == StorageFault::locked);
}

TEST_CASE("a file that is no database is reported as corrupt and left alone", "[storage]") {
    const tests::TemporaryDirectory directory;
    const std::string path = directory / "log.db";
    { std::unique_ptr<FILE, int (*)(FILE*)>(std::fopen(path.c_str(), "w"), &std::fclose); }
    std::filesystem::resize_file(path, 20000);
    CHECK(fault_of([&] {
              Database database(DatabaseOptions{.path = path});
          }) == StorageFault::corrupt);
    CHECK(std::filesystem::file_size(path) == 20000);
}

TEST_CASE("ATTACH and extensions are not available", "[storage]") {
    Database database = in_memory();
    CHECK(
        fault_of([&] { database.exec("ATTACH ':memory:' AS other"); }) == StorageFault::statement);
    CHECK(
        fault_of([&] { database.exec("SELECT load_extension('x')"); }) == StorageFault::statement);
}

TEST_CASE("a checkpoint empties the write-ahead log and keeps what was committed", "[storage]") {
    const tests::TemporaryDirectory directory;
    Database database(DatabaseOptions{.path = directory / "log.db"});
    database.exec("CREATE TABLE t (x); INSERT INTO t VALUES (7)");
    CHECK(std::filesystem::file_size(directory / "log.db-wal") > 0);
    database.checkpoint();
    CHECK(std::filesystem::file_size(directory / "log.db-wal") == 0);
    CHECK(text_of(database, "SELECT x FROM t") == "7");
}

TEST_CASE("every kind of parameter comes back as it went in", "[storage]") {
    Database database = in_memory();
    database.exec("CREATE TABLE t (a, b, c, d, e, f, g)");
    const protocol::TurfId turf{.bytes = {1, 2, 3}};
    const Bytes blob{0, 255, 0};
    Statement insert(database, "INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    insert.run(
        std::int64_t{-5}, "Ñandú", blob, turf, nullptr, protocol::Seq{9}, std::optional<int>());

    Statement select(database, "SELECT * FROM t");
    Rows rows = select.query();
    REQUIRE(rows.next());
    CHECK(rows.integer(0) == -5);
    CHECK(rows.text(1) == "Ñandú");
    CHECK(std::ranges::equal(rows.blob(2), blob));
    CHECK(rows.id<protocol::TurfId>(3) == turf);
    CHECK(rows.is_null(4));
    CHECK(rows.integer(5) == 9);
    CHECK(rows.is_null(6));
    CHECK_FALSE(rows.next());
}

TEST_CASE("empty text and empty bytes are not null", "[storage]") {
    Database database = in_memory();
    Statement select(database, "SELECT typeof(?1), typeof(?2)");
    Rows rows = select.query(std::string_view(), ByteView());
    REQUIRE(rows.next());
    CHECK(rows.text(0) == "text");
    CHECK(rows.text(1) == "blob");
}

TEST_CASE("an id of a wrong size in the database is damage, not a value", "[storage]") {
    Database database = in_memory();
    Statement select(database, "SELECT x'0102'");
    Rows rows = select.query();
    REQUIRE(rows.next());
    CHECK(fault_of([&] { (void)rows.id<protocol::TurfId>(0); }) == StorageFault::corrupt);
}

TEST_CASE("a query may be given temporaries", "[storage]") {
    Database database = in_memory();
    Statement select(database, "SELECT ?1 FROM (VALUES (1), (2))");
    std::string joined;
    for (const Row& row : select.query(std::string(100, 'x'))) joined += row.text(0);
    CHECK(joined == std::string(200, 'x'));
}

TEST_CASE("leaving a query half way resets its statement", "[storage]") {
    Database database = in_memory();
    database.exec("CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)");
    Statement select(database, "SELECT x FROM t ORDER BY x");
    for (const Row& row : select.query()) {
        if (row.integer(0) == 2) break;
    }
    CHECK(select.query_integer() == 1);
    database.exec("DROP TABLE t");  // refused while a read is under way
}

TEST_CASE("query_integer tells no row and null from a number", "[storage]") {
    Database database = in_memory();
    CHECK(Statement(database, "SELECT 1 WHERE 0").query_integer() == std::nullopt);
    CHECK(
        Statement(database, "SELECT max(x) FROM (SELECT 1 AS x WHERE 0)").query_integer() ==
        std::nullopt);
    CHECK(Statement(database, "SELECT 0").query_integer() == 0);
}

TEST_CASE("a statement that broke a constraint can be run again", "[storage]") {
    Database database = in_memory();
    database.exec("CREATE TABLE t (x UNIQUE)");
    Statement insert(database, "INSERT INTO t VALUES (?1)");
    insert.run(1);
    CHECK(fault_of([&] { insert.run(1); }) == StorageFault::constraint);
    insert.run(2);
    CHECK(Statement(database, "SELECT count(*) FROM t").query_integer() == 2);
}

TEST_CASE("a transaction left without commit is undone, also by an exception", "[storage]") {
    Database database = in_memory();
    database.exec("CREATE TABLE t (x UNIQUE)");
    CHECK(fault_of([&] {
              Transaction transaction(database);
              database.exec("INSERT INTO t VALUES (1)");
              database.exec("INSERT INTO t VALUES (1)");
          }) == StorageFault::constraint);
    CHECK_FALSE(database.in_transaction());
    CHECK(Statement(database, "SELECT count(*) FROM t").query_integer() == 0);

    Transaction transaction(database);
    database.exec("INSERT INTO t VALUES (1)");
    transaction.commit();
    CHECK(Statement(database, "SELECT count(*) FROM t").query_integer() == 1);
}

constexpr const char* first_schema[] = {"CREATE TABLE a (x)"};
constexpr const char* second_schema[] = {
    "CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO b SELECT x FROM a"};
constexpr const char* broken_schema[] = {
    "CREATE TABLE a (x)", "CREATE TABLE b (x)", "no such statement"};

TEST_CASE("migrate takes only the steps that are missing", "[storage]") {
    Database database = in_memory();
    REQUIRE(migrate(database, first_schema));
    database.exec("INSERT INTO a VALUES (3)");
    REQUIRE(migrate(database, second_schema));
    REQUIRE(migrate(database, second_schema));
    CHECK(database.user_version() == 2);
    CHECK(Statement(database, "SELECT x FROM b").query_integer() == 3);
}

TEST_CASE("migrate refuses a database made by a later version", "[storage]") {
    Database database = in_memory();
    REQUIRE(migrate(database, second_schema));
    const auto refused = migrate(database, first_schema);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == MigrationError::newer_database);
    CHECK(database.user_version() == 2);
}

TEST_CASE("a migration that fails leaves the old schema", "[storage]") {
    Database database = in_memory();
    REQUIRE(migrate(database, first_schema));
    CHECK(fault_of([&] { (void)migrate(database, broken_schema); }) == StorageFault::statement);
    CHECK(database.user_version() == 1);
    CHECK(Statement(database, "SELECT count(*) FROM sqlite_schema").query_integer() == 1);
}

TEST_CASE(
    "a version whose own schema is there keeps it for a step that changes none", "[storage]") {
    constexpr const char* filling[] = {"CREATE TABLE a (x)", "INSERT INTO a VALUES (5)"};
    Database database = in_memory();
    REQUIRE(migrate(database, first_schema));
    mend_schema_version(database, filling);
    CHECK(database.user_version() == 1);
    REQUIRE(migrate(database, filling));
    CHECK(Statement(database, "SELECT x FROM a").query_integer() == 5);
    database.set_user_version(GENERATE(0, 3));
    mend_schema_version(database, filling);
    CHECK(database.user_version() == 2);
}

TEST_CASE("a new database has no version to mend", "[storage]") {
    Database database = in_memory();
    mend_schema_version(database, first_schema);
    CHECK(database.user_version() == 0);
}

}  // namespace
}  // namespace vereda::engine
