#include "server/leaves.h"

#include "protocol/sync/leaf.h"

namespace vereda::server {

using protocol::ChainHash;
using protocol::Leaf;
using protocol::LeafKind;

ChainHash first_chain(
    const protocol::WorkspaceId& workspace, std::uint64_t hub_epoch,
    const protocol::TurfId& stream) {
    return protocol::chain_start(workspace, hub_epoch, stream);
}

ChainHash chain_after(
    const ChainHash& chain, const protocol::WorkspaceId& workspace,
    const protocol::ParsedBlock& block, const protocol::Acceptance& leaf) {
    const Leaf full{
        .kind = LeafKind::block,
        .workspace = workspace,
        .stream = block.core.turf,
        .stream_seq = leaf.stream_seq,
        .accepted = leaf.accepted,
        .object_hash = block.hash.bytes,
        .payload_hash = block.payload_hash};
    return protocol::chain_next(chain, protocol::encode_leaf(full));
}

ChainHash chain_after(
    const ChainHash& chain, const protocol::WorkspaceId& workspace,
    const protocol::RosterHash& entry, const protocol::Acceptance& leaf) {
    const Leaf full{
        .kind = LeafKind::roster,
        .workspace = workspace,
        .stream = {},
        .stream_seq = leaf.stream_seq,
        .accepted = leaf.accepted,
        .object_hash = entry.bytes,
        .payload_hash = {}};
    return protocol::chain_next(chain, protocol::encode_leaf(full));
}

protocol::SignedHead head_at(
    const protocol::TurfId& stream, std::uint64_t hub_epoch, std::uint64_t seq,
    const ChainHash& chain, protocol::Millis now) {
    const protocol::StreamHead head{hub_epoch, stream, seq, chain, now};
    return {protocol::encode_stream_head(head), {}};
}

void sign(
    protocol::SignedHead& head, const protocol::WorkspaceId& workspace,
    const crypto::SigningKey& hub_key) {
    head.signature = protocol::sign_stream_head(workspace, head.head, hub_key);
}

}  // namespace vereda::server
