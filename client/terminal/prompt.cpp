#include "client/terminal/prompt.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "client/terminal/hidden_echo.h"

namespace vereda::client {
namespace {

using crypto::SecretBytes;
using Secret = std::expected<SecretBytes, PromptError>;

constexpr std::size_t secret_size_max = 1023;
constexpr std::size_t line_size_max = 4000;  // a terminal's own line ends at 4,095
constexpr int wake_ms = 200;                 // so that a signal another thread received is seen too

class OpenTerminal {
  public:
    OpenTerminal() : descriptor_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
    ~OpenTerminal() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    OpenTerminal(const OpenTerminal&) = delete;
    OpenTerminal& operator=(const OpenTerminal&) = delete;
    [[nodiscard]] int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

void show(int terminal, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(terminal, text.data(), text.size());
        if (written <= 0) return;  // the question may be lost; the answer is what counts
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

/// One byte of what was typed. 0: the end of input; -1: a signal was noted.
int read_byte(int terminal, std::uint8_t& byte) {
    while (NotedSignals::noted() == 0) {
        pollfd waiting{.fd = terminal, .events = POLLIN, .revents = 0};
        if (poll(&waiting, 1, wake_ms) <= 0) continue;
        const ssize_t size = read(terminal, &byte, 1);
        if (size >= 0) return static_cast<int>(size);
        if (errno != EINTR && errno != EAGAIN) return 0;
    }
    return -1;
}

/// The line, or nothing when a signal was noted.
std::optional<Secret> read_line(int terminal) {
    SecretBytes line(secret_size_max + 1);
    std::size_t size = 0;
    for (;;) {
        std::uint8_t& next = line.writable()[size <= secret_size_max ? size : secret_size_max];
        const int got = read_byte(terminal, next);
        if (got < 0) return std::nullopt;
        if (got == 0 && size == 0) return std::unexpected(PromptError::ended);
        if (got == 0 || next == '\n' || next == '\r') break;
        if (size <= secret_size_max) ++size;
    }
    if (size > secret_size_max) return std::unexpected(PromptError::too_long);
    return SecretBytes::copy_of(line.view().first(size));
}

bool only_stops(int signal) { return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU; }

}  // namespace

Secret ask_secret_on(int terminal, std::string_view question) {
    for (;;) {
        int signal = 0;
        std::optional<Secret> answer;
        {
            const NotedSignals signals;
            const HiddenEcho hidden(terminal);
            if (!hidden.is_on()) return std::unexpected(PromptError::no_terminal);
            show(terminal, question);
            answer = read_line(terminal);
            signal = NotedSignals::noted();
        }
        if (answer) return std::move(*answer);
        show(terminal, "\n");
        std::raise(signal);  // as if it had never been noted: this usually ends here
        if (!only_stops(signal)) return std::unexpected(PromptError::ended);
    }
}

Secret ask_secret(std::string_view question) {
    const OpenTerminal terminal;
    if (terminal.descriptor() < 0) return std::unexpected(PromptError::no_terminal);
    return ask_secret_on(terminal.descriptor(), question);
}

Secret ask_new_secret(std::string_view question, std::string_view again) {
    Secret first = ask_secret(question);
    if (!first) return first;
    const Secret second = ask_secret(again);
    if (!second) return std::unexpected(second.error());
    if (!first->equals(second->view())) return std::unexpected(PromptError::different);
    return first;
}

std::expected<std::string, PromptError> ask_line_on(int terminal, std::string_view question) {
    show(terminal, question);
    std::string line;
    for (char letter = 0; line.size() <= line_size_max; line += letter) {
        ssize_t size = 0;
        do {
            size = read(terminal, &letter, 1);
        } while (size < 0 && errno == EINTR);
        if (size <= 0 && line.empty()) return std::unexpected(PromptError::ended);
        if (size <= 0 || letter == '\n' || letter == '\r') return line;
    }
    tcflush(terminal, TCIFLUSH);  // the rest of it is no answer to the next question
    return std::unexpected(PromptError::too_long);
}

std::expected<std::string, PromptError> ask_line(std::string_view question) {
    const OpenTerminal terminal;
    if (terminal.descriptor() < 0) return std::unexpected(PromptError::no_terminal);
    return ask_line_on(terminal.descriptor(), question);
}

std::expected<bool, PromptError> ask_yes_or_no(std::string_view question) {
    const OpenTerminal terminal;
    if (terminal.descriptor() < 0) return std::unexpected(PromptError::no_terminal);
    show(terminal.descriptor(), question);
    std::optional<Secret> answer;
    int signal = 0;
    {
        const NotedSignals signals;
        answer = read_line(terminal.descriptor());
        signal = NotedSignals::noted();
    }
    if (signal != 0) std::raise(signal);
    if (!answer || !*answer) return std::unexpected(PromptError::ended);
    const ByteView line = (*answer)->view();
    return !line.empty() && (line[0] == 'y' || line[0] == 'Y');
}

}  // namespace vereda::client
