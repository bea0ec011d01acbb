#include "client/terminal/interruption.h"

#include <array>
#include <csignal>
#include <cstddef>

namespace vereda::client {
namespace {

constexpr std::array ending = {SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t interrupted_by = 0;
std::array<struct sigaction, ending.size()> actions_before;

void note_interruption(int signal) { interrupted_by = signal; }

}  // namespace

Interruption::Interruption() {
    interrupted_by = 0;
    struct sigaction noting {};
    noting.sa_handler = note_interruption;
    noting.sa_flags = SA_RESTART;  // what reads or writes goes on: the work asks between two steps
    sigemptyset(&noting.sa_mask);
    for (std::size_t i = 0; i < ending.size(); ++i) {
        sigaction(ending[i], nullptr, &actions_before[i]);
        if (actions_before[i].sa_handler != SIG_IGN) sigaction(ending[i], &noting, nullptr);
    }
}

Interruption::~Interruption() {
    for (std::size_t i = 0; i < ending.size(); ++i)
        sigaction(ending[i], &actions_before[i], nullptr);
}

int Interruption::signal() { return interrupted_by; }

}  // namespace vereda::client
