#pragma once

#include <map>

#include "engine/roster/roster.h"
#include "engine/roster/roster_writer.h"

namespace vereda::engine::test {

/// A workspace in one place: its founder, its hub, and whoever joins, with every secret at hand.
class RosterWorld {
  public:
    explicit RosterWorld(
        std::uint64_t seed = 1, const std::vector<protocol::PolicyRule>& policy = {});

    /// The next entry, by any key; not appended.
    [[nodiscard]] Bytes signed_by(
        const crypto::SigningKey& author, const protocol::RosterBody& body) const;
    /// The same, as the founder's device signs it, appended.
    std::expected<RosterAppended, RosterError> say(const protocol::RosterBody& body);
    std::expected<RosterAppended, RosterError> say(
        const crypto::SigningKey& author, const protocol::RosterBody& body);

    void take(const std::vector<WrittenEntry>& entries);
    void take(const WrittenEntry& entry);

    [[nodiscard]] RosterWriter writer() { return {roster, founder.signing, entropy}; }
    [[nodiscard]] TurfKeySource keys() const;

    protocol::TurfId make_turf();
    Invited make_invite(const InviteOffer& offer);
    /// A newcomer, whose device has a role and turfs by invite; a further device if the offer says
    /// so.
    struct Joined {
        protocol::MemberId member;
        DeviceSecrets device;
        [[nodiscard]] protocol::DeviceId id() const { return device.device(); }
    };
    Joined join(const InviteOffer& offer);
    Joined join(protocol::Role role, const std::vector<protocol::TurfId>& turfs = {});

    [[nodiscard]] protocol::RosterPosition now() const { return roster.last_position(); }
    /// A fresh pair of keys for one device.
    [[nodiscard]] DeviceSecrets fresh_device() { return DeviceSecrets::generate(entropy); }

    crypto::SeededEntropy entropy;
    FakeClock clock{{1'800'000'000'000}};
    DeviceSecrets founder;
    crypto::SigningKey recovery;
    protocol::MemberId founder_member;
    protocol::HubEntry hub;
    Roster roster;
    std::map<protocol::TurfId, crypto::SecretBytes> turf_keys;
};

}  // namespace vereda::engine::test
