#include "engine/roster/roster_writer.h"

#include <algorithm>
#include <tuple>

#include "crypto/assert.h"
#include "protocol/domain.h"
#include "protocol/log/epoch_keys.h"

namespace vereda::engine {
namespace {

using protocol::Epoch;
using protocol::KeyEpoch;
using protocol::RosterBody;
using protocol::RosterEntry;
using protocol::RosterPosition;
using protocol::SealedWrap;
using protocol::TurfId;

constexpr Epoch first_epoch{1};

/// The next entry of `roster`, signed by one key.
RosterEntry signed_next(const Roster& roster, RosterBody body, const crypto::SigningKey& author) {
    RosterEntry entry{.position = roster.next_position(), .body = std::move(body)};
    if (!roster.empty()) entry.predecessor = roster.last_hash();
    const Bytes message = message_to_sign(roster.workspace(), entry);
    entry.signatures = {{author.public_key(), author.sign(message)}};
    return entry;
}

void sort_leaves(std::vector<SealedWrap>& wraps) {
    const auto key = [](const SealedWrap& wrap) {
        return std::tie(wrap.turf, wrap.epoch, wrap.recipient);
    };
    std::sort(wraps.begin(), wraps.end(), [&](const SealedWrap& a, const SealedWrap& b) {
        return key(a) < key(b);
    });
}

/// The first key of `turf`, sealed to each recipient, for the entry at `position`.
std::vector<SealedWrap> seal_first_key(
    const protocol::WorkspaceId& workspace, const TurfId& turf, RosterPosition position,
    const std::vector<crypto::BoxPublicKey>& recipients, ByteView key) {
    std::vector<SealedWrap> wraps;
    for (const crypto::BoxPublicKey& recipient : recipients) {
        wraps.push_back(
            protocol::seal_wrap({workspace, turf, first_epoch, recipient, position}, key));
    }
    sort_leaves(wraps);
    return wraps;
}

KeyEpoch first_key_epoch(const TurfId& turf, ByteView key, const std::vector<SealedWrap>& wraps) {
    return {
        .turf = turf,
        .epoch = first_epoch,
        .commitment = protocol::EpochKeys::derive(key).commitment(),
        .previous = {},
        .wraps = wraps_root(wraps)};
}

/// Signs and appends an entry that cannot be refused; for founding, where all of it is ours.
WrittenEntry write_own(
    Roster& roster, RosterBody body, const crypto::SigningKey& author,
    std::vector<SealedWrap> wraps) {
    const RosterEntry entry = signed_next(roster, std::move(body), author);
    Bytes wire = encode(entry);
    VEREDA_ASSERT(roster.append(wire).has_value());
    return {entry.position, std::move(wire), std::move(wraps)};
}

RosterEntry signed_genesis(
    const DeviceSecrets& founder, const crypto::PublicKey& recovery_key,
    const protocol::MemberId& member) {
    const protocol::Genesis body{
        .founder = member,
        .keys = founder.public_keys(),
        .recovery_key = recovery_key,
        .policy = {}};
    return signed_next(Roster({}), body, founder.signing);
}

}  // namespace

Founded found(
    const DeviceSecrets& founder, const crypto::PublicKey& recovery_key,
    const std::optional<protocol::HubEntry>& hub, crypto::Entropy& entropy) {
    const auto member = entropy.id<protocol::MemberId>();
    const RosterEntry genesis = signed_genesis(founder, recovery_key, member);
    Founded made{.workspace = workspace_of_genesis(genesis), .member = member};
    Roster roster(made.workspace);
    made.entries.push_back({.position = {0}, .wire = encode(genesis), .wraps = {}});
    VEREDA_ASSERT(roster.append(made.entries[0].wire).has_value());
    if (hub) made.entries.push_back(write_own(roster, *hub, founder.signing, {}));

    made.common_key = crypto::SecretBytes::random(protocol::turf_key_size, entropy);
    auto wraps = seal_first_key(
        made.workspace, roster.common(), roster.next_position(), {founder.box.public_key()},
        made.common_key.view());
    const KeyEpoch epoch = first_key_epoch(roster.common(), made.common_key.view(), wraps);
    made.entries.push_back(write_own(roster, epoch, founder.signing, std::move(wraps)));
    return made;
}

bool RosterWriter::is_coordinator() const {
    const protocol::DeviceId device{author_->public_key()};
    return roster_->role_of(device) == protocol::Role::coordinator;
}

/// Signs `body` and appends it to `end`, so that nothing leaves this house that another roster
/// would refuse.
std::expected<WrittenEntry, RosterWriteError> RosterWriter::write(
    Roster& end, RosterBody body, std::vector<SealedWrap> wraps) const {
    const RosterEntry entry = signed_next(end, std::move(body), *author_);
    Bytes wire = encode(entry);
    if (!end.append(wire)) return std::unexpected(RosterWriteError::refused);
    return WrittenEntry{entry.position, std::move(wire), std::move(wraps)};
}

std::expected<TurfMade, RosterWriteError> RosterWriter::create_turf() const {
    if (!is_coordinator()) return std::unexpected(RosterWriteError::no_authority);
    TurfMade made{
        .turf = entropy_->id<TurfId>(),
        .entries = {},
        .key = crypto::SecretBytes::random(protocol::turf_key_size, *entropy_)};
    Roster end = *roster_;
    auto created = write(end, protocol::TurfCreated{made.turf}, {});
    if (!created) return std::unexpected(created.error());
    auto wraps = seal_first_key(
        end.workspace(), made.turf, end.next_position(), end.key_recipients(made.turf),
        made.key.view());
    const KeyEpoch epoch = first_key_epoch(made.turf, made.key.view(), wraps);
    auto keyed = write(end, epoch, std::move(wraps));
    if (!keyed) return std::unexpected(keyed.error());
    made.entries.push_back(*std::move(created));
    made.entries.push_back(*std::move(keyed));
    return made;
}

/// The current keys of `turfs` for the next entry; all or nothing.
std::expected<std::vector<SealedWrap>, RosterWriteError> RosterWriter::seal_turfs(
    const std::vector<TurfId>& turfs, const std::vector<crypto::BoxPublicKey>& recipients,
    const TurfKeySource& keys) const {
    std::vector<SealedWrap> wraps;
    for (const TurfId& turf : turfs) {
        const auto epoch = roster_->current_epoch(turf);
        const crypto::SecretBytes* key = epoch ? keys(turf, *epoch) : nullptr;
        if (key == nullptr) return std::unexpected(RosterWriteError::no_key);
        const auto derived = protocol::EpochKeys::derive(key->view());
        if (derived.commitment() != roster_->key_commitment(turf, *epoch)) {
            return std::unexpected(RosterWriteError::no_key);
        }
        for (const crypto::BoxPublicKey& recipient : recipients) {
            wraps.push_back(protocol::seal_wrap(
                {roster_->workspace(), turf, *epoch, recipient, roster_->next_position()},
                key->view()));
        }
    }
    sort_leaves(wraps);
    return wraps;
}

std::expected<WrittenEntry, RosterWriteError> RosterWriter::grant(
    const protocol::MemberId& id, const TurfId& turf, const TurfKeySource& keys) const {
    if (!is_coordinator()) return std::unexpected(RosterWriteError::no_authority);
    const RosterMember* member = roster_->find(id);
    if (member == nullptr || member->ended)
        return std::unexpected(RosterWriteError::unknown_member);
    if (roster_->find(turf) == nullptr) return std::unexpected(RosterWriteError::unknown_turf);
    if (member->is_granted_now(turf) || turf == roster_->common()) {
        return std::unexpected(RosterWriteError::already_granted);
    }

    std::vector<crypto::BoxPublicKey> recipients;
    for (const protocol::DeviceId& device : member->devices) {
        if (roster_->is_active(device)) recipients.push_back(roster_->find(device)->keys.box);
    }
    auto wraps = seal_turfs({turf}, recipients, keys);
    if (!wraps) return std::unexpected(wraps.error());
    Roster end = *roster_;
    const protocol::Granted body{id, turf, wraps_root(*wraps)};
    return write(end, body, *std::move(wraps));
}

std::expected<WrittenEntry, RosterWriteError> RosterWriter::announce_hub(
    const protocol::HubEntry& hub) const {
    if (!is_coordinator()) return std::unexpected(RosterWriteError::no_authority);
    Roster end = *roster_;
    return write(end, hub, {});
}

}  // namespace vereda::engine
