#include "server/hub/stream_head.h"

namespace vereda::server {

protocol::SignedHead head_at(
    const protocol::TurfId& stream, std::uint64_t hub_epoch, std::uint64_t seq,
    const protocol::ChainHash& chain, protocol::Millis now) {
    const protocol::StreamHead head{hub_epoch, stream, seq, chain, now};
    return {protocol::encode_stream_head(head), {}};
}

void sign(
    protocol::SignedHead& head, const protocol::WorkspaceId& workspace,
    const crypto::SigningKey& hub_key) {
    head.signature = protocol::sign_stream_head(workspace, head.head, hub_key);
}

}  // namespace vereda::server
