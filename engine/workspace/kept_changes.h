#pragma once

#include <map>

#include "engine/log/log_store.h"
#include "engine/vault/secrets.h"

/// The requests with which this laptop put its own changes on the roster, wraps and shares
/// included, sealed in its vault. The roster's entries alone are with everybody, these parts with
/// the hub and their author: a hub that was put back to an older copy gets them from here.
namespace vereda::engine {

/// Durable with the caller's transaction. What was kept for the same position before is replaced:
/// it never came onto the roster.
void keep_change(
    LogStore& store, const SecretSealer& sealer, protocol::RosterPosition position,
    ByteView request);

/// By position, ascending. Throws StorageFailure (corrupt) when one does not open.
[[nodiscard]] std::map<protocol::RosterPosition, Bytes> kept_changes(
    LogStore& store, const SecretSealer& sealer);

}  // namespace vereda::engine
