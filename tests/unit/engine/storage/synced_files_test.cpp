#include <catch2/catch.hpp>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "engine/storage/system_files.h"
#include "tests/unit/engine/storage/temporary_directory.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

std::vector<std::string>* heard = nullptr;

void hear(const std::string& what) {
    if (heard != nullptr) heard->push_back(what);
}

/// While it lives, what this process asks of the disk is written down.
class Listening {
  public:
    explicit Listening(std::vector<std::string>& list) { heard = &list; }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening() { heard = nullptr; }
};

}  // namespace

// In place of the C library's, in this program: they do the same and can be heard.
extern "C" int fsync(int file) {
    struct stat status {};
    if (::fstat(file, &status) == 0)
        hear(S_ISDIR(status.st_mode) ? "sync of the directory" : "sync of the file");
    return static_cast<int>(::syscall(SYS_fsync, file));
}

extern "C" int rename(const char* from, const char* to) noexcept {
    hear("rename");
    return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0U));
}

TEST_CASE("a file is synced, then renamed, then its directory is synced", "[storage]") {
    TemporaryDirectory directory;
    SystemFiles files;
    std::vector<std::string> calls;
    {
        const Listening listening(calls);
        files.write(directory / "guard", Bytes{1, 2, 3});
    }
    CHECK(calls == std::vector<std::string>{"sync of the file", "rename", "sync of the directory"});
}

TEST_CASE("a removed file is gone once its directory is synced", "[storage]") {
    TemporaryDirectory directory;
    SystemFiles files;
    files.write(directory / "snapshot", Bytes{1});
    std::vector<std::string> calls;
    {
        const Listening listening(calls);
        CHECK(files.remove(directory / "snapshot"));
    }
    CHECK(calls == std::vector<std::string>{"sync of the directory"});
}
