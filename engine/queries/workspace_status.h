#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/log/hub_waits.h"
#include "engine/queries/lost_work.h"
#include "engine/queries/missing_contacts.h"
#include "engine/queries/queries.h"
#include "engine/queries/set_aside.h"
#include "engine/replay/digest.h"

namespace vereda::engine {

struct TurfStatus {
    TurfNumber turf;
    std::string name;
    StateDigest digest;
    std::uint64_t contacts = 0;      ///< Retracted ones and members of one group apart.
    std::uint64_t interactions = 0;  ///< Not retracted.
    std::uint64_t conflicts = 0;     ///< Fields with more than one value.
};

/// What somebody has taken away without a proof that they had seen it: it has no effect.
struct UnprovenClaims {
    Author author;
    std::uint64_t waiting = 0;       ///< Entries that wait for a block which is not here.
    std::uint64_t contradicted = 0;  ///< Entries in whose case another block stands there.
};

/// How a workspace stands on this laptop.
struct WorkspaceStatus {
    std::string workspace;
    std::string member;
    std::string device;
    std::string role;  ///< Empty while the laptop has not joined.
    std::uint64_t contacts = 0;
    std::uint64_t interactions = 0;
    std::uint64_t conflicts = 0;
    std::uint64_t unsynced = 0;  ///< Own entries that the hub has not acknowledged.
    HubWaitCount waits;          ///< Of those, what the hub has put off.
    std::uint64_t pending = 0;   ///< Entries in blocks that do not open here.
    /// Entries in blocks that this disk has damaged or lost; of lost ones at least so many.
    std::uint64_t damaged = 0;
    bool has_damage = false;  ///< Something is not whole, whether or not it has entries.
    bool old_copy = false;    ///< This may be an older copy of the vault, which lacks later work.
    std::vector<LostWork> lost;  ///< Own work that it destroyed before anybody else had it.
    std::vector<MissingContact> missing_contacts;  ///< What shows of them shows under no name.
    std::uint64_t withheld = 0;
    std::uint64_t no_authority = 0;
    std::uint64_t unknown = 0;  ///< Of a later version, malformed or foreign.
    std::uint64_t waiting = 0;  ///< Blocks whose predecessor, device or roster entry is missing.
    std::uint64_t own_waiting = 0;  ///< Of those, this laptop's own.
    std::uint64_t forks = 0;        ///< Blocks beside another one in their place.
    std::uint64_t roster_forks = 0;
    std::vector<UnprovenClaims> unproven;  ///< By author.
    std::vector<SetAsideView> set_aside;   ///< Own actions that no block could hold.
    StateDigest digest;                    ///< Of all turfs held.
    std::vector<TurfStatus> turfs;
};

[[nodiscard]] WorkspaceStatus status_of(Workspace& workspace);
/// Without the digests, which read everything: a quick look for a prompt or a metric.
[[nodiscard]] std::uint64_t unsynced_entries(Workspace& workspace);

}  // namespace vereda::engine
