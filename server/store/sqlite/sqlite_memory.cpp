#include "server/store/sqlite/sqlite_memory.h"

namespace vereda::server {

/// Blocks are counted in the lower bits: no device writes so many between two starts.
DeviceVersion SqliteMemory::version_of(
    WorkspaceNo workspace, const protocol::DeviceId& device) const {
    const auto at = devices_.find({workspace, device});
    return at == devices_.end() ? DeviceVersion{times_forgotten_ << 40} : at->second;
}

void SqliteMemory::count_block(WorkspaceNo workspace, const protocol::DeviceId& device) {
    const DeviceVersion before = version_of(workspace, device);
    devices_[{workspace, device}] = {before.value + 1};
}

void SqliteMemory::forget() noexcept {
    numbers.clear();
    workspaces.clear();
    streams.clear();
    ends.clear();
    devices_.clear();
    ++times_forgotten_;
}

}  // namespace vereda::server
