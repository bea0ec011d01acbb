#include "server/hub/messages.h"

namespace vereda::server {
namespace {

using engine::RosterInvite;
using protocol::DeviceEnrolled;
using protocol::EnrolAnswer;
using protocol::Refusal;
using protocol::RosterPosition;

/// The position at which this very device was enrolled by this very invite.
std::optional<RosterPosition> enrolled_before(
    const engine::Roster& roster, const DeviceEnrolled& body) {
    const engine::RosterDevice* device = roster.find(body.keys.device);
    if (device == nullptr) return std::nullopt;
    const auto* entry = std::get_if<DeviceEnrolled>(&roster.entry_at(device->enrolled).body);
    return entry != nullptr && *entry == body ? std::optional(device->enrolled) : std::nullopt;
}

std::optional<Refusal> judge(const RosterInvite* invite) {
    if (invite == nullptr) return Refusal::invite_unknown;
    if (invite->status == RosterInvite::Status::used) return Refusal::invite_used;
    if (invite->status == RosterInvite::Status::cancelled) return Refusal::invite_cancelled;
    return std::nullopt;
}

/// Who comes back to the place that a restored hub has lost enrolled then, not today.
bool is_in_time(Store& store, const protocol::Invite& invite, bool placed, protocol::Millis now) {
    const bool comes_back = placed && store.workspaces().lost_since();
    return comes_back ? may_have_enrolled(store, invite) : now <= invite.expires;
}

/// The share, which from now on is this device's.
Answered<EnrolAnswer> release(
    Occasion& on, const DeviceEnrolled& body, RosterPosition position,
    const protocol::Acceptance& leaf) {
    Rosters& rosters = on.workspace.store().rosters();
    const auto share = rosters.share_of(on.workspace.no(), body.invite);
    if (!share) return std::unexpected(Refusal::invite_unknown);
    if (share->released_to && *share->released_to != body.keys.device) {
        return std::unexpected(Refusal::invite_used);
    }
    if (!share->released_to) {
        rosters.release_share(on.workspace.no(), body.invite, body.keys.device);
    }
    return EnrolAnswer{position, leaf, share->share};
}

}  // namespace

Answered<EnrolAnswer> enrol(
    Occasion& on, const crypto::PublicKey& caller, const protocol::EnrolRequest& request) {
    auto entry = protocol::parse_roster_entry(request.entry);
    if (!entry) return std::unexpected(Refusal::entry_refused);
    const auto* body = std::get_if<DeviceEnrolled>(&entry->body);
    if (body == nullptr) return std::unexpected(Refusal::entry_refused);
    if (body->keys.http != caller) return std::unexpected(Refusal::not_permitted);

    const engine::Roster& roster = on.workspace.roster();
    if (const auto position = enrolled_before(roster, *body)) {
        const auto accepted = roster.accepted_at(*position).value_or(protocol::Millis{});
        return release(on, *body, *position, {position->value + 1, accepted});
    }
    const bool has_its_place =
        entry->position == roster.next_position() && entry->predecessor == roster.last_hash();
    if (request.placed && !has_its_place) return std::unexpected(Refusal::roster_differs);
    // What the backup lacked would find its place taken, and the roster part in two.
    const bool must_wait = !on.workspace.is_confirmed() && !request.placed;
    if (must_wait) return std::unexpected(Refusal::restored);
    const RosterInvite* invite = roster.find_invite(body->invite);
    if (const auto refused = judge(invite)) return std::unexpected(*refused);
    if (!is_in_time(on.workspace.store(), invite->body, request.placed, on.now)) {
        return std::unexpected(Refusal::invite_expired);
    }
    // Without its share an invite opens nothing: better no enrolment than a laptop without keys.
    if (!on.workspace.store().rosters().share_of(on.workspace.no(), body->invite)) {
        return std::unexpected(Refusal::invite_unknown);
    }
    entry->position = roster.next_position();
    entry->predecessor = roster.last_hash();
    const auto leaf = on.workspace.append(encode(*entry), on.now);
    if (!leaf) return std::unexpected(Refusal::entry_refused);
    on.counts.roster_entries += 1;
    return release(on, *body, entry->position, *leaf);
}

}  // namespace vereda::server
