#include "engine/storage/system_files.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "tests/unit/engine/storage/temporary_directory.h"

namespace vereda::engine {
namespace {

Bytes bytes(std::string_view text) { return Bytes(text.begin(), text.end()); }

TEST_CASE("what was written is read back, and replaced as a whole", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / "a", as_bytes("first, and longer"));
    files.write(directory / "a", as_bytes("second"));
    CHECK(files.read(directory / "a", 100).value() == bytes("second"));
    CHECK(files.list(directory.path()) == std::vector<std::string>{"a"});
}

TEST_CASE("a file larger than allowed is not read", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / "a", as_bytes("12345"));
    CHECK(files.read(directory / "a", 5).has_value());
    CHECK(files.read(directory / "a", 4).error() == ReadFileError::too_large);
    CHECK(files.read(directory / "b", 4).error() == ReadFileError::missing);
}

TEST_CASE("a file that may not be looked at is not taken for missing", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / "a", as_bytes("x"));
    CHECK_THROWS_AS(files.read(directory / "a/below", 10), StorageFailure);
    CHECK_THROWS_AS(files.exists(directory / "a/below"), StorageFailure);
    CHECK_THROWS_AS(files.read(directory.path(), 100000), StorageFailure);
}

TEST_CASE("a writer that goes without commit leaves the old file and no trace", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / "a", as_bytes("old"));
    { files.create(directory / "a")->write(as_bytes("new")); }
    CHECK(files.read(directory / "a", 10).value() == bytes("old"));
    CHECK(files.list(directory.path()) == std::vector<std::string>{"a"});
}

TEST_CASE("an unfinished file left by a crash does not hinder the next writer", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / ("a" + std::string(unfinished_suffix)), as_bytes("half"));
    files.write(directory / "a", as_bytes("whole"));
    CHECK(files.read(directory / "a", 10).value() == bytes("whole"));
    CHECK(files.list(directory.path()) == std::vector<std::string>{"a"});
}

TEST_CASE("files and directories are for their owner only", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    const mode_t before = ::umask(0);
    files.create_directory(directory / "x/y");
    files.create_directory(directory / "x/y");
    files.write(directory / "x/y/a", as_bytes("x"));
    const auto lock = files.lock(directory / "x/y/lock");
    ::umask(before);
    struct stat status {};
    REQUIRE(::stat((directory / "x/y").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    REQUIRE(::stat((directory / "x/y/a").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(::stat((directory / "x/y/lock").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE(
    "a file's identity is known before it is committed, survives a move and not a copy",
    "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    const auto writer = files.create(directory / "a");
    const FileIdentity announced = writer->identity();
    writer->write(as_bytes("x"));
    writer->commit();
    CHECK(files.identity(directory / "a").value() == announced);

    std::filesystem::rename(directory / "a", directory / "moved");
    CHECK(files.identity(directory / "moved").value() == announced);
    std::filesystem::copy_file(directory / "moved", directory / "a");
    CHECK(files.identity(directory / "a").value() != announced);
    CHECK(files.identity(directory / "none").error() == ReadFileError::missing);
}

TEST_CASE("a locked file cannot be locked again until it is let go", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    auto first = files.lock(directory / "lock");
    REQUIRE(first);
    CHECK(files.lock(directory / "lock").error() == LockFileError::held_elsewhere);
    first->reset();
    CHECK(files.lock(directory / "lock").has_value());
}

TEST_CASE("a reader goes through a file piece by piece to its end", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / "a", as_bytes("abcdefg"));
    const auto reader = files.open(directory / "a");
    REQUIRE(reader != nullptr);
    CHECK(reader->size() == 7);
    ByteArray<4> piece{};
    CHECK(reader->read(piece) == 4);
    CHECK(as_text(piece) == "abcd");
    CHECK(reader->read(piece) == 3);
    CHECK(reader->read(piece) == 0);
    CHECK(files.open(directory / "b") == nullptr);
}

TEST_CASE("removing says whether there was anything", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / "a", as_bytes("x"));
    CHECK(files.remove(directory / "a"));
    CHECK_FALSE(files.remove(directory / "a"));
    CHECK_FALSE(files.exists(directory / "a"));
}

}  // namespace
}  // namespace vereda::engine
