#include "engine/storage/salvage.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "engine/storage/migrations.h"
#include "engine/storage/statement.h"

using namespace vereda;
using namespace vereda::engine;

namespace {

constexpr int page_size = 1024;
constexpr int rows = 500;
constexpr std::array<const char*, 2> steps{
    "CREATE TABLE visits(id INTEGER PRIMARY KEY, note TEXT NOT NULL);"
    "CREATE INDEX visits_by_note ON visits(note);",
    "CREATE TABLE places(name TEXT PRIMARY KEY, turf INTEGER) WITHOUT ROWID;"};

/// A database of two tables, of the schema that the first `versions` steps end in.
Bytes database_of(std::size_t versions) {
    MemoryImage image(MemoryImage::Journal::memory, page_size);
    Database& database = image.database();
    REQUIRE(migrate(database, std::span(steps).first(versions)));
    Statement visit(database, "INSERT INTO visits VALUES (?1, 'visit ' || ?1)");
    for (int id = 1; id <= rows; ++id) visit.run(id);
    if (versions == 2) {
        Statement place(database, "INSERT INTO places VALUES ('place ' || ?1, ?1)");
        for (int turf = 1; turf <= rows; ++turf) place.run(turf);
    }
    const ByteView bytes = image.view();
    return {bytes.begin(), bytes.end()};
}

std::int64_t count(Salvage& found, const std::string& table) {
    return *Statement(found.image->database(), "SELECT count(*) FROM " + table).query_integer();
}

std::size_t place_of(const Bytes& bytes, std::string_view text) {
    const auto found = std::search(bytes.begin(), bytes.end(), text.begin(), text.end());
    REQUIRE(found != bytes.end());
    return static_cast<std::size_t>(found - bytes.begin());
}

}  // namespace

TEST_CASE("a torn page costs its own rows and no others, and its table is named", "[storage]") {
    Bytes damaged = database_of(2);
    // The page of this row, and there what kind of page it is.
    damaged[place_of(damaged, "visit 250") / page_size * page_size] ^= 0x40;
    auto found = salvage(damaged, steps, page_size);
    REQUIRE(found);
    const std::int64_t left = count(*found, "visits");
    // The note lies in the index, too; whichever page was torn, others are whole.
    CHECK(left >= rows - page_size / 10);
    CHECK(count(*found, "places") == rows);
    CHECK(
        found->torn ==
        (left == rows ? std::vector<std::string>{} : std::vector<std::string>{"visits"}));
    CHECK(found->image->database().is_sound());
}

TEST_CASE("a torn table that had no row lacks none, and is not named", "[storage]") {
    MemoryImage image(MemoryImage::Journal::memory, page_size);
    Database& database = image.database();
    database.exec("PRAGMA secure_delete=ON");
    REQUIRE(migrate(database, std::span(steps)));
    const int had = GENERATE(0, 1, 5);  // before
    for (int turf = 1; turf <= had; ++turf)
        Statement(database, "INSERT INTO visits VALUES (?1, 'visit')").run(turf);
    const bool is_empty = GENERATE(true, false);
    if (is_empty) database.exec("DELETE FROM visits");
    const auto root =
        *Statement(database, "SELECT rootpage FROM sqlite_schema WHERE name = 'visits'")
             .query_integer();
    const ByteView view = image.view();
    Bytes damaged{view.begin(), view.end()};
    const std::size_t wrong = GENERATE(0U, 3U, 4U, 5U, 7U);  // of the page's header
    damaged[static_cast<std::size_t>(root - 1) * page_size + wrong] ^= 0x40;
    auto found = salvage(damaged, steps, page_size);
    REQUIRE(found);
    if (is_empty || had == 0) CHECK(found->torn.empty());
    if (!is_empty && had != 0) CHECK((!found->torn.empty() || count(*found, "visits") == had));
}

TEST_CASE("a rotten row of the schema is put right", "[storage]") {
    Bytes damaged = database_of(2);
    damaged[place_of(damaged, "CREATE TABLE visits")] ^= 0x20;
    auto found = salvage(damaged, steps, page_size);
    REQUIRE(found);
    CHECK(found->torn.empty());
    CHECK(count(*found, "visits") == rows);
}

TEST_CASE("of two rotten rows of the schema nothing says which is which", "[storage]") {
    Bytes damaged = database_of(2);
    for (const char* table : {"CREATE TABLE visits", "CREATE TABLE places"})
        damaged[place_of(damaged, table)] ^= 0x20;
    CHECK_FALSE(salvage(damaged, steps, page_size));
}

TEST_CASE("a rotten header is put right where it says the same in every database", "[storage]") {
    const std::size_t byte = GENERATE(0U, 16U, 18U, 21U, 47U, 59U);
    Bytes damaged = database_of(2);
    damaged[byte] ^= 0x08;
    auto found = salvage(damaged, steps, page_size);
    REQUIRE(found);
    CHECK(count(*found, "visits") == rows);
    CHECK(count(*found, "places") == rows);
}

TEST_CASE("a database of an earlier version is salvaged as what it is", "[storage]") {
    Bytes damaged = database_of(1);
    damaged[place_of(damaged, "CREATE TABLE visits")] ^= 0x20;
    auto found = salvage(damaged, steps, page_size);
    REQUIRE(found);
    CHECK(found->image->database().user_version() == 1);
    CHECK(count(*found, "visits") == rows);
}

TEST_CASE("two tables on one page are left as they are", "[storage]") {
    MemoryImage image(MemoryImage::Journal::memory, page_size);
    REQUIRE(migrate(image.database(), std::span(steps)));
    image.database().exec(
        "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM "
        "sqlite_schema WHERE name = 'visits') WHERE name = 'places'");
    const ByteView bytes = image.view();
    CHECK_FALSE(salvage({bytes.begin(), bytes.end()}, steps, page_size));
}

TEST_CASE("what is no database at all is left as it is", "[storage]") {
    CHECK_FALSE(salvage({}, steps, page_size));
    CHECK_FALSE(salvage(Bytes(5000, 0x42), steps, page_size));
}

namespace {

// Thirty tables: their schema takes several pages.
const std::string& wide_schema() {
    static const std::string schema = [] {
        std::string sql;
        for (int table = 10; table < 40; ++table) {
            const std::string number = std::to_string(table);
            sql += "CREATE TABLE wide" + number + "(id INTEGER PRIMARY KEY, first_column_" +
                   number + " TEXT, second_column_" + number + " TEXT);\n";
        }
        return sql;
    }();
    return schema;
}

Bytes wide_database(std::span<const char* const> schema) {
    MemoryImage image(MemoryImage::Journal::memory, page_size);
    image.database().exec("PRAGMA secure_delete=ON");
    REQUIRE(migrate(image.database(), schema));
    image.database().exec("INSERT INTO wide39 VALUES (1, 'Ana', 'Ruiz')");
    const ByteView bytes = image.view();
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("one damaged page of a wide schema is put back, and of two none", "[storage]") {
    const std::array<const char*, 1> schema{wide_schema().c_str()};
    Bytes damaged = wide_database(schema);
    const auto spoil_page_of = [&damaged](std::string_view text) {
        damaged[place_of(damaged, text) / page_size * page_size] ^= 0x40;
    };
    spoil_page_of("second_column_11");
    const bool second_too = GENERATE(false, true);
    if (second_too) spoil_page_of("second_column_39");
    auto found = salvage(damaged, schema, page_size);
    CHECK(found.has_value() != second_too);
    if (found) CHECK(count(*found, "wide39") == 1);
}
