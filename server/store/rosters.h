#pragma once

#include <optional>
#include <vector>

#include "protocol/sync/message.h"
#include "server/store/numbers.h"

namespace vereda::server {

struct StoredEntry {
    Bytes entry;
    protocol::Acceptance leaf;
    protocol::ChainHash chain;
};

/// An invite's share, and the device that it was released to.
struct StoredShare {
    protocol::InviteShare share;
    std::optional<protocol::DeviceId> released_to;
};

/// The rosters' entries, and what came with them: sealed wraps and invites' shares. Threads,
/// durability and failures: server/store/store.h.
class Rosters {
  public:
    virtual ~Rosters() = default;

    /// The entry at `position`, which is leaf `position` + 1. Throws StorageFailure (constraint)
    /// when there is one.
    virtual void put_entry(
        WorkspaceNo workspace, protocol::RosterPosition position, ByteView entry,
        const protocol::Acceptance& leaf, const protocol::ChainHash& chain) = 0;
    /// The entries from a position on, while they fit in `bytes_max`; at least one, if there is
    /// any.
    [[nodiscard]] virtual std::vector<StoredEntry> entries_from(
        WorkspaceNo workspace, protocol::RosterPosition from, std::size_t bytes_max) = 0;

    /// The wraps below one roster entry, in the order of their leaves.
    virtual void put_wraps(
        WorkspaceNo workspace, protocol::RosterPosition position,
        const std::vector<protocol::SealedWrap>& wraps) = 0;
    [[nodiscard]] virtual std::vector<protocol::SealedWrap> wraps_at(
        WorkspaceNo workspace, protocol::RosterPosition position) = 0;
    /// The positions of entries with wraps for `recipient`, ascending.
    [[nodiscard]] virtual std::vector<protocol::RosterPosition> wrapped_for(
        WorkspaceNo workspace, const crypto::BoxPublicKey& recipient) = 0;

    virtual void put_share(
        WorkspaceNo workspace, protocol::RosterPosition invite,
        const protocol::InviteShare& share) = 0;
    [[nodiscard]] virtual std::optional<StoredShare> share_of(
        WorkspaceNo workspace, protocol::RosterPosition invite) = 0;
    virtual void release_share(
        WorkspaceNo workspace, protocol::RosterPosition invite,
        const protocol::DeviceId& device) = 0;
};

}  // namespace vereda::server
