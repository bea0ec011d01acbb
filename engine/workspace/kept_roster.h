#pragma once

#include <map>

#include "engine/log/log_store.h"
#include "engine/roster/roster.h"
#include "engine/vault/secrets.h"

/// What a vault keeps about its roster beside the entries.
namespace vereda::engine {

/// The requests with which this laptop put its own changes on the roster, wraps and shares
/// included, sealed. The roster's entries alone are with everybody, these parts with the hub and
/// their author: a hub that was put back to an older copy gets them from here. Durable with the
/// caller's transaction. What was kept for the same position before is replaced: it never came onto
/// the roster.
void keep_change(
    LogStore& store, const SecretSealer& sealer, protocol::RosterPosition position,
    ByteView request);

/// By position, ascending. Throws StorageFailure (corrupt) when one does not open.
[[nodiscard]] std::map<protocol::RosterPosition, Bytes> kept_changes(
    LogStore& store, const SecretSealer& sealer);

/// Evidence that the roster has parted: entries of others on the predecessors of ours, so that it
/// is shown until somebody settles it, whether or not the hub says it again.
void keep_forks(LogStore& store, const Roster& roster);
/// Gives them back to a roster just loaded, which verifies them anew.
void load_forks(LogStore& store, Roster& roster);

}  // namespace vereda::engine
