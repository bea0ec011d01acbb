#pragma once

// Lives here: what every room may ask of the machine's time.
// Begin: here.
// Must not know: anything else.

#include "protocol/ids.h"

namespace vereda::engine {

/// Where the time comes from; handed in, so that a simulation runs years in seconds.
class Clock {
  public:
    virtual ~Clock() = default;
    /// Unix time in milliseconds. May jump either way: nothing in a merge depends on it.
    [[nodiscard]] virtual protocol::Millis now() = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] protocol::Millis now() override;
};

class FakeClock final : public Clock {
  public:
    explicit FakeClock(protocol::Millis start) : now_(start) {}
    [[nodiscard]] protocol::Millis now() override { return now_; }
    void advance_ms(std::int64_t by) { now_.value += by; }

  private:
    protocol::Millis now_;
};

}  // namespace vereda::engine
