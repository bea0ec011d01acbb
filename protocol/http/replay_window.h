#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "crypto/entropy.h"
#include "crypto/hash.h"
#include "protocol/http/message_signature.h"

namespace vereda::http {

enum class ReplayError {
    replayed,  ///< This key has used this nonce before.
    full,      ///< Too many requests are remembered: refuse rather than forget. The client may try
               ///< again later.
};

/// Remembers every accepted request until it expires, so that none is accepted twice. Bounded
/// memory: some 50 bytes a request, so 50 MB at the default capacity, which is 3,500 requests per
/// second sustained. Safe from any thread.
class ReplayWindow {
  public:
    static constexpr std::size_t capacity_default = 1U << 20;

    explicit ReplayWindow(crypto::Entropy& entropy, std::size_t capacity = capacity_default);

    /// Remembers the request, or says why not. Call it last, with a signature already verified and
    /// unexpired at `now_s` (Unix seconds, the hub's clock). Errors: `replayed`, `full`.
    [[nodiscard]] std::expected<void, ReplayError> admit(
        const RequestSignature& request, std::int64_t now_s);

    [[nodiscard]] std::size_t size() const;

  private:
    void forget_expired(std::int64_t now_s);

    // 64 bits under a random key: nobody can aim at a collision, and by chance there is one in 10^7
    // full windows.
    const ByteArray<32> tag_key_;
    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::unordered_set<std::uint64_t> seen_;
    std::map<std::int64_t, std::vector<std::uint64_t>> by_expiry_;
};

}  // namespace vereda::http
