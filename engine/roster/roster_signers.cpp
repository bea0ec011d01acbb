#include "engine/roster/roster_signers.h"

#include <algorithm>
#include <array>

namespace vereda::engine {
namespace {

using protocol::DeviceEnrolled;
using protocol::DeviceId;
using protocol::Genesis;
using protocol::RosterEntry;
using protocol::RosterKind;
using protocol::RosterSignature;

using Author = std::expected<std::optional<protocol::MemberId>, RosterError>;

bool are_signed(std::span<const RosterSignature> signatures, ByteView message) {
    return std::all_of(signatures.begin(), signatures.end(), [&](const RosterSignature& by) {
        return crypto::verify(by.signer, message, by.signature);
    });
}

/// Exactly these signers, in this order.
template <std::size_t count>
bool are_signers(const RosterEntry& entry, const std::array<crypto::PublicKey, count>& expected) {
    return std::equal(
        entry.signatures.begin(), entry.signatures.end(), expected.begin(), expected.end(),
        [](const RosterSignature& by, const crypto::PublicKey& key) { return by.signer == key; });
}

Author bearer_of_invite(const RosterState& state, const RosterEntry& entry, bool check_signatures) {
    const auto& body = std::get<DeviceEnrolled>(entry.body);
    const auto invite = state.invites.find(body.invite);
    if (invite == state.invites.end()) return std::unexpected(RosterError::unknown_target);
    const std::array expected{
        invite->second.body.signing_key, body.keys.device.bytes, body.keys.http};
    if (!are_signers(entry, expected)) return std::unexpected(RosterError::no_authority);
    if (!check_signatures) return std::nullopt;
    const Bytes message = protocol::enrolment_to_sign(state.workspace, invite->second.hash, body);
    if (!are_signed(entry.signatures, message)) return std::unexpected(RosterError::bad_signature);
    return std::nullopt;
}

Author founder(const RosterEntry& entry, bool check_signatures) {
    const auto& body = std::get<Genesis>(entry.body);
    if (!are_signers(entry, std::array<crypto::PublicKey, 1>{body.keys.device.bytes})) {
        return std::unexpected(RosterError::no_authority);
    }
    if (check_signatures && !are_signed(entry.signatures, protocol::message_to_sign({}, entry))) {
        return std::unexpected(RosterError::bad_signature);
    }
    return std::nullopt;
}

/// The coordinator whose active device `signer` is.
std::optional<protocol::MemberId> coordinator_with(
    const RosterState& state, const crypto::PublicKey& signer) {
    const RosterDevice* device = state.find(DeviceId{signer});
    if (device == nullptr || device->ended) return std::nullopt;
    const bool may_sign =
        state.members[device->member_index].role_now() == protocol::Role::coordinator;
    return may_sign ? std::optional(device->member) : std::nullopt;
}

bool needs_approval(const RosterState& state, const RosterEntry& entry) {
    return state.approvals.contains(entry.kind());
}

}  // namespace

Author author_of(const RosterState& state, const RosterEntry& entry, bool check_signatures) {
    if (entry.kind() == RosterKind::genesis) return founder(entry, check_signatures);
    if (entry.kind() == RosterKind::device_enrolled) {
        return bearer_of_invite(state, entry, check_signatures);
    }
    if (entry.signatures.size() != 1) return std::unexpected(RosterError::no_authority);
    const crypto::PublicKey& signer = entry.signatures[0].signer;
    const bool is_recovery =
        signer == state.recovery_key && entry.kind() == RosterKind::member_role;
    const auto coordinator = coordinator_with(state, signer);
    if (!is_recovery && !coordinator) return std::unexpected(RosterError::no_authority);
    if (check_signatures &&
        !are_signed(entry.signatures, protocol::message_to_sign(state.workspace, entry))) {
        return std::unexpected(RosterError::bad_signature);
    }
    if (!is_recovery && needs_approval(state, entry))
        return std::unexpected(RosterError::needs_approval);
    return coordinator;
}

}  // namespace vereda::engine
