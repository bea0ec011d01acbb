#include "server/hub/known_workspaces.h"

namespace vereda::server {

bool KnownWorkspaces::take_up(const Footprint& footprint, Standing standing) {
    bool has_grown = false;
    for (const auto& [id, part] : footprint.workspaces) {
        const auto stands = standing.find(id);
        if (stands == standing.end()) {
            workspaces_.erase(id);
        } else if (take_up(id, std::move(stands->second))) {
            has_grown = true;
        }
    }
    return has_grown;
}

bool KnownWorkspaces::take_up(const protocol::WorkspaceId& id, WorkspaceStanding standing) {
    std::unique_ptr<Workspace>& known = workspaces_[id];
    const std::uint64_t size = known ? known->roster().size() : 0;
    if (!known || !known->leads_to(standing)) {
        known = Workspace::load(store_, id, std::move(standing));
        return true;
    }
    known->take_up(std::move(standing));
    return known->roster().size() > size;
}

void KnownWorkspaces::add(std::unique_ptr<Workspace> founded) {
    const protocol::WorkspaceId id = founded->id();
    workspaces_[id] = std::move(founded);
}

Workspace* KnownWorkspaces::find(const protocol::WorkspaceId& id) {
    const auto at = workspaces_.find(id);
    return at == workspaces_.end() ? nullptr : at->second.get();
}

const Workspace* KnownWorkspaces::find(const protocol::WorkspaceId& id) const {
    const auto at = workspaces_.find(id);
    return at == workspaces_.end() ? nullptr : at->second.get();
}

}  // namespace vereda::server
