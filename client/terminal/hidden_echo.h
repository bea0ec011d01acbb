#pragma once

#include <termios.h>

namespace vereda::client {

/// While it lives, the terminal does not show what is typed (but the line end). Restores what it
/// found.
class HiddenEcho {
  public:
    /// `is_on()` is false when `terminal` is none.
    explicit HiddenEcho(int terminal);
    ~HiddenEcho();
    HiddenEcho(const HiddenEcho&) = delete;
    HiddenEcho& operator=(const HiddenEcho&) = delete;
    [[nodiscard]] bool is_on() const { return on_; }

  private:
    int terminal_;
    termios found_{};
    bool on_ = false;
};

/// While it lives, signals that would end or stop the program are only noted. One at a time in a
/// process.
class NotedSignals {
  public:
    NotedSignals();
    ~NotedSignals();
    NotedSignals(const NotedSignals&) = delete;
    NotedSignals& operator=(const NotedSignals&) = delete;
    /// The last one noted, or 0.
    [[nodiscard]] static int noted();
};

}  // namespace vereda::client
