#pragma once

#include "protocol/sync/leaf.h"

/// What the hub says of how far a stream has come. Source: docs/protocol.md "The hub's word".
namespace vereda::server {

/// A stream's head, not signed yet. The roster's stream is turf zeros.
[[nodiscard]] protocol::SignedHead head_at(
    const protocol::TurfId& stream, std::uint64_t hub_epoch, std::uint64_t seq,
    const protocol::ChainHash& chain, protocol::Millis now);

/// Puts the hub's signature under it.
void sign(
    protocol::SignedHead& head, const protocol::WorkspaceId& workspace,
    const crypto::SigningKey& hub_key);

}  // namespace vereda::server
