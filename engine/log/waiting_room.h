#pragma once

#include <optional>
#include <vector>

#include "engine/storage/statement.h"
#include "protocol/ids.h"

namespace vereda::engine {

/// Blocks that have no place in their log yet, each beside what has to come first, so that only
/// those are tried again for which it came. Every device has a share of the room; devices that the
/// roster does not name share one. Whoever fills a share keeps nobody else's blocks out.
class WaitingRoom {
  public:
    /// Blocks of one device at most; a further one has to be served again.
    static constexpr std::int64_t share = 256;

    /// What has to come first; none of it: own open entries have to be closed.
    struct Awaited {
        std::optional<protocol::BlockHash> block;  ///< The predecessor.
        std::optional<protocol::RosterPosition> roster;
        bool other_roster = false;  ///< The roster has another entry there: nothing will come.
    };

    struct Kept {
        protocol::BlockHash hash;
        Bytes served;
    };

    explicit WaitingRoom(Database& database);

    /// False when the share of `device` is full. Once is enough for a block.
    [[nodiscard]] bool keep(
        const protocol::BlockHash& hash, const protocol::DeviceId& device, const Awaited& awaited,
        ByteView kept);

    /// Those of one device, which stay in the room.
    [[nodiscard]] std::vector<Kept> of(const protocol::DeviceId& device);
    void forget(const protocol::BlockHash& hash);

    // ---- out of the room, for another try; in the order they came
    [[nodiscard]] std::vector<Kept> take_after(const protocol::BlockHash& predecessor);
    /// Those that name an entry of a roster of so many.
    [[nodiscard]] std::vector<Kept> take_within_roster(std::uint64_t entries);
    [[nodiscard]] std::vector<Kept> take_after_closing();
    /// What a vault made before blocks stood beside what they wait for has.
    [[nodiscard]] std::vector<Kept> take_unsorted();

    [[nodiscard]] std::int64_t count() const { return count_; }
    [[nodiscard]] std::int64_t count_of(const protocol::DeviceId& device);

  private:
    [[nodiscard]] std::vector<Kept> take(Rows rows);
    void forget(const std::vector<std::int64_t>& rows);

    Database* database_;
    std::int64_t count_ = 0;
    bool has_unsorted_ = false;
};

}  // namespace vereda::engine
