#pragma once

#include <optional>

#include "engine/log/log_store.h"
#include "engine/roster/device_secrets.h"
#include "engine/vault/secrets.h"
#include "protocol/roster/invite.h"

namespace vereda::engine {

/// Who this laptop is: kept sealed in its vault, as one secret.
struct Identity {
    protocol::WorkspaceId workspace;
    protocol::MemberId member;
    protocol::Incarnation incarnation;
    protocol::RosterHash roster_end;  ///< Of the last roster entry that was verified and kept.
    DeviceSecrets keys;

    void save(LogStore& store, const SecretSealer& sealer) const;
    /// Throws StorageFailure when the vault's identity is missing or damaged.
    [[nodiscard]] static Identity load(LogStore& store, const SecretSealer& sealer);
};

/// What a laptop has begun with its hub and not heard the end of; repeated by every sync until it
/// has.
struct Beginnings {
    /// The `found` message of a workspace that is not on its hub yet.
    std::optional<Bytes> founding{};
    std::optional<protocol::InviteCode> joining;  ///< Its device is not on the roster yet.
    std::string member_name{};                    ///< To be told to the others once it has joined.
    std::string device_name{};

    void save(LogStore& store, const SecretSealer& sealer) const;
    [[nodiscard]] static Beginnings load(LogStore& store, const SecretSealer& sealer);
};

}  // namespace vereda::engine
