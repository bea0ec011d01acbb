#pragma once

#include <cstdint>

#include "protocol/ids.h"

namespace vereda::server {

/// What one device may still hand in: a day's share at once, and what was used comes back evenly
/// over a day. So it delays and never refuses for good. What is counted (bytes, blocks) is the
/// caller's to say.
class Allowance {
  public:
    /// 0 when there is room for `amount`, else after how many milliseconds there will be, if nobody
    /// uses more. What is larger than a whole day's share has room when nothing else is in use.
    [[nodiscard]] std::uint64_t wait_ms(
        std::uint64_t amount, protocol::Millis now, std::uint64_t per_day);
    /// Uses it, room or not.
    void use(std::uint64_t amount, protocol::Millis now, std::uint64_t per_day);

    static constexpr std::int64_t day_ms = std::int64_t{24} * 3600 * 1000;

  private:
    void give_back(protocol::Millis now, std::uint64_t per_day);

    double used_ = 0;
    protocol::Millis at_;
};

}  // namespace vereda::server
