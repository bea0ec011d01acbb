#pragma once

#include <map>
#include <set>

#include "protocol/sync/message.h"
#include "server/store/numbers.h"

namespace vereda::server {

/// What a group of requests is going to look at and write, known before anything of it is judged.
/// Ascending everywhere, so that two hubs that lock what they name never wait for each other.
struct Footprint {
    struct Part {
        bool appends = false;  ///< To the roster, or to what the store notes of it.
        std::set<protocol::TurfId> turfs;
        std::set<protocol::DeviceId> devices;  ///< Whose blocks come, whoever brings them.
    };
    bool writes = false;
    std::map<protocol::WorkspaceId, Part> workspaces;
};

/// Where a stream stands: its last leaf.
struct StreamEnd {
    StreamNo no;
    std::uint64_t seq = 0;
    protocol::ChainHash chain;
    auto operator<=>(const StreamEnd&) const = default;
};

/// The same version of a device means the same logs, tips and use of its quota. Each block of it
/// that is stored adds one; nothing else makes a version that was there before. Only versions that
/// the same store object has told are compared.
struct DeviceVersion {
    std::uint64_t value = 0;
    auto operator<=>(const DeviceVersion&) const = default;
};

/// How one workspace stands. Two answers with the same `epoch` and `roster_size` mean the same
/// roster.
struct WorkspaceStanding {
    WorkspaceNo no;
    std::uint64_t epoch = 1;  ///< Hub epoch of its chains.
    /// The last hub epoch in which a coordinator has read this workspace's roster to its end, or in
    /// which it was founded: in an earlier one the roster may lack what a backup lacked.
    std::uint64_t confirmed_in = 1;
    std::uint64_t roster_size = 0;  ///< Entries.
    /// All of the footprint's, also those without a block yet: number 0, no leaf.
    std::map<protocol::TurfId, StreamEnd> streams;
    std::map<protocol::DeviceId, DeviceVersion> devices;  ///< All of the footprint's.
};

/// How everything in a footprint stands; a workspace that the store does not have is not in it.
using Standing = std::map<protocol::WorkspaceId, WorkspaceStanding>;

}  // namespace vereda::server
