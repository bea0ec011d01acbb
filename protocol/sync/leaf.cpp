#include "protocol/sync/leaf.h"

#include <algorithm>

#include "crypto/assert.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"
#include "protocol/limits.h"

namespace vereda::protocol {
namespace {

std::uint64_t read_u64(ByteView wire) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : wire.first(8)) value = value << 8 | byte;
    return value;
}

/// Takes fixed parts from the front of a leaf whose length is known to be right.
class LeafReader {
  public:
    explicit LeafReader(ByteView wire) : rest_(wire) {}
    ByteView take(std::size_t size) {
        const ByteView part = rest_.first(size);
        rest_ = rest_.subspan(size);
        return part;
    }
    template <class Id>
    Id id() {
        return *Id::parse(take(Id::size));
    }

  private:
    ByteView rest_;
};

bool is_consistent(const Leaf& leaf) {
    const bool has_payload = leaf.kind == LeafKind::block || leaf.kind == LeafKind::seal;
    const bool roster = leaf.kind == LeafKind::roster;
    return leaf.kind >= LeafKind::block && leaf.kind <= LeafKind::roster && leaf.stream_seq >= 1 &&
           leaf.accepted.value >= 0 && (has_payload || leaf.payload_hash.is_zero()) &&
           roster == leaf.stream.is_zero();
}

}  // namespace

Leaf leaf_of(const WorkspaceId& workspace, const ParsedBlock& block) {
    return {
        .kind = LeafKind::block,
        .workspace = workspace,
        .stream = block.core.turf,
        .object_hash = block.hash.bytes,
        .payload_hash = block.payload_hash};
}

Leaf leaf_of(const WorkspaceId& workspace, const RosterHash& entry) {
    return {.kind = LeafKind::roster, .workspace = workspace, .object_hash = entry.bytes};
}

LeafBytes encode_leaf(const Leaf& leaf) {
    VEREDA_ASSERT(is_consistent(leaf));
    Bytes out = domain_prefix("leaf");
    out.push_back(static_cast<std::uint8_t>(leaf.kind));
    append(out, leaf.workspace.view());
    append(out, leaf.stream.view());
    append_u64(out, leaf.stream_seq);
    append_u64(out, static_cast<std::uint64_t>(leaf.accepted.value));
    append(out, leaf.object_hash);
    append(out, leaf.payload_hash.view());
    LeafBytes bytes;
    VEREDA_ASSERT(out.size() == bytes.size());
    std::ranges::copy(out, bytes.begin());
    return bytes;
}

LeafBytes encode_leaf(Leaf leaf, const Acceptance& place) {
    leaf.stream_seq = place.stream_seq;
    leaf.accepted = place.accepted;
    return encode_leaf(leaf);
}

std::expected<Leaf, LeafError> parse_leaf(ByteView wire) {
    const Bytes prefix = domain_prefix("leaf");
    if (wire.size() != leaf_size || !std::ranges::equal(wire.first(prefix.size()), prefix)) {
        return std::unexpected(LeafError::malformed);
    }
    LeafReader reader(wire.subspan(prefix.size()));
    Leaf leaf;
    leaf.kind = static_cast<LeafKind>(reader.take(1)[0]);
    leaf.workspace = reader.id<WorkspaceId>();
    leaf.stream = reader.id<TurfId>();
    leaf.stream_seq = read_u64(reader.take(8));
    leaf.accepted.value = static_cast<std::int64_t>(read_u64(reader.take(8)));
    std::ranges::copy(reader.take(sizeof leaf.object_hash), leaf.object_hash.begin());
    leaf.payload_hash = reader.id<PayloadHash>();
    if (!is_consistent(leaf)) return std::unexpected(LeafError::malformed);
    return leaf;
}

ChainHash chain_start(const WorkspaceId& workspace, std::uint64_t hub_epoch, const TurfId& stream) {
    return DomainHash("chain")
        .update(workspace.view())
        .update_u64(hub_epoch)
        .update(stream.view())
        .finish_as<ChainHash>();
}

ChainHash chain_next(const ChainHash& chain, const LeafBytes& leaf) {
    return {crypto::Blake2b().update(chain.view()).update(leaf).finish_256()};
}

Bytes encode_stream_head(const StreamHead& head) {
    Bytes out;
    CborWriter writer(out);
    writer.array(5).unsigned_integer(head.hub_epoch).byte_string(head.turf.view());
    writer.unsigned_integer(head.turf_seq).byte_string(head.turf_chain.view());
    writer.integer(head.time.value);
    return out;
}

std::expected<StreamHead, LeafError> parse_stream_head(ByteView wire) {
    if (wire.size() > stream_head_size_max) return std::unexpected(LeafError::malformed);
    CborReader reader(wire);
    StreamHead head;
    reader.array_of(5);
    head.hub_epoch = reader.unsigned_integer();
    head.turf = reader.id<TurfId>();
    head.turf_seq = reader.unsigned_integer();
    head.turf_chain = reader.id<ChainHash>();
    head.time.value = reader.integer();
    if (!reader.finished() || head.hub_epoch == 0) return std::unexpected(LeafError::malformed);
    return head;
}

crypto::Signature sign_stream_head(
    const WorkspaceId& workspace, ByteView head, const crypto::SigningKey& hub_key) {
    return hub_key.sign(signed_message("head", workspace, head));
}

bool verify_stream_head(
    const WorkspaceId& workspace, ByteView head, const crypto::Signature& signature,
    const crypto::PublicKey& hub_key) {
    return crypto::verify(hub_key, signed_message("head", workspace, head), signature);
}

StreamHead head_of(const Seen& seen, const TurfId& turf) {
    return {
        .hub_epoch = seen.hub_epoch,
        .turf = turf,
        .turf_seq = seen.turf_seq,
        .turf_chain = seen.turf_chain,
        .time = seen.time};
}

}  // namespace vereda::protocol
