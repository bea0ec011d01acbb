#include "engine/storage/memory_image.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <new>

#include "engine/storage/statement.h"
#include "engine/storage/transaction.h"

namespace vereda::engine {
namespace {

ImageBuffer buffer_of(ByteView bytes) {
    ImageBuffer buffer(bytes.size());
    std::ranges::copy(bytes, buffer.writable().begin());
    return buffer;
}

void fill(Database& database, int rows) {
    Transaction transaction(database);
    Statement insert(database, "INSERT INTO t VALUES (?1, ?2)");
    for (int row = 0; row < rows; ++row) insert.run(row, std::string(200, 'n'));
    transaction.commit();
}

TEST_CASE("an image loaded from a view holds the same rows and goes on growing", "[storage]") {
    MemoryImage image(MemoryImage::Journal::off);
    image.database().exec("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)");
    fill(image.database(), 5000);

    MemoryImage loaded(MemoryImage::Journal::off, buffer_of(image.view()));
    CHECK(Statement(loaded.database(), "SELECT count(*) FROM t").query_integer() == 5000);
    loaded.database().exec("INSERT INTO t SELECT id + 5000, note FROM t");
    CHECK(Statement(loaded.database(), "SELECT count(*) FROM t").query_integer() == 10000);
    CHECK(loaded.database().is_sound());
    CHECK(Statement(image.database(), "SELECT count(*) FROM t").query_integer() == 5000);
}

TEST_CASE("a view borrows the image itself and copies nothing", "[storage]") {
    MemoryImage image(MemoryImage::Journal::off);
    image.database().exec("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)");
    fill(image.database(), 100);
    const ByteView first = image.view();
    CHECK(first.size() % 4096 == 0);
    CHECK(image.view().data() == first.data());
}

TEST_CASE("full-text search works in an image", "[storage]") {
    MemoryImage image(MemoryImage::Journal::off);
    image.database().exec(
        "CREATE VIRTUAL TABLE f USING fts5(name); INSERT INTO f VALUES ('ana maria'), ('juan')");
    MemoryImage loaded(MemoryImage::Journal::memory, buffer_of(image.view()));
    CHECK(
        Statement(loaded.database(), "SELECT rowid FROM f WHERE f MATCH ?1")
            .query_integer("juan") == 2);
}

TEST_CASE("an image with a journal in memory rolls back", "[storage]") {
    MemoryImage image(MemoryImage::Journal::memory);
    image.database().exec("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)");
    {
        Transaction transaction(image.database());
        image.database().exec("INSERT INTO t VALUES (1, 'x')");
    }
    CHECK(Statement(image.database(), "SELECT count(*) FROM t").query_integer() == 0);
}

TEST_CASE("a buffer larger than SQLite can hold is refused before it is allocated", "[storage]") {
    CHECK_THROWS_AS(ImageBuffer(MemoryImage::size_max + 1), std::bad_alloc);
}

TEST_CASE("bytes that are no database are refused as an image", "[storage]") {
    const Bytes noise(8192, 0x5a);
    try {
        MemoryImage image(MemoryImage::Journal::off, buffer_of(noise));
        FAIL("opened noise");
    } catch (const StorageFailure& failure) {
        CHECK(failure.fault() == StorageFault::corrupt);
    }
}

TEST_CASE("an empty image can be viewed and loaded", "[storage]") {
    MemoryImage image(MemoryImage::Journal::off);
    MemoryImage loaded(MemoryImage::Journal::off, buffer_of(image.view()));
    loaded.database().exec("CREATE TABLE t (x)");
    CHECK(loaded.view().size() == 8192);
}

}  // namespace
}  // namespace vereda::engine
