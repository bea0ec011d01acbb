#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace vereda::http {

/// Counts open connections, in all and by address, and admits no more than so many. Safe from any
/// thread.
class ConnectionLimits {
  public:
    ConnectionLimits(std::size_t in_all_max, std::size_t per_address_max)
        : in_all_max_(in_all_max), per_address_max_(per_address_max) {}

    /// One admitted connection; leaving is its destruction. The limits outlive it.
    class Place {
      public:
        Place(ConnectionLimits& limits, std::string address)
            : limits_(&limits), address_(std::move(address)) {}
        Place(Place&& other) noexcept;
        Place& operator=(Place&&) = delete;
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place();

      private:
        ConnectionLimits* limits_;
        std::string address_;
    };

    /// Nothing when the house, or this address's share of it, is full.
    [[nodiscard]] std::optional<Place> enter(const std::string& address);
    [[nodiscard]] std::size_t open() const;

  private:
    void leave(const std::string& address);

    const std::size_t in_all_max_;
    const std::size_t per_address_max_;
    mutable std::mutex mutex_;
    std::size_t open_ = 0;
    std::map<std::string, std::size_t> by_address_;
};

}  // namespace vereda::http
