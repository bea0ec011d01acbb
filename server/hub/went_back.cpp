#include "protocol/sync/leaf.h"
#include "server/hub/messages.h"

namespace vereda::server {
namespace {

using protocol::Refusal;
using protocol::StreamHead;

/// Whether the stream of this head has led through it.
bool stands(Workspace& workspace, const StreamHead& head) {
    const bool is_roster = head.turf == protocol::TurfId{};
    if (is_roster) return head.turf_seq <= workspace.roster().size();
    const StreamEnd& end = workspace.stream(head.turf);
    if (head.turf_seq > end.seq) return false;
    if (head.turf_seq == end.seq) return head.turf_chain == end.chain;
    return workspace.store().streams().chain_at(end.no, head.turf_seq) == head.turf_chain;
}

}  // namespace

Answered<protocol::WentBackAnswer> meet_own_head(
    Occasion& on, const protocol::WentBackRequest& request) {
    const auto head = protocol::parse_stream_head(request.head.head);
    if (!head) return std::unexpected(Refusal::malformed);
    Workspace& workspace = on.workspace;
    const bool is_of_now = head->hub_epoch == workspace.epoch();
    if (!is_of_now || stands(workspace, *head)) return protocol::WentBackAnswer{false};
    if (!protocol::verify_stream_head(
            workspace.id(), request.head.head, request.head.signature, on.hub_key)) {
        return std::unexpected(Refusal::bad_signature);
    }
    on.went_back = true;
    return protocol::WentBackAnswer{true};
}

}  // namespace vereda::server
