#include "client/terminal/hidden_input.h"

#include <csignal>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace vereda::client {
namespace {

constexpr std::size_t line_size_max = 1024;

/// The controlling terminal with its echo off. Interrupting signals wait until it is on again.
class QuietTerminal {
  public:
    explicit QuietTerminal(int file) : file_(file) {
        sigset_t interrupting;
        sigemptyset(&interrupting);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
            sigaddset(&interrupting, signal);
        sigprocmask(SIG_BLOCK, &interrupting, &signals_before_);
        tcgetattr(file_, &before_);
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        quiet.c_lflag |= ICANON | ECHONL;
        // Ctrl-C comes as a character, which ends the line.
        quiet.c_lflag &= ~static_cast<tcflag_t>(ISIG);
        tcsetattr(file_, TCSAFLUSH, &quiet);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    ~QuietTerminal() {
        tcsetattr(file_, TCSAFLUSH, &before_);
        sigprocmask(SIG_SETMASK, &signals_before_, nullptr);
        ::close(file_);
    }

    void say(const std::string& text) {
        [[maybe_unused]] const ssize_t written = ::write(file_, text.data(), text.size());
    }
    /// One character; false at the end.
    [[nodiscard]] bool read(std::uint8_t& c) { return ::read(file_, &c, 1) == 1; }

  private:
    int file_;
    termios before_{};
    sigset_t signals_before_{};
};

}  // namespace

std::expected<crypto::SecretBytes, HiddenInputError> ask_hidden(const std::string& question) {
    const int file = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (file < 0) return std::unexpected(HiddenInputError::no_terminal);
    QuietTerminal terminal(file);
    terminal.say(question);
    crypto::SecretBytes line(line_size_max);
    std::size_t size = 0;
    constexpr std::uint8_t interrupt = 3;
    std::uint8_t c = 0;
    while (true) {
        if (!terminal.read(c) || c == interrupt)
            return std::unexpected(HiddenInputError::interrupted);
        if (c == '\n' || c == '\r') break;
        if (size < line_size_max) line.writable()[size++] = c;
    }
    crypto::wipe({&c, 1});
    return crypto::SecretBytes::copy_of(line.view().first(size));
}

}  // namespace vereda::client
