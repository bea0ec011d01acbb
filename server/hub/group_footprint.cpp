#include "server/hub/group_footprint.h"

#include "protocol/sync/leaf.h"

namespace vereda::server {
namespace {

void add_pull(Footprint::Part& part, const std::optional<protocol::PullRequest>& pull) {
    if (!pull) return;
    for (const protocol::PullCursor& cursor : pull->cursors) part.turfs.insert(cursor.turf);
}

void add(Footprint::Part& part, const PreparedPush& push) {
    for (const PreparedBlock& block : push.blocks) {
        if (block.reason != protocol::BlockRefusal::none) continue;
        part.turfs.insert(block.parsed.core.turf);
        part.devices.insert(block.parsed.core.device);
    }
    add_pull(part, push.pull);
}

void add(Footprint::Part& part, const protocol::PullRequest& pull) { add_pull(part, pull); }

/// It may confirm the roster.
void add(Footprint::Part& part, const protocol::RosterReadRequest& read) {
    part.appends = true;
    add_pull(part, read.pull);
}

void add(Footprint::Part& part, const protocol::WentBackRequest& shown) {
    const auto head = protocol::parse_stream_head(shown.head.head);
    if (head) part.turfs.insert(head->turf);
}

void add(Footprint::Part& part, const protocol::FoundRequest&) { part.appends = true; }
void add(Footprint::Part& part, const protocol::RosterAppendRequest&) { part.appends = true; }
void add(Footprint::Part& part, const protocol::EnrolRequest&) { part.appends = true; }

template <class Other>
void add(Footprint::Part&, const Other&) {}

/// Who reads the roster is told how far the hub has their own logs.
void add_caller(
    Footprint::Part& part, const PreparedRequest& request, const KnownWorkspaces& known) {
    if (!std::holds_alternative<protocol::RosterReadRequest>(request.message)) return;
    const Workspace* workspace = known.find(request.workspace);
    const auto caller = workspace ? workspace->device_of(request.caller) : std::nullopt;
    if (caller) part.devices.insert(*caller);
}

}  // namespace

Footprint footprint_of(std::span<PreparedRequest* const> group, const KnownWorkspaces& known) {
    Footprint footprint;
    for (const PreparedRequest* request : group) {
        if (!request->is_open()) continue;
        Footprint::Part& part = footprint.workspaces[request->workspace];
        std::visit([&](const auto& message) { add(part, message); }, request->message);
        add_caller(part, *request, known);
        footprint.writes = footprint.writes || request->writes();
    }
    return footprint;
}

}  // namespace vereda::server
