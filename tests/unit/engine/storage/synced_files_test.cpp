#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "engine/storage/system_files.h"
#include "tests/unit/engine/storage/temporary_directory.h"

/// Whether the real disk is told to keep what was written: nothing else shows it but a power cut.
namespace {

/// What was synced, as it stood then.
struct Synced {
    bool is_directory = false;
    bool has_new_content = false;  ///< The watched file already had what was being written.
};

std::string watched;
std::vector<Synced> synced;

void note_sync(int file) {
    struct stat status {
    }, there{};
    if (watched.empty() || ::fstat(file, &status) != 0) return;
    const bool is_there = ::stat(watched.c_str(), &there) == 0;
    synced.push_back({S_ISDIR(status.st_mode), is_there && there.st_size == 3});
}

}  // namespace

// In the place of the system's own, for this whole program: it does the same, and is seen to.
extern "C" int fsync(int file) {
    note_sync(file);
    return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace vereda::engine {

TEST_CASE("a file is synced before it takes its name, and its directory after", "[storage]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / "a", as_bytes("before"));
    watched = directory / "a";
    synced.clear();
    files.write(watched, as_bytes("new"));
    watched.clear();
    REQUIRE(synced.size() == 2);
    CHECK_FALSE(synced[0].is_directory);
    CHECK_FALSE(synced[0].has_new_content);
    CHECK(synced[1].is_directory);
    CHECK(synced[1].has_new_content);
}

}  // namespace vereda::engine
