#pragma once

namespace vereda::client {

/// While it lives, Ctrl-C, SIGTERM and a closed terminal (SIGHUP) end nothing: they are noted, for
/// work that stops at a place of its own choice and says how far it came. A signal that was ignored
/// before (nohup) stays so. One at a time in a process.
class Interruption {
  public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    /// The last signal noted, or 0.
    [[nodiscard]] static int signal();
};

}  // namespace vereda::client
