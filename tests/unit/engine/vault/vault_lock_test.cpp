#include "engine/vault/vault_lock.h"

#include <catch2/catch.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/storage/system_files.h"
#include "tests/unit/engine/storage/temporary_directory.h"

namespace vereda::engine {
namespace {

/// What another process is told when it tries the vault: 1 in use, 0 free.
int ask_from_another_process(const std::string& vault) {
    const pid_t child = ::fork();
    if (child == 0) {
        SystemFiles files;
        ::_exit(VaultLock::acquire(files, vault).has_value() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("a second process is told that the vault is in use", "[vault]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    {
        const auto lock = VaultLock::acquire(files, directory.path());
        REQUIRE(lock);
        CHECK(ask_from_another_process(directory.path()) == 1);
    }
    CHECK(ask_from_another_process(directory.path()) == 0);
}

TEST_CASE("a second opening in the same process is told so too", "[vault]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    const auto lock = VaultLock::acquire(files, directory.path());
    const auto refused = VaultLock::acquire(files, directory.path());
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == VaultLockError::in_use);
}

TEST_CASE("a process that is killed lets go of the vault", "[vault]") {
    const tests::TemporaryDirectory directory;
    SystemFiles files;
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto lock = VaultLock::acquire(files, directory.path());
        (void)!::write(ready[1], "x", 1);
        ::pause();
        ::_exit(lock.has_value() ? 0 : 1);
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    CHECK_FALSE(VaultLock::acquire(files, directory.path()).has_value());
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(VaultLock::acquire(files, directory.path()).has_value());
    ::close(ready[0]);
    ::close(ready[1]);
}

}  // namespace
}  // namespace vereda::engine
