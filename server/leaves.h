#pragma once

#include "protocol/log/block.h"
#include "protocol/sync/message.h"

/// The hub's streams as hashes: chains over leaves, and the heads that the hub signs. Source:
/// docs/protocol.md "The hub's word".
namespace vereda::server {

/// The chain of a stream without leaves. The roster's stream is turf zeros.
[[nodiscard]] protocol::ChainHash first_chain(
    const protocol::WorkspaceId& workspace, std::uint64_t hub_epoch,
    const protocol::TurfId& stream);

/// The chain after one more block, or one more roster entry.
[[nodiscard]] protocol::ChainHash chain_after(
    const protocol::ChainHash& chain, const protocol::WorkspaceId& workspace,
    const protocol::ParsedBlock& block, const protocol::Acceptance& leaf);
[[nodiscard]] protocol::ChainHash chain_after(
    const protocol::ChainHash& chain, const protocol::WorkspaceId& workspace,
    const protocol::RosterHash& entry, const protocol::Acceptance& leaf);

/// A stream's head, not signed yet.
[[nodiscard]] protocol::SignedHead head_at(
    const protocol::TurfId& stream, std::uint64_t hub_epoch, std::uint64_t seq,
    const protocol::ChainHash& chain, protocol::Millis now);

/// Puts the hub's signature under it.
void sign(
    protocol::SignedHead& head, const protocol::WorkspaceId& workspace,
    const crypto::SigningKey& hub_key);

}  // namespace vereda::server
