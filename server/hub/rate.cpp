#include "server/hub/rate.h"

#include <algorithm>

namespace vereda::server {

bool RateLimit::take(const crypto::PublicKey& key, protocol::Millis now) {
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= buckets_max) forget_full(now);
    const auto [at, is_new] = buckets_.try_emplace(key, Bucket{burst_, now});
    refill(at->second, now);
    if (at->second.left < 1) return false;
    at->second.left -= 1;
    return true;
}

void RateLimit::charge(const crypto::PublicKey& key, double work, protocol::Millis now) {
    const std::lock_guard lock(mutex_);
    const auto [at, is_new] = buckets_.try_emplace(key, Bucket{burst_, now});
    refill(at->second, now);
    at->second.left -= work;
}

void RateLimit::refill(Bucket& bucket, protocol::Millis now) const {
    // A clock that jumps back refills nothing and starts counting from there.
    const auto passed_ms = std::max<std::int64_t>(0, now.value - bucket.at.value);
    bucket.left = std::min(burst_, bucket.left + per_s_ * static_cast<double>(passed_ms) / 1000);
    bucket.at = now;
}

void RateLimit::forget_full(protocol::Millis now) {
    std::erase_if(buckets_, [&](const auto& entry) {
        Bucket bucket = entry.second;
        refill(bucket, now);
        return bucket.left >= burst_;
    });
    // All of them busy, which no honest day brings: start over rather than grow.
    if (buckets_.size() >= buckets_max) buckets_.clear();
}

}  // namespace vereda::server
