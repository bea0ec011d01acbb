#pragma once

#include <optional>
#include <vector>

#include "protocol/sync/message.h"
#include "server/store/numbers.h"

namespace vereda::server {

using TokenHash = ByteArray<32>;

/// Which workspaces a hub has, and since when its data is what it is. Threads, durability and
/// failures: server/store/store.h.
class Workspaces {
  public:
    virtual ~Workspaces() = default;

    [[nodiscard]] virtual std::vector<protocol::WorkspaceId> all() = 0;
    /// A workspace without entries, confirmed in the present epoch. Binds the token's hash to it
    /// for good. Throws StorageFailure (constraint) when either is there.
    virtual WorkspaceNo add(const protocol::WorkspaceId& workspace, const TokenHash& token) = 0;
    [[nodiscard]] virtual std::optional<protocol::WorkspaceId> of_token(const TokenHash& token) = 0;
    /// Notes that a coordinator has read this roster to its end in the present epoch.
    virtual void confirm_roster(WorkspaceNo workspace) = 0;

    /// Grows when the data was restored from a copy: streams then carry other chains. As of the
    /// last `begin`.
    [[nodiscard]] virtual std::uint64_t hub_epoch() const = 0;
    /// Begins epoch `epoch`: every stream's chain is computed again over the leaves that are there.
    /// Nothing happens when it, or a later one, has begun elsewhere. Durable; not within `begin`
    /// and `commit`.
    virtual void begin_epoch(std::uint64_t epoch) = 0;

    /// When the present epoch was first served; nothing until `note_epoch_began`, and in epoch 1.
    [[nodiscard]] virtual std::optional<protocol::Millis> epoch_began() = 0;
    virtual void note_epoch_began(protocol::Millis now) = 0;
    /// The newest leaf that was left when an epoch after the first began, the earliest of all such
    /// times: what the restored hub lacks came later than this. Nothing where that is not known.
    [[nodiscard]] virtual std::optional<protocol::Millis> lost_since() = 0;
};

}  // namespace vereda::server
