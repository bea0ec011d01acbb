#include "server/hub/gate_clock.h"

#include <algorithm>
#include <chrono>

namespace vereda::server {

GateClock::GateClock(engine::Clock& wall, std::function<std::int64_t()> steady_ms)
    : wall_(wall),
      steady_ms_(std::move(steady_ms)),
      last_(wall_.now()),
      last_steady_ms_(steady_ms_()) {}

protocol::Millis GateClock::now() {
    const std::lock_guard lock(mutex_);
    const std::int64_t steady_ms = steady_ms_();
    const std::int64_t passed_ms = std::max<std::int64_t>(0, steady_ms - last_steady_ms_);
    last_steady_ms_ = steady_ms;
    last_ = std::max(wall_.now(), protocol::Millis{last_.value + passed_ms});
    return last_;
}

std::int64_t GateClock::machine_steady_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace vereda::server
