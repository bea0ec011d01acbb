#include "client/terminal/hidden_echo.h"

#include <array>
#include <csignal>
#include <cstddef>

namespace vereda::client {
namespace {

constexpr std::array watched = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};

volatile std::sig_atomic_t noted_signal = 0;
std::array<struct sigaction, watched.size()> found_actions;

void note(int signal) { noted_signal = signal; }

}  // namespace

HiddenEcho::HiddenEcho(int terminal) : terminal_(terminal) {
    if (tcgetattr(terminal, &found_) != 0) return;
    termios hidden = found_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden.c_lflag |= ECHONL;
    on_ = tcsetattr(terminal, TCSAFLUSH, &hidden) == 0;
}

HiddenEcho::~HiddenEcho() {
    if (on_) tcsetattr(terminal_, TCSAFLUSH, &found_);
}

NotedSignals::NotedSignals() {
    noted_signal = 0;
    struct sigaction noting {};
    noting.sa_handler = note;  // no SA_RESTART: the reading has to wake up
    sigemptyset(&noting.sa_mask);
    for (std::size_t i = 0; i < watched.size(); ++i)
        sigaction(watched[i], &noting, &found_actions[i]);
}

NotedSignals::~NotedSignals() {
    for (std::size_t i = 0; i < watched.size(); ++i)
        sigaction(watched[i], &found_actions[i], nullptr);
}

int NotedSignals::noted() { return noted_signal; }

}  // namespace vereda::client
