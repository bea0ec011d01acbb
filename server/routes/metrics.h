#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "server/hub/hub.h"

namespace vereda::server {

/// What a request came to, for counting.
struct ServedRequest {
    std::string_view name;  ///< A message's name, or "hub", "other".
    unsigned status = 200;
    std::size_t bytes_in = 0;   ///< Of the body.
    std::size_t bytes_out = 0;  ///< Of the body.
};

/// Numbers about the connections, which the listener keeps itself.
struct ConnectionNumbers {
    std::uint64_t open = 0;
    std::uint64_t accepted = 0;
    std::uint64_t turned_away = 0;
};

/// Totals since the start, as Prometheus reads them. Nothing in it names a person, device or
/// workspace. Safe from any thread.
class Metrics {
  public:
    void count(const ServedRequest& served);
    /// One committed transaction.
    void count(std::size_t requests, const HubCounts& counts);
    void count_failure() { failures_.fetch_add(1, std::memory_order_relaxed); }

    /// Prometheus text format 0.0.4. Source: prometheus.io/docs/instrumenting/exposition_formats.
    [[nodiscard]] std::string text(
        const ConnectionNumbers& connections, std::uint64_t hub_epoch) const;

  private:
    static constexpr std::array<std::uint64_t, 8> group_bounds{1, 2, 4, 8, 16, 32, 64, 128};

    mutable std::mutex mutex_;
    std::map<std::pair<std::string, unsigned>, std::uint64_t> requests_;
    std::uint64_t bytes_in_ = 0;
    std::uint64_t bytes_out_ = 0;
    HubCounts totals_;
    std::uint64_t groups_ = 0;
    std::uint64_t grouped_requests_ = 0;
    std::array<std::uint64_t, group_bounds.size()> groups_up_to_{};
    std::atomic<std::uint64_t> failures_ = 0;
};

}  // namespace vereda::server
