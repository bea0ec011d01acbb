#pragma once

#include <map>
#include <utility>

#include "server/store/footprint.h"

namespace vereda::server {

/// What this connection has read and written before. It holds until another connection commits or
/// a group is rolled back; until then a group begins without asking the database again.
class SqliteMemory {
  public:
    struct KnownWorkspace {
        std::uint64_t confirmed_in = 1;
        std::uint64_t roster_size = 0;
    };

    std::uint64_t epoch = 1;
    std::uint64_t leaves = 0;  ///< Objects ever taken in, those of the open group included.
    std::map<protocol::WorkspaceId, WorkspaceNo> numbers;
    std::map<WorkspaceNo, KnownWorkspace> workspaces;  ///< Those with a number.
    std::map<std::pair<WorkspaceNo, protocol::TurfId>, StreamNo> streams;
    std::map<StreamNo, StreamEnd> ends;  ///< Those of `streams`.

    [[nodiscard]] DeviceVersion version_of(
        WorkspaceNo workspace, const protocol::DeviceId& device) const;
    /// A block of this device was put.
    void count_block(WorkspaceNo workspace, const protocol::DeviceId& device);

    /// Of the rows. No version is as it was after this.
    void forget() noexcept;

  private:
    std::map<std::pair<WorkspaceNo, protocol::DeviceId>, DeviceVersion> devices_;
    std::uint64_t times_forgotten_ = 0;
};

}  // namespace vereda::server
