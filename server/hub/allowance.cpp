#include "server/hub/allowance.h"

#include <algorithm>
#include <cmath>

namespace vereda::server {

/// A clock that jumps back gives back nothing and counts on from there.
void Allowance::give_back(protocol::Millis now, std::uint64_t per_day) {
    const auto passed_ms = static_cast<double>(std::max<std::int64_t>(0, now.value - at_.value));
    used_ = std::max(0.0, used_ - static_cast<double>(per_day) * passed_ms / day_ms);
    at_ = now;
}

std::uint64_t Allowance::wait_ms(
    std::uint64_t amount, protocol::Millis now, std::uint64_t per_day) {
    give_back(now, per_day);
    const auto share = static_cast<double>(std::max<std::uint64_t>(1, per_day));
    const double over = std::min(used_, used_ + static_cast<double>(amount) - share);
    if (over <= 0) return 0;
    constexpr double shortest_ms = 1000;  // so that nobody asks a thousand times for a moment more
    return static_cast<std::uint64_t>(std::max(shortest_ms, std::ceil(over / share * day_ms)));
}

void Allowance::use(std::uint64_t amount, protocol::Millis now, std::uint64_t per_day) {
    give_back(now, per_day);
    used_ += static_cast<double>(amount);
}

}  // namespace vereda::server
