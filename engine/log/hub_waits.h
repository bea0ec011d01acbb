#pragma once

#include <map>
#include <optional>

#include "engine/log/log_store.h"
#include "protocol/sync/message.h"

namespace vereda::engine {

/// The name among the odds and ends.
inline constexpr const char* hub_waits_name = "hub-waits";

/// How much of what is not at the hub yet waits there for something, in entries.
struct HubWaitCount {
    std::uint64_t roster = 0;  ///< Until the hub has the roster that they were written by.
    std::uint64_t quota = 0;   ///< Until there is room in their author's share of a day.
    std::optional<protocol::Millis> come_again;  ///< With quota: when, by this laptop's clock.
};

/// What the hub answered *not yet*, log by log: kept among the vault's odds and ends, so that
/// `status` can tell of it and the next sync does not send for nothing what is known to wait.
class HubWaits {
  public:
    /// Nothing, when what is kept cannot be read: the hub says it again.
    [[nodiscard]] static HubWaits load(LogStore& store);
    /// Within the caller's transaction or without.
    void save(LogStore& store) const;

    void note(
        const protocol::LogId& log, protocol::PushWait why, protocol::Millis now,
        std::uint64_t again_after_ms);
    void forget(const protocol::LogId& log);
    [[nodiscard]] std::vector<protocol::LogId> logs() const;
    /// The logs that the hub told to come again later than `now`. A clock that has jumped back
    /// behind that word holds nothing back.
    [[nodiscard]] std::vector<protocol::LogId> held_back(protocol::Millis now) const;
    /// Forgets what the hub has by now, and counts the rest.
    [[nodiscard]] HubWaitCount count(LogStore& store);

  private:
    struct Wait {
        protocol::PushWait why{};
        protocol::Millis told;
        protocol::Millis until;
    };
    std::map<protocol::LogId, Wait> waits_;
    bool changed_ = false;
};

/// Entries of a log's closed blocks that the hub has not acknowledged.
[[nodiscard]] std::uint64_t unacknowledged(LogStore& store, LogOrdinal log);

}  // namespace vereda::engine
