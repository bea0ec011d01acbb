#pragma once

#include "server/hub/hub_workspace.h"

namespace vereda::server {

/// The workspaces that this process remembers between groups. On the store's thread.
class KnownWorkspaces {
  public:
    explicit KnownWorkspaces(Store& store) : store_(store) {}

    /// After `begin`: makes what is remembered of the footprint's workspaces true again, and loads
    /// what is not there. True when a roster has entries that were not known.
    bool take_up(const Footprint& footprint, Standing standing);
    void add(std::unique_ptr<Workspace> founded);
    /// After a rollback: memory may be ahead of the store.
    void forget() { workspaces_.clear(); }

    [[nodiscard]] Workspace* find(const protocol::WorkspaceId& id);
    [[nodiscard]] const Workspace* find(const protocol::WorkspaceId& id) const;

  private:
    bool take_up(const protocol::WorkspaceId& id, WorkspaceStanding standing);

    Store& store_;
    std::map<protocol::WorkspaceId, std::unique_ptr<Workspace>> workspaces_;
};

}  // namespace vereda::server
