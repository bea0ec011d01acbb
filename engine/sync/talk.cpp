#include "engine/sync/talk.h"

namespace vereda::engine::sync {

std::vector<protocol::TurfId> Talk::own_turfs() const {
    return roster().turfs_of(workspace.identity().keys.device());
}

bool Talk::hub_lacks_roster() const {
    return is_split || report.roster_behind != 0 || hub_roster < roster().size();
}

void Talk::receive_blocks(std::vector<BlockOpener::Job> jobs) {
    report.pulled_blocks += jobs.size();
    const protocol::Incarnation before = workspace.identity().incarnation;
    const Workspace::Received received = workspace.receive(std::move(jobs), opener);
    report.pulled_entries += received.entries;
    report.refused_blocks += received.refused;
    report.forks += received.forks;
    report.unread_blocks += received.unread;
    report.damaged_blocks += received.damaged;
    report.new_incarnation = report.new_incarnation || workspace.identity().incarnation != before;
}

}  // namespace vereda::engine::sync
