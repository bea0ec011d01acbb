#pragma once

#include "server/hub/hub_workspace.h"
#include "server/hub/prepared.h"

/// What each message does to a workspace. On the store's thread, within the group's transaction;
/// nothing is written before everything of a request has been judged.
namespace vereda::server {

/// What a message may look at beside the workspace.
struct Occasion {
    Workspace& workspace;
    protocol::Millis now;
    const HubLimits& limits;
    const crypto::PublicKey& hub_key;
    HubCounts& counts;
    bool& went_back;                ///< To be set when somebody proves that this hub once had more.
    std::uint64_t quota_times = 1;  ///< More for a while after a new epoch began.
};

template <class Answer>
using Answered = std::expected<Answer, protocol::Refusal>;

/// A workspace that is not there yet. Gives the new workspace with its answer.
struct Founded {
    std::unique_ptr<Workspace> workspace;
    protocol::FoundAnswer answer;
};
[[nodiscard]] Answered<Founded> found(
    Store& store, const protocol::WorkspaceId& id, const crypto::PublicKey& caller,
    const protocol::FoundRequest& request, protocol::Millis now);
/// The answer to founding again what is there already.
[[nodiscard]] Answered<protocol::FoundAnswer> found_again(
    Workspace& workspace, const crypto::PublicKey& caller, const protocol::FoundRequest& request);

[[nodiscard]] Answered<protocol::EnrolAnswer> enrol(
    Occasion& on, const crypto::PublicKey& caller, const protocol::EnrolRequest& request);

/// By a coordinator at the roster's end it also confirms that this is all there is of it.
[[nodiscard]] Answered<protocol::RosterReadAnswer> read_roster(
    Occasion& on, const protocol::DeviceId& caller, const protocol::RosterReadRequest& request);
/// Wraps and share are taken from the entry's own signer alone.
[[nodiscard]] Answered<protocol::RosterAppendAnswer> append_roster(
    Occasion& on, const protocol::DeviceId& caller, const protocol::RosterAppendRequest& request);
[[nodiscard]] protocol::WrapsReadAnswer read_wraps(
    Occasion& on, const protocol::WrapsReadRequest& request);

/// Whether an invite that was open when a backup was made may still have been used in the time that
/// the backup lacks. True where this hub was never restored, or does not know since when it lacks.
[[nodiscard]] bool may_have_enrolled(Store& store, const protocol::Invite& invite);

/// Says by `on.went_back` when the head is this hub's own, of this epoch, and not in its streams.
[[nodiscard]] Answered<protocol::WentBackAnswer> meet_own_head(
    Occasion& on, const protocol::WentBackRequest& request);

/// Pushes, and nothing else: what the request wants pulled is the caller's to ask for.
[[nodiscard]] protocol::PushAnswer push(Occasion& on, const PreparedPush& request);
/// Leaves out the leaves that the cursors name and those that `pushed` gave to blocks of `push`.
[[nodiscard]] std::vector<protocol::PulledTurf> pull(
    Occasion& on, const protocol::DeviceId& caller, const protocol::PullRequest& request,
    const PreparedPush& push = {}, const protocol::PushAnswer& pushed = {});

}  // namespace vereda::server
