#include "tests/sim/faulty_disk.h"

#include <catch2/catch.hpp>

#include "tests/sim/faulty_files.h"

namespace vereda::sim {
namespace {

using engine::StorageFailure;
using engine::StorageFault;

Bytes bytes(std::string_view text) { return Bytes(text.begin(), text.end()); }

template <class Action>
std::optional<StorageFault> fault_of(Action action) {
    try {
        action();
    } catch (const StorageFailure& failure) {
        return failure.fault();
    }
    return std::nullopt;
}

TEST_CASE("power loss takes what was not synced and leaves what was", "[faulty_disk]") {
    FaultyDisk disk;
    const auto file = disk.open("d/a", true);
    REQUIRE(disk.write(*file, 0, as_bytes("first")) == DiskResult::ok);
    REQUIRE(disk.sync(*file) == DiskResult::ok);
    REQUIRE(disk.sync_directory("d") == DiskResult::ok);
    REQUIRE(disk.write(*file, 5, as_bytes(" second")) == DiskResult::ok);
    CHECK(disk.contents("d/a") == bytes("first second"));
    disk.lose_power();
    disk.restart();
    CHECK(disk.contents("d/a") == bytes("first"));
}

TEST_CASE("a name is lost unless its directory was synced", "[faulty_disk]") {
    FaultyDisk disk;
    const auto file = disk.open("d/a", true);
    REQUIRE(disk.write(*file, 0, as_bytes("x")) == DiskResult::ok);
    REQUIRE(disk.sync(*file) == DiskResult::ok);
    REQUIRE(disk.sync_directory("other") == DiskResult::ok);
    disk.lose_power();
    disk.restart();
    CHECK_FALSE(disk.exists("d/a"));
}

TEST_CASE("a rename is undone by power loss until its directory is synced", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    files.write("d/a", as_bytes("old"));
    files.write("d/b", as_bytes("new"));
    REQUIRE(disk.rename("d/b", "d/a") == DiskResult::ok);
    CHECK(disk.contents("d/a") == bytes("new"));
    disk.lose_power();
    disk.restart();
    CHECK(disk.contents("d/a") == bytes("old"));
    CHECK(disk.contents("d/b") == bytes("new"));
}

TEST_CASE("a torn power loss keeps some sectors whole and not others", "[faulty_disk]") {
    bool some_kept = false;
    bool some_lost = false;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        FaultyDisk disk;
        FaultyFiles files(disk);
        files.write("d/a", Bytes(4096, 'o'));
        const auto file = disk.open("d/a", false);
        REQUIRE(disk.write(*file, 0, Bytes(4096, 'n')) == DiskResult::ok);
        disk.lose_power_torn(seed);
        disk.restart();
        const Bytes left = disk.contents("d/a").value();
        REQUIRE(left.size() == 4096);
        some_kept |= std::ranges::count(left, 'n') >= 512;
        some_lost |= std::ranges::count(left, 'o') >= 512;
    }
    CHECK(some_kept);
    CHECK(some_lost);
}

TEST_CASE("without power everything fails, and what was open before stays dead", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    const auto writer = files.create("d/a");
    disk.lose_power();
    CHECK(fault_of([&] { files.write("d/b", as_bytes("x")); }) == StorageFault::io);
    CHECK(fault_of([&] { (void)files.read("d/a", 9); }) == StorageFault::io);
    CHECK(fault_of([&] { (void)files.exists("d/a"); }) == StorageFault::io);
    disk.restart();
    CHECK(fault_of([&] { writer->write(as_bytes("x")); }) == StorageFault::io);
    CHECK(fault_of([&] { writer->commit(); }) == StorageFault::io);
    CHECK(disk.paths().empty());
}

TEST_CASE("power fails during the operation that was asked for", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    files.write("d/a", as_bytes("old"));
    const std::uint64_t before = disk.operations();
    files.write("d/a", as_bytes("new"));
    const std::uint64_t operations = disk.operations() - before;
    disk.lose_power_at(operations);  // the directory's sync
    CHECK(fault_of([&] { files.write("d/a", as_bytes("newer")); }) == StorageFault::io);
    CHECK_FALSE(disk.has_power());
    disk.restart();
    CHECK(disk.contents("d/a") == bytes("new"));
}

TEST_CASE("a write that does not fit is cut off and reported as a full disk", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    files.write("d/a", as_bytes("12345"));
    disk.set_capacity(8);
    CHECK(fault_of([&] { files.write("d/b", as_bytes("6789")); }) == StorageFault::disk_full);
    CHECK(disk.paths() == std::vector<std::string>{"d/a"});
    CHECK(fault_of([&] { files.write("d/b", as_bytes("678")); }) == std::nullopt);
}

TEST_CASE("what a failed sync should have written never arrives", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    files.write("d/a", as_bytes("old"));
    const auto file = disk.open("d/a", false);
    REQUIRE(disk.write(*file, 0, as_bytes("new")) == DiskResult::ok);
    disk.fail_sync_at(1);
    CHECK(disk.sync(*file) == DiskResult::io_error);
    CHECK(disk.sync(*file) == DiskResult::ok);
    disk.lose_power();
    disk.restart();
    CHECK(disk.contents("d/a") == bytes("old"));
}

TEST_CASE("rot changes one byte for good", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    files.write("d/a", as_bytes("abc"));
    disk.rot("d/a", 1, 1);
    CHECK(disk.contents("d/a") == bytes("acc"));
    disk.lose_power();
    disk.restart();
    CHECK(disk.contents("d/a") == bytes("acc"));
}

TEST_CASE("a watched canary is seen in files that are gone", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    disk.watch_for(as_bytes("Amparo"));
    files.write("d/a", as_bytes("Amaro"));
    CHECK(disk.canary_sightings() == 0);
    files.write("d/b", as_bytes("for Amparo:"));
    files.remove("d/b");
    CHECK(disk.canary_sightings() == 1);
    const Bytes all = disk.all_bytes();
    CHECK(std::ranges::search(all, as_bytes("Amaro")).size() == 5);
    CHECK(std::ranges::search(all, as_bytes("Amparo")).empty());
}

TEST_CASE("a lock keeps others out until it is let go or power is lost", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    auto held = files.lock("d/lock");
    REQUIRE(held);
    CHECK(files.lock("d/lock").error() == engine::LockFileError::held_elsewhere);
    held->reset();
    held = files.lock("d/lock");
    REQUIRE(held);
    disk.lose_power();
    disk.restart();
    CHECK(files.lock("d/lock").has_value());
}

TEST_CASE("an identity stays with a file that is renamed and not with its copy", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    files.write("d/a", as_bytes("x"));
    const auto identity = files.identity("d/a").value();
    REQUIRE(disk.rename("d/a", "d/b") == DiskResult::ok);
    CHECK(files.identity("d/b").value() == identity);
    disk.copy("d/b", "d/a");
    CHECK(files.identity("d/a").value() != identity);
}

}  // namespace
}  // namespace vereda::sim
