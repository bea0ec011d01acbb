#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <vector>

#include "crypto/entropy.h"
#include "engine/clock.h"
#include "engine/roster/device_secrets.h"
#include "engine/roster/roster.h"
#include "protocol/roster/invite.h"
#include "protocol/roster/wrap.h"

/// Makes and signs roster entries. Nothing here is durable or sent: the caller offers an entry to
/// the hub (or, without one, appends it to its own roster), and when another entry came first, asks
/// for a new one on the new end.
namespace vereda::engine {

/// An entry and the wraps that hang off it, as `roster-append` uploads them.
struct WrittenEntry {
    protocol::RosterPosition position;
    Bytes wire;
    std::vector<protocol::SealedWrap> wraps;
};

/// A new workspace: genesis, the hub if there is one, the first key of `common`.
struct Founded {
    protocol::WorkspaceId workspace;
    protocol::MemberId member;
    std::vector<WrittenEntry> entries;
    crypto::SecretBytes common_key;  ///< K_1 of `common`; the caller keeps it in its vault.
};

/// Founds a workspace whose only member is a coordinator with this device. `recovery_key` goes on
/// paper. Asserts that the hub's key is a valid one and no other of these keys.
[[nodiscard]] Founded found(
    const DeviceSecrets& founder, const crypto::PublicKey& recovery_key,
    const std::optional<protocol::HubEntry>& hub, crypto::Entropy& entropy);

enum class RosterWriteError {
    no_authority,  ///< This device is no coordinator's, or no longer.
    unknown_turf,
    unknown_member,  ///< Not there, or retired.
    already_granted,
    no_key,   ///< This device has not the current key of a turf concerned.
    no_hub,   ///< An invite must say where to enrol.
    refused,  ///< The roster would not take the entry for another reason, such as its policy.
};

/// The key of a turf's epoch, if this device has it; the caller keeps it alive.
using TurfKeySource =
    std::function<const crypto::SecretBytes*(const protocol::TurfId&, protocol::Epoch)>;

struct TurfMade {
    protocol::TurfId turf;
    std::vector<WrittenEntry> entries;  ///< Turf created, then its first key epoch.
    crypto::SecretBytes key;            ///< K_1 of the turf.
};

/// Whom to invite. A coordinator gets every turf, the others these and `common`.
struct InviteOffer {
    protocol::Role role = protocol::Role::organiser;
    std::vector<protocol::TurfId> turfs;
    std::int64_t valid_for_ms = 7 * 24 * 3600 * std::int64_t{1000};
    std::optional<protocol::MemberId> member;  ///< For a further device of an existing member.
};

struct Invited {
    WrittenEntry entry;
    protocol::InviteCode code;  ///< For the newcomer alone.
    ByteArray<32> share{};      ///< For the hub, which releases it once.
};

/// Writes on one roster's end for one coordinator's device. Borrows all it is given.
class RosterWriter {
  public:
    RosterWriter(const Roster& roster, const crypto::SigningKey& author, crypto::Entropy& entropy)
        : roster_(&roster), author_(&author), entropy_(&entropy) {}

    /// A turf with its first key, sealed to every coordinator's device and open coordinator's
    /// invite.
    [[nodiscard]] std::expected<TurfMade, RosterWriteError> create_turf() const;

    /// Gives an existing member a turf, its current key sealed to each of the member's devices.
    [[nodiscard]] std::expected<WrittenEntry, RosterWriteError> grant(
        const protocol::MemberId& member, const protocol::TurfId& turf,
        const TurfKeySource& keys) const;

    /// Invites one device; it expires `valid_for_ms` after the clock's now, by the hub's clock.
    [[nodiscard]] std::expected<Invited, RosterWriteError> invite(
        const InviteOffer& offer, const TurfKeySource& keys, Clock& clock) const;

    /// Says where the hub is from now on.
    [[nodiscard]] std::expected<WrittenEntry, RosterWriteError> announce_hub(
        const protocol::HubEntry& hub) const;

  private:
    [[nodiscard]] bool is_coordinator() const;
    std::expected<WrittenEntry, RosterWriteError> write(
        Roster& end, protocol::RosterBody body, std::vector<protocol::SealedWrap> wraps) const;
    std::expected<std::vector<protocol::SealedWrap>, RosterWriteError> seal_turfs(
        const std::vector<protocol::TurfId>& turfs,
        const std::vector<crypto::BoxPublicKey>& recipients, const TurfKeySource& keys) const;

    const Roster* roster_;
    const crypto::SigningKey* author_;
    crypto::Entropy* entropy_;
};

/// The newcomer's entry, signed by invite, device and HTTP key. It lies right behind the invite
/// until `placed` moves it to the end. `member`: the code's for a further device, else 16
/// random bytes.
[[nodiscard]] protocol::RosterEntry make_enrolment(
    const protocol::InviteCode& code, const protocol::MemberId& member,
    const DeviceSecrets& device);

/// An enrolment as the next entry of `roster`: its signatures do not cover its place. The hub does
/// this.
[[nodiscard]] protocol::RosterEntry placed(protocol::RosterEntry enrolment, const Roster& roster);

}  // namespace vereda::engine
