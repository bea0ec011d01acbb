#pragma once

#include <functional>
#include <mutex>

#include "engine/clock.h"

namespace vereda::server {

/// The hub's time for requests and the signatures under answers: the wall clock, but it never goes
/// back while the hub runs. A clock that was ahead and is set right would else make every request
/// one from before the start, or let in again what the replay window has forgotten. The hub tells
/// this time with every answer, and clients sign by it. What is stored bears the wall clock's.
/// Safe from any thread.
class GateClock final : public engine::Clock {
  public:
    /// `steady_ms` counts on whatever the wall clock does; its zero means nothing.
    GateClock(engine::Clock& wall, std::function<std::int64_t()> steady_ms);
    [[nodiscard]] protocol::Millis now() override;

    /// Milliseconds of the machine's steady clock.
    [[nodiscard]] static std::int64_t machine_steady_ms();

  private:
    engine::Clock& wall_;
    const std::function<std::int64_t()> steady_ms_;
    std::mutex mutex_;
    protocol::Millis last_;
    std::int64_t last_steady_ms_;
};

}  // namespace vereda::server
