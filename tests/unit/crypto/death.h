#pragma once

#include <csignal>
#include <cstdio>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace vereda::crypto::test {

/// How a child process ended: the signal that killed it (0 for none), and what it said on standard
/// error.
struct Death {
    int by_signal = 0;
    std::string last_words;
};

/// Runs `act` in a child process that the test survives.
template <class Act>
Death death_of(Act act) {
    int ends[2];
    if (pipe(ends) != 0) return {};
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        // Catch and the sanitizers would report these signals as failures of the test itself.
        for (const int expected : {SIGABRT, SIGSEGV, SIGBUS}) std::signal(expected, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(ends[1]);
    Death death;
    char buffer[256];
    for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
        death.last_words.append(buffer, static_cast<std::size_t>(got));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) death.by_signal = WTERMSIG(status);
    return death;
}

}  // namespace vereda::crypto::test
