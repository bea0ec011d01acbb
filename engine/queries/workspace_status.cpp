#include "engine/queries/workspace_status.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/queries/waiting_removals.h"
#include "engine/replay/state_counts.h"

namespace vereda::engine {
namespace {

std::string role_word(protocol::Role role) {
    switch (role) {
        case protocol::Role::coordinator:
            return "coordinator";
        case protocol::Role::organiser:
            return "organiser";
        case protocol::Role::auditor:
            return "auditor";
    }
    return "unknown";
}

std::size_t count_branches(const LogStore& store) {
    std::size_t branches = 0;
    for (std::uint32_t log = 1; log <= store.log_count(); ++log)
        branches += store.info({log}).branch ? 1 : 0;
    return branches;
}

void fill_exceptions(WorkspaceStatus& status, const AppliedFrontier& frontier) {
    for (const auto& [dot, what] : frontier.exceptions()) {
        switch (what) {
            case EntryStatus::pending:
                ++status.pending;
                break;
            case EntryStatus::withheld:
                ++status.withheld;
                break;
            case EntryStatus::no_authority:
                ++status.no_authority;
                break;
            case EntryStatus::unknown:
            case EntryStatus::unknown_critical:
            case EntryStatus::malformed:
            case EntryStatus::foreign:
                ++status.unknown;
                break;
            case EntryStatus::applied:
            case EntryStatus::erased:
                break;
        }
    }
}

void fill_turfs(WorkspaceStatus& status, Workspace& workspace, const Queries& queries) {
    std::vector<std::pair<TurfNumber, StateDigest>> digests;
    for (const TurfNumber turf : queries.turfs()) {
        const StateCounts counts = count_state(workspace.projection(), workspace.store(), turf);
        TurfStatus line{
            .turf = turf,
            .name = queries.turf_name(turf),
            .digest = digest_of_turf(workspace.projection(), workspace.store(), turf),
            .contacts = counts.contacts,
            .interactions = counts.interactions,
            .conflicts = counts.conflicts};
        status.contacts += line.contacts;
        status.interactions += line.interactions;
        status.conflicts += line.conflicts;
        digests.emplace_back(turf, line.digest);
        status.turfs.push_back(std::move(line));
    }
    status.digest = digest_of_all(workspace.store(), digests);
}

void fill_unproven(WorkspaceStatus& status, Workspace& workspace, const Queries& queries) {
    std::map<protocol::DeviceId, UnprovenClaims> by_author;
    for (const WaitingRemoval& waiting : waiting_removals(workspace)) {
        const LogOrdinal log = waiting.entry.log();
        UnprovenClaims& claims = by_author[workspace.store().info(log).device];
        claims.author = queries.author_of(waiting.entry);
        ++(waiting.contradicted ? claims.contradicted : claims.waiting);
    }
    for (auto& [device, claims] : by_author) status.unproven.push_back(std::move(claims));
}

// Those of a block that was read before its bytes rotted still show.
std::uint64_t damaged_entries(LogStore& store) {
    std::uint64_t entries = 0;
    for (const auto& [log, block_no] : store.blocks_in_state(BlockState::damaged)) {
        if (const auto block = store.block(log, block_no)) entries += block->count;
    }
    return entries;
}

}  // namespace

std::uint64_t unsynced_entries(Workspace& workspace) {
    LogStore& store = workspace.store();
    auto count = static_cast<std::uint64_t>(store.open_count());
    for (const LogOrdinal log : workspace.writer().own_logs()) count += unacknowledged(store, log);
    return count;
}

WorkspaceStatus status_of(Workspace& workspace) {
    const Queries queries(workspace);
    const Identity& identity = workspace.identity();
    const Beginnings& beginnings = workspace.beginnings();
    WorkspaceStatus status;
    if (workspace.roster().empty()) {
        status.member = beginnings.member_name;
        status.device = beginnings.device_name;
    } else {
        status.workspace = queries.workspace_name();
        status.member = queries.member_name(identity.member);
        status.device = queries.device_name(identity.keys.device());
        if (const auto role = workspace.roster().role_of(identity.keys.device()))
            status.role = role_word(*role);
    }
    status.unsynced = unsynced_entries(workspace);
    status.waits = HubWaits::load(workspace.store()).count(workspace.store());
    fill_exceptions(status, workspace.projection().frontier());
    status.damaged = damaged_entries(workspace.store());
    status.pending -= std::min(status.pending, status.damaged);
    status.damaged += workspace.block_gaps().missing_entries();
    status.has_damage = workspace.mishaps().has_damage();
    status.old_copy = workspace.old_copy().has_value();
    status.lost = lost_work(workspace);
    status.missing_contacts = missing_contacts_to_tell(workspace);
    status.waiting = static_cast<std::uint64_t>(workspace.store().waiting_count());
    status.own_waiting = static_cast<std::uint64_t>(
        workspace.store().waiting_room().count_of(workspace.identity().keys.device()));
    status.forks = workspace.store().misfits().size() + count_branches(workspace.store());
    status.roster_forks = workspace.roster().forks().size();
    fill_unproven(status, workspace, queries);
    status.set_aside = set_aside_of(workspace);
    fill_turfs(status, workspace, queries);
    return status;
}

}  // namespace vereda::engine
