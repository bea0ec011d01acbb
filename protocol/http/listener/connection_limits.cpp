#include "protocol/http/listener/connection_limits.h"

#include <utility>

namespace vereda::http {

ConnectionLimits::Place::Place(Place&& other) noexcept
    : limits_(std::exchange(other.limits_, nullptr)), address_(std::move(other.address_)) {}

ConnectionLimits::Place::~Place() {
    if (limits_ != nullptr) limits_->leave(address_);
}

std::optional<ConnectionLimits::Place> ConnectionLimits::enter(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (open_ >= in_all_max_) return std::nullopt;
    std::size_t& from_there = by_address_[address];
    if (from_there >= per_address_max_) return std::nullopt;
    ++from_there;
    ++open_;
    return std::optional<Place>(std::in_place, *this, address);
}

std::size_t ConnectionLimits::open() const {
    const std::lock_guard lock(mutex_);
    return open_;
}

void ConnectionLimits::leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --open_;
    const auto from_there = by_address_.find(address);
    if (--from_there->second == 0) by_address_.erase(from_there);
}

}  // namespace vereda::http
