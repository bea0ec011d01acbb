#pragma once

#include <map>
#include <vector>

#include "engine/log/references.h"
#include "engine/storage/statement.h"
#include "protocol/ids.h"
#include "protocol/sync/leaf.h"
#include "protocol/sync/message.h"

namespace vereda::engine {

/// A block that is to be served again, and where in its turf's stream it lies.
struct WantedBlock {
    protocol::Acceptance place;
    protocol::BlockHash hash;
};

/// Single places in the hub's streams that a cursor says nothing of: blocks that came spoilt, or
/// found no room, behind the cursor; and leaves that the hub gave ahead of it.
class HubPlaces {
  public:
    explicit HubPlaces(Database& database);

    // ---- to be asked for again, each by itself
    void want(
        TurfNumber turf, const protocol::Acceptance& place, const protocol::BlockHash& hash,
        const protocol::DeviceId& device);
    [[nodiscard]] bool wants(const protocol::BlockHash& hash);
    void want_no_more(const protocol::BlockHash& hash);
    /// It was asked for and came no better: others have their turn before it.
    void note_asked(const protocol::BlockHash& hash);
    /// The next `count` at most: of each device's the one asked for least, then the second ones.
    [[nodiscard]] std::map<TurfNumber, std::vector<WantedBlock>> next_wanted(std::size_t count);
    [[nodiscard]] std::int64_t wanted_count() const { return wanted_; }
    [[nodiscard]] std::int64_t wanted_in(TurfNumber turf);

    // ---- given by the hub to what was pushed, and not passed by the turf's cursor yet
    void note_given(
        TurfNumber turf, std::uint64_t turf_seq, std::uint64_t hub_epoch,
        const protocol::LeafBytes& leaf);
    [[nodiscard]] std::map<std::uint64_t, protocol::LeafBytes> given(
        TurfNumber turf, std::uint64_t hub_epoch);
    /// Those up to `turf_seq`: the cursor has passed them.
    void forget_given(TurfNumber turf, std::uint64_t turf_seq);
    void forget_given_at(TurfNumber turf, std::uint64_t turf_seq);

  private:
    Database* database_;
    std::int64_t wanted_ = 0;
};

}  // namespace vereda::engine
