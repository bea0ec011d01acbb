#pragma once

#include <mutex>
#include <set>
#include <shared_mutex>

#include "server/hub/hub_workspace.h"

namespace vereda::server {

/// The HTTP keys of the rosters that this process has read, for the gate in front of the hub. One
/// that is missing may have enrolled elsewhere. Safe from any thread.
class KnownKeys {
  public:
    void add(const Workspace& workspace) {
        const std::unique_lock lock(mutex_);
        for (const auto& [key, device] : workspace.http_keys()) {
            keys_.emplace(workspace.id(), key);
        }
    }
    [[nodiscard]] bool has(
        const protocol::WorkspaceId& workspace, const crypto::PublicKey& key) const {
        const std::shared_lock lock(mutex_);
        return keys_.contains({workspace, key});
    }
    /// Whether any key of this workspace is known.
    [[nodiscard]] bool has_any(const protocol::WorkspaceId& workspace) const {
        const std::shared_lock lock(mutex_);
        const auto first = keys_.lower_bound({workspace, {}});
        return first != keys_.end() && first->first == workspace;
    }

  private:
    mutable std::shared_mutex mutex_;
    std::set<std::pair<protocol::WorkspaceId, crypto::PublicKey>> keys_;
};

}  // namespace vereda::server
