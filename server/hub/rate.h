#pragma once

#include <map>
#include <mutex>

#include "crypto/signature.h"
#include "protocol/ids.h"

namespace vereda::server {

/// One bucket of work per key, refilled with time. Safe from any thread.
class RateLimit {
  public:
    /// In units of work (server/hub/work.h).
    RateLimit(double per_s, double burst) : per_s_(per_s), burst_(burst) {}

    /// Takes one unit from the key's bucket; false when it is empty. Keys not seen for long are
    /// forgotten with their full buckets.
    [[nodiscard]] bool take(const crypto::PublicKey& key, protocol::Millis now);
    /// Charges what a request that was let in turned out to cost, into debt if need be: then the
    /// key waits until it is paid.
    void charge(const crypto::PublicKey& key, double work, protocol::Millis now);

  private:
    struct Bucket {
        double left = 0;
        protocol::Millis at;
    };
    static constexpr std::size_t buckets_max = 65536;

    void refill(Bucket& bucket, protocol::Millis now) const;
    void forget_full(protocol::Millis now);

    const double per_s_;
    const double burst_;
    std::mutex mutex_;
    std::map<crypto::PublicKey, Bucket> buckets_;
};

}  // namespace vereda::server
