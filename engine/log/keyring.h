#pragma once

#include <map>
#include <optional>
#include <utility>

#include "engine/log/log_store.h"
#include "engine/roster/roster.h"
#include "engine/vault/secrets.h"
#include "protocol/log/epoch_keys.h"

namespace vereda::engine {

/// The turf keys that this laptop holds, each checked against its commitment on the roster.
/// `find` may be called from several threads while nothing is added.
class Keyring {
  public:
    enum class AddError { no_such_epoch, wrong_commitment };

    /// Opens what the vault keeps. A key that does not open is missing until it comes again.
    void load(LogStore& store, const SecretSealer& sealer);
    /// Checks and remembers a key, in memory and (sealed) in `store`; the caller commits.
    [[nodiscard]] std::expected<void, AddError> add(
        const Roster& roster, const protocol::TurfId& turf, protocol::Epoch epoch,
        ByteView epoch_key, LogStore& store, const SecretSealer& sealer);
    /// Unlocks the epochs before those it holds: each carries its predecessor's key. The caller
    /// commits.
    void unlock_history(const Roster& roster, LogStore& store, const SecretSealer& sealer);

    [[nodiscard]] const protocol::EpochKeys* find(
        const protocol::TurfId& turf, protocol::Epoch epoch) const;
    [[nodiscard]] std::size_t size() const { return keys_.size(); }

  private:
    std::map<std::pair<protocol::TurfId, protocol::Epoch>, protocol::EpochKeys> keys_;
};

}  // namespace vereda::engine
