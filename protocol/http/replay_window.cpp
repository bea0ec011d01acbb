#include "protocol/http/replay_window.h"

#include <array>
#include <bit>

namespace vereda::http {
namespace {

std::uint64_t tag_of(ByteView tag_key, const RequestSignature& request) {
    const crypto::Hash hash =
        crypto::Blake2b(32, tag_key).update(request.key).update(request.nonce).finish_256();
    std::uint64_t tag = 0;
    for (std::size_t i = 0; i < sizeof tag; ++i) tag = tag << 8 | hash[i];
    return tag;
}

}  // namespace

ReplayWindow::ReplayWindow(crypto::Entropy& entropy, std::size_t capacity)
    : tag_key_(entropy.bytes<32>()), capacity_(capacity) {}

std::expected<void, ReplayError> ReplayWindow::admit(
    const RequestSignature& request, std::int64_t now_s) {
    const std::uint64_t tag = tag_of(tag_key_, request);
    const std::lock_guard lock(mutex_);
    forget_expired(now_s);
    if (seen_.contains(tag)) return std::unexpected(ReplayError::replayed);
    if (seen_.size() >= capacity_) return std::unexpected(ReplayError::full);
    seen_.insert(tag);
    by_expiry_[request.expires_s].push_back(tag);
    return {};
}

std::size_t ReplayWindow::size() const {
    const std::lock_guard lock(mutex_);
    return seen_.size();
}

void ReplayWindow::forget_expired(std::int64_t now_s) {
    while (!by_expiry_.empty() && by_expiry_.begin()->first <= now_s) {
        for (const std::uint64_t tag : by_expiry_.begin()->second) seen_.erase(tag);
        by_expiry_.erase(by_expiry_.begin());
    }
}

}  // namespace vereda::http
