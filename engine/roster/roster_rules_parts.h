#pragma once

#include <algorithm>
#include <span>

#include "engine/roster/roster_rules.h"

/// The rules by subject; `apply` in roster_rules.cpp sends each kind of entry to its own.
namespace vereda::engine::roster_rules {

using Refused = std::optional<RosterError>;

[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::DeviceEnrolled&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Invite&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::InviteCancelled&);

[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::HubEntry&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::TurfCreated&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Granted&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Ungranted&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::KeyEpoch&);

[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::MemberRole&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Retired&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Compromised&);

[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::CloseLateWork&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Adopt&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Reject&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::EraseOrder&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Supplement&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Propose&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::Approve&);
[[nodiscard]] Refused act_on(RosterState&, const RosterAct&, const protocol::ResolveFork&);

/// A member who may still speak, or nothing.
[[nodiscard]] RosterMember* active_member(RosterState& state, const protocol::MemberId& id);

/// Is there a coordinator with a device that may sign, once `is_out` is taken away?
template <class IsOut>
[[nodiscard]] bool somebody_can_sign(const RosterState& state, IsOut is_out) {
    return std::any_of(state.devices.begin(), state.devices.end(), [&](const RosterDevice& device) {
        const RosterMember& member = state.members[device.member_index];
        return !device.ended && member.role_now() == protocol::Role::coordinator && !is_out(device);
    });
}

/// Are these signing and box keys sound, different from each other, and in no other use?
[[nodiscard]] Refused refuse_keys(
    const RosterState& state, const RosterAct& act, std::span<const crypto::PublicKey> signing,
    std::span<const crypto::BoxPublicKey> boxes);
void use_keys(RosterState& state, std::span<const ByteArray<32>> keys);

/// A new member with one role; returns its index.
std::size_t add_member(
    RosterState& state, const protocol::MemberId& id, protocol::Role role,
    protocol::RosterPosition position);
void add_device(
    RosterState& state, const protocol::DeviceKeys& keys, std::size_t member,
    protocol::RosterPosition position);
void change_grant(RosterMember& member, const protocol::TurfId& turf, GrantChange change);
void add_turf(RosterState& state, const protocol::TurfId& turf, protocol::RosterPosition position);

}  // namespace vereda::engine::roster_rules
