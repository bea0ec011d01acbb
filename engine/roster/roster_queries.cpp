#include <algorithm>

#include "engine/roster/roster.h"
#include "engine/roster/roster_rules.h"
#include "protocol/log/event.h"

/// What a roster answers; see roster.cpp for how it comes to be.
namespace vereda::engine {
namespace {

using protocol::DeviceId;
using protocol::Epoch;
using protocol::MemberId;
using protocol::Profile;
using protocol::Role;
using protocol::RosterPosition;
using protocol::TurfId;

/// Does what an open invite promises include this turf?
bool promises(const RosterInvite& invite, const RosterState& state, const TurfId& turf) {
    if (turf == state.common || invite.body.role == Role::coordinator) return true;
    return std::binary_search(invite.body.turfs.begin(), invite.body.turfs.end(), turf);
}

bool is_id(ByteView wire, ByteView id) {
    return std::equal(wire.begin(), wire.end(), id.begin(), id.end());
}

}  // namespace

std::optional<Role> Roster::role_of(const DeviceId& id, RosterPosition position) const {
    const RosterDevice* device = find(id);
    const bool counts =
        device != nullptr && position.value < size() && device->is_active_at(position);
    return counts ? role_at(state_.members[device->member_index], position) : std::nullopt;
}

std::optional<Role> Roster::role_of(const MemberId& id, RosterPosition position) const {
    const RosterMember* member = find(id);
    const bool counts = member != nullptr && position.value < size();
    return counts ? role_at(*member, position) : std::nullopt;
}

bool Roster::may_write(
    const DeviceId& id, const TurfId& turf, protocol::EventType type,
    RosterPosition position) const {
    const RosterDevice* device = find(id);
    if (device == nullptr || position.value >= size() || !device->is_active_at(position))
        return false;
    const RosterMember& member = state_.members[device->member_index];
    const auto role = role_at(member, position);
    if (!role) return false;
    if (turf == state_.common) return engine::may_write(*role, type, WritePlace::common);
    const bool is_own = has_turf(state_, member, *role, turf, position);
    return engine::may_write(*role, type, is_own ? WritePlace::own_turf : WritePlace::elsewhere);
}

bool Roster::may_name(
    const DeviceId& author, std::uint64_t kind, ByteView id, RosterPosition position) const {
    const auto role = role_of(author, position);
    if (!role) return false;
    const MemberId member = find(author)->member;
    bool is_own =
        kind == static_cast<std::uint64_t>(Profile::Kind::member) && is_id(id, member.view());
    if (kind == static_cast<std::uint64_t>(Profile::Kind::device)) {
        const auto named = DeviceId::parse(id);
        const RosterDevice* device = named ? find(*named) : nullptr;
        is_own = device != nullptr && device->member == member && device->enrolled <= position;
    }
    return engine::may_name(*role, is_own ? ProfileSubject::oneself : ProfileSubject::other);
}

bool Roster::is_active(const DeviceId& id, RosterPosition position) const {
    return role_of(id, position).has_value();
}

std::optional<MemberId> Roster::member_of(const DeviceId& id) const {
    const RosterDevice* device = find(id);
    return device != nullptr ? std::optional(device->member) : std::nullopt;
}

bool Roster::is_active(const DeviceId& id) const { return role_of(id).has_value(); }

std::optional<Role> Roster::role_of(const DeviceId& id) const {
    return empty() ? std::nullopt : role_of(id, last_position());
}

namespace {

/// Whether `holds` is true of one of these changes while it lasted, within [first, last].
template <class Changes, class Holds>
bool held_within(
    const Changes& changes, RosterPosition first, RosterPosition last, const Holds& holds) {
    for (auto change = changes.begin(); change != changes.end(); ++change) {
        const auto next = std::next(change);
        const bool lasted = next == changes.end() || first < next->from;
        if (holds(*change) && std::max(change->from, first) <= last && lasted) return true;
    }
    return false;
}

}  // namespace

bool Roster::ever_held(const DeviceId& id, const TurfId& turf, RosterPosition position) const {
    const RosterDevice* device = find(id);
    const RosterTurf* known = find(turf);
    if (device == nullptr || known == nullptr) return false;
    const RosterPosition first = std::max(device->enrolled, known->created);
    if (first > position) return false;
    if (turf == state_.common) return true;
    const RosterMember& member = state_.members[device->member_index];
    const auto coordinates = [](const RoleChange& change) {
        return change.role == Role::coordinator;
    };
    if (held_within(member.roles, first, position, coordinates)) return true;
    const TurfGrant* grant = member.find_grant(turf);
    const auto is_given = [](const GrantChange& change) { return change.granted; };
    return grant != nullptr && held_within(grant->changes, first, position, is_given);
}

bool Roster::holds_turf(const DeviceId& id, const TurfId& turf) const {
    const auto role = role_of(id);
    if (!role) return false;
    if (turf == state_.common) return true;
    const RosterMember& member = state_.members[find(id)->member_index];
    return has_turf(state_, member, *role, turf, last_position());
}

std::vector<TurfId> Roster::turfs_of(const DeviceId& id) const {
    std::vector<TurfId> held;
    for (const RosterTurf& turf : state_.turfs) {
        if (holds_turf(id, turf.id)) held.push_back(turf.id);
    }
    return held;
}

const RosterKeyEpoch* Roster::key_epoch(const TurfId& id, Epoch epoch) const {
    const RosterTurf* turf = find(id);
    const bool is_there = turf != nullptr && epoch.value >= 1 && epoch.value <= turf->epochs.size();
    return is_there ? &turf->epochs[epoch.value - 1] : nullptr;
}

std::optional<protocol::KeyCommitment> Roster::key_commitment(const TurfId& id, Epoch epoch) const {
    const RosterKeyEpoch* found = key_epoch(id, epoch);
    return found != nullptr ? std::optional(found->commitment) : std::nullopt;
}

std::optional<Epoch> Roster::current_epoch(const TurfId& id) const {
    return empty() ? std::nullopt : current_epoch(id, last_position());
}

std::optional<Epoch> Roster::current_epoch(const TurfId& id, RosterPosition position) const {
    const RosterTurf* turf = find(id);
    if (turf == nullptr || position.value >= size()) return std::nullopt;
    std::uint64_t epoch = turf->epochs.size();
    while (epoch > 0 && turf->epochs[epoch - 1].position > position) --epoch;
    return epoch > 0 ? std::optional(Epoch{epoch}) : std::nullopt;
}

std::vector<crypto::BoxPublicKey> Roster::key_recipients(const TurfId& turf) const {
    std::vector<crypto::BoxPublicKey> recipients;
    for (const RosterDevice& device : state_.devices) {
        if (holds_turf(device.keys.device, turf)) recipients.push_back(device.keys.box);
    }
    for (const auto& [position, invite] : state_.invites) {
        const bool is_open = invite.status == RosterInvite::Status::open;
        if (is_open && promises(invite, state_, turf)) recipients.push_back(invite.body.box_key);
    }
    std::sort(recipients.begin(), recipients.end());
    return recipients;
}

std::vector<crypto::BoxPublicKey> Roster::coordinator_box_keys() const {
    std::vector<crypto::BoxPublicKey> keys;
    for (const RosterDevice& device : state_.devices) {
        if (role_of(device.keys.device) == Role::coordinator) keys.push_back(device.keys.box);
    }
    return keys;
}

const RosterInvite* Roster::find_invite(RosterPosition position) const {
    const auto invite = state_.invites.find(position);
    return invite != state_.invites.end() ? &invite->second : nullptr;
}

std::vector<RosterInvite> Roster::open_invites() const {
    std::vector<RosterInvite> open;
    for (const auto& [position, invite] : state_.invites) {
        if (invite.status == RosterInvite::Status::open) open.push_back(invite);
    }
    return open;
}

}  // namespace vereda::engine
