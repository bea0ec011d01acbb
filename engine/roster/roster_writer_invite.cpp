#include <algorithm>

#include "crypto/assert.h"
#include "engine/roster/roster_writer.h"

/// Invites, and the enrolments that answer them.
namespace vereda::engine {
namespace {

using protocol::RosterEntry;
using protocol::TurfId;

/// The turfs whose keys an invite carries.
std::vector<TurfId> turfs_of_offer(const Roster& roster, const InviteOffer& offer) {
    std::vector<TurfId> turfs{roster.common()};
    if (offer.role == protocol::Role::coordinator) {
        turfs.clear();
        for (const RosterTurf& turf : roster.turfs()) {
            if (!turf.epochs.empty()) turfs.push_back(turf.id);
        }
    } else {
        turfs.insert(turfs.end(), offer.turfs.begin(), offer.turfs.end());
    }
    return turfs;
}

/// Ascending, each once, as the entry lists them; empty for a coordinator.
std::vector<TurfId> listed_turfs(const InviteOffer& offer) {
    if (offer.role == protocol::Role::coordinator) return {};
    std::vector<TurfId> turfs = offer.turfs;
    std::sort(turfs.begin(), turfs.end());
    turfs.erase(std::unique(turfs.begin(), turfs.end()), turfs.end());
    return turfs;
}

std::optional<RosterWriteError> refuse_offer(const Roster& roster, const InviteOffer& offer) {
    if (!roster.hub()) return RosterWriteError::no_hub;
    for (const TurfId& turf : offer.turfs) {
        if (roster.find(turf) == nullptr || turf == roster.common())
            return RosterWriteError::unknown_turf;
    }
    if (!offer.member) return std::nullopt;
    const RosterMember* member = roster.find(*offer.member);
    if (member == nullptr || member->ended) return RosterWriteError::unknown_member;
    return std::nullopt;
}

}  // namespace

std::expected<Invited, RosterWriteError> RosterWriter::invite(
    const InviteOffer& asked, const TurfKeySource& keys, Clock& clock) const {
    if (!is_coordinator()) return std::unexpected(RosterWriteError::no_authority);
    if (const auto refused = refuse_offer(*roster_, asked)) return std::unexpected(*refused);
    InviteOffer offer = asked;
    offer.turfs = listed_turfs(asked);
    const auto secret = entropy_->bytes<16>();
    const auto share = entropy_->bytes<32>();
    const crypto::BoxPublicKey box = protocol::invite_box_key(secret, share).public_key();
    auto wraps = seal_turfs(turfs_of_offer(*roster_, offer), {box}, keys);
    if (!wraps) return std::unexpected(wraps.error());

    const protocol::Invite body{
        .id = entropy_->id<protocol::InviteId>(),
        .signing_key = protocol::invite_signing_key(secret).public_key(),
        .box_key = box,
        .role = offer.role,
        .member = offer.member,
        .turfs = offer.turfs,
        .expires = {clock.now().value + offer.valid_for_ms},
        .wraps = wraps_root(*wraps)};
    Roster end = *roster_;
    auto entry = write(end, body, *std::move(wraps));
    if (!entry) return std::unexpected(entry.error());
    const protocol::HubEntry& hub = *roster_->hub();
    protocol::InviteCode code{hub.url,         hub.pin, end.workspace(), end.last_position(),
                              end.last_hash(), secret,  offer.member};
    return Invited{*std::move(entry), std::move(code), share};
}

RosterEntry make_enrolment(
    const protocol::InviteCode& code, const protocol::MemberId& member,
    const DeviceSecrets& device) {
    const protocol::DeviceEnrolled body{
        .invite = code.position, .member = member, .keys = device.public_keys()};
    const Bytes message = enrolment_to_sign(code.workspace, code.hash, body);
    const crypto::SigningKey invite = protocol::invite_signing_key(code.secret);
    RosterEntry entry{
        .position = {code.position.value + 1}, .predecessor = code.hash, .body = body};
    entry.signatures = {
        {invite.public_key(), invite.sign(message)},
        {device.signing.public_key(), device.signing.sign(message)},
        {device.http.public_key(), device.http.sign(message)}};
    return entry;
}

RosterEntry placed(RosterEntry enrolment, const Roster& roster) {
    VEREDA_ASSERT(enrolment.kind() == protocol::RosterKind::device_enrolled);
    enrolment.position = roster.next_position();
    enrolment.predecessor = roster.last_hash();
    return enrolment;
}

}  // namespace vereda::engine
