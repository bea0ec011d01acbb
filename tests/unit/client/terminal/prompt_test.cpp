#include "client/terminal/prompt.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

using namespace vereda;
using namespace vereda::client;

namespace {

/// A terminal without a screen: what is written to `keys` is typed, what is shown is read from it.
struct FakeTerminal {
    int keys = posix_openpt(O_RDWR | O_NOCTTY);
    int terminal = -1;

    FakeTerminal() {
        REQUIRE(keys >= 0);
        REQUIRE(grantpt(keys) == 0);
        REQUIRE(unlockpt(keys) == 0);
        terminal = open(ptsname(keys), O_RDWR | O_NOCTTY);
        REQUIRE(terminal >= 0);
    }
    ~FakeTerminal() {
        close(terminal);
        close(keys);
    }
    FakeTerminal(const FakeTerminal&) = delete;
    FakeTerminal& operator=(const FakeTerminal&) = delete;

    [[nodiscard]] bool echoes() const {
        termios state{};
        tcgetattr(terminal, &state);
        return (state.c_lflag & ECHO) != 0;
    }
    /// Waits until the question has been asked, so that nothing typed is flushed away.
    void type_when_hidden(std::string_view text) const {
        while (echoes()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        REQUIRE(write(keys, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    [[nodiscard]] std::string shown() const {
        char buffer[4096];
        const ssize_t size = read(keys, buffer, sizeof buffer);
        return {buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    }

    /// All that the screen showed until it held `text`, or until nothing came for five seconds.
    [[nodiscard]] std::string shown_until(std::string_view text) const {
        std::string all;
        pollfd more{keys, POLLIN, 0};
        while (all.find(text) == std::string::npos && poll(&more, 1, 5'000) > 0) all += shown();
        return all;
    }
};

auto asked(FakeTerminal& fake, std::string_view typed) {
    std::thread typing([&] { fake.type_when_hidden(typed); });
    auto answer = ask_secret_on(fake.terminal, "Passphrase: ");
    typing.join();
    return answer;
}

}  // namespace

TEST_CASE("a secret is read to the end of its line and not shown", "[prompt]") {
    FakeTerminal fake;
    const auto answer = asked(fake, "correct horse\nnext");
    REQUIRE(answer.has_value());
    CHECK(as_text(answer->view()) == "correct horse");
    const std::string shown = fake.shown_until("\n");
    CHECK(shown.starts_with("Passphrase: "));
    CHECK(shown.find("horse") == std::string::npos);
    CHECK(fake.echoes());
}

TEST_CASE("an empty line is an empty secret, the end of input none", "[prompt]") {
    FakeTerminal fake;
    const auto empty = asked(fake, "\n");
    REQUIRE(empty.has_value());
    CHECK(empty->size() == 0);
    CHECK(asked(fake, "\x04").error() == PromptError::ended);
    CHECK(fake.echoes());
}

TEST_CASE("a secret of 1,023 bytes is taken and one of 1,024 refused whole", "[prompt]") {
    FakeTerminal fake;
    const auto longest = asked(fake, std::string(1023, 'x') + "\n");
    REQUIRE(longest.has_value());
    CHECK(longest->size() == 1023);
    CHECK(asked(fake, std::string(1024, 'x') + "\n").error() == PromptError::too_long);
    CHECK(as_text(asked(fake, "next\n")->view()) == "next");
}

TEST_CASE("a file is no terminal", "[prompt]") {
    const int file = open("/dev/null", O_RDWR);
    CHECK(ask_secret_on(file, "Passphrase: ").error() == PromptError::no_terminal);
    close(file);
}

TEST_CASE("a signal ends the program with the terminal restored", "[prompt]") {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        FakeTerminal fake;
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            for (const int each : {SIGTERM, SIGINT, SIGHUP}) std::signal(each, SIG_DFL);
            const auto answer = ask_secret_on(fake.terminal, "Passphrase: ");
            _exit(answer.has_value() ? 0 : 1);
        }
        while (fake.echoes()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        kill(child, signal);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        CAPTURE(signal, status);
        CHECK(WIFSIGNALED(status));
        CHECK(WTERMSIG(status) == signal);
        CHECK(fake.echoes());
    }
}

TEST_CASE("after a stop the question is asked again", "[prompt]") {
    FakeTerminal fake;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        setpgid(0, 0);
        const auto answer = ask_secret_on(fake.terminal, "Passphrase: ");
        _exit(answer.has_value() && as_text(answer->view()) == "again" ? 0 : 1);
    }
    while (fake.echoes()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    kill(child, SIGTSTP);
    int status = 0;
    REQUIRE(waitpid(child, &status, WUNTRACED) == child);
    REQUIRE(WIFSTOPPED(status));
    CHECK(fake.echoes());
    kill(child, SIGCONT);
    fake.type_when_hidden("again\n");
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a line that is asked for shows as it is typed", "[prompt]") {
    FakeTerminal fake;
    REQUIRE(write(fake.keys, "wants a lift\nnext\n", 18) == 18);
    const auto line = ask_line_on(fake.terminal, "note: ");
    REQUIRE(line);
    CHECK(*line == "wants a lift");
    // The terminal shows what is typed at its own time: before the question or after it.
    const std::string typed = "wants a lift";
    std::string shown = fake.shown_until("note: ");
    if (shown.find(typed) == std::string::npos) shown += fake.shown_until(typed);
    CHECK(shown.find("note: ") != std::string::npos);
    CHECK(shown.find(typed) != std::string::npos);
    CHECK(ask_line_on(fake.terminal, "") == "next");
}

TEST_CASE("a line may be empty, and the end of input is none", "[prompt]") {
    FakeTerminal fake;
    REQUIRE(write(fake.keys, "\n\x04", 2) == 2);
    CHECK(ask_line_on(fake.terminal, "note: ") == "");
    CHECK(ask_line_on(fake.terminal, "note: ").error() == PromptError::ended);
}

TEST_CASE("a line longer than 4,000 bytes is refused, and no part of it answers", "[prompt]") {
    FakeTerminal fake;
    termios raw{};
    tcgetattr(fake.terminal, &raw);
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // a canonical terminal cuts it itself
    tcsetattr(fake.terminal, TCSANOW, &raw);
    const std::string typed = std::string(4050, 'x') + "\n";
    std::thread typing([&] {
        for (std::size_t at = 0; at < typed.size();) {
            const ssize_t size = write(fake.keys, typed.data() + at, typed.size() - at);
            if (size > 0) at += static_cast<std::size_t>(size);
        }
    });
    const auto line = ask_line_on(fake.terminal, "note: ");
    typing.join();
    REQUIRE_FALSE(line);
    CHECK(line.error() == PromptError::too_long);
}
