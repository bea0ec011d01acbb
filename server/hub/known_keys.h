#pragma once

#include <mutex>
#include <set>
#include <shared_mutex>

#include "server/hub/hub_workspace.h"

namespace vereda::server {

/// The HTTP keys of all rosters, for the gate in front of the hub. Safe from any thread.
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

  private:
    mutable std::shared_mutex mutex_;
    std::set<std::pair<protocol::WorkspaceId, crypto::PublicKey>> keys_;
};

}  // namespace vereda::server
