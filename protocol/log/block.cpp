#include "protocol/log/block.h"

#include "protocol/domain.h"
#include "protocol/limits.h"

namespace vereda::protocol {
namespace {

constexpr std::uint64_t core_version = 1;
constexpr std::size_t payload_hash_size = PayloadHash::size;

SeenCheckpoint read_checkpoint(CborReader& reader) {
    SeenCheckpoint checkpoint;
    reader.array_of(3);
    checkpoint.tree_size = reader.unsigned_integer();
    reader.fixed(checkpoint.tree_root);
    reader.fixed(checkpoint.signature);
    return checkpoint;
}

/// The first block of a log, and no other, has number 0, begins at seq 1 and follows nothing; every
/// block before this one held an entry at least.
bool place_is_consistent(const Core& core) {
    const bool first = core.block_no == 0;
    return first == core.previous.is_zero() && first == (core.first_seq.value == 1) &&
           core.block_no < core.first_seq.value;
}

bool limits_hold(const Core& core) {
    return core.count >= 1 && core.count <= block_entries_max && core.first_seq.value >= 1 &&
           core.first_seq.value <= seq_max - (core.count - 1) && core.epoch.value >= 1;
}

std::uint32_t read_count(CborReader& reader) {
    const std::uint64_t count = reader.unsigned_integer();
    if (count > block_entries_max) reader.fail();
    return static_cast<std::uint32_t>(count);
}

Core read_core(CborReader& reader) {
    Core core;
    reader.array_of(13);
    if (reader.unsigned_integer() != core_version) reader.fail();
    core.device = reader.id<DeviceId>();
    core.turf = reader.id<TurfId>();
    core.incarnation = reader.id<Incarnation>();
    core.block_no = reader.unsigned_integer();
    core.first_seq.value = reader.unsigned_integer();
    core.count = read_count(reader);
    core.previous = reader.id<BlockHash>();
    core.root = reader.id<RootHash>();
    core.epoch.value = reader.unsigned_integer();
    core.roster_position.value = reader.unsigned_integer();
    core.roster_hash = reader.id<RosterHash>();
    if (!reader.take_null()) core.seen = read_seen(reader);
    return core;
}

}  // namespace

Seen read_seen(CborReader& reader) {
    Seen seen;
    reader.array_of(6);
    seen.hub_epoch = reader.unsigned_integer();
    seen.turf_seq = reader.unsigned_integer();
    seen.turf_chain = reader.id<ChainHash>();
    seen.time.value = reader.integer();
    reader.fixed(seen.signature);
    if (!reader.take_null()) seen.checkpoint = read_checkpoint(reader);
    if (seen.hub_epoch == 0) reader.fail();
    return seen;
}

void write_seen(CborWriter& writer, const Seen& seen) {
    writer.array(6).unsigned_integer(seen.hub_epoch).unsigned_integer(seen.turf_seq);
    writer.byte_string(seen.turf_chain.view()).integer(seen.time.value);
    writer.byte_string(seen.signature);
    if (!seen.checkpoint) {
        writer.null();
        return;
    }
    writer.array(3).unsigned_integer(seen.checkpoint->tree_size);
    writer.byte_string(seen.checkpoint->tree_root).byte_string(seen.checkpoint->signature);
}

std::expected<Core, BlockError> parse_core(ByteView wire) {
    if (wire.size() > core_size_max) return std::unexpected(BlockError::too_large);
    CborReader reader(wire);
    const Core core = read_core(reader);
    if (!reader.finished() || !limits_hold(core) || !place_is_consistent(core)) {
        return std::unexpected(BlockError::malformed);
    }
    return core;
}

Bytes encode_core(const Core& core) {
    Bytes out;
    CborWriter writer(out);
    writer.array(13).unsigned_integer(core_version).byte_string(core.device.view());
    writer.byte_string(core.turf.view()).byte_string(core.incarnation.view());
    writer.unsigned_integer(core.block_no).unsigned_integer(core.first_seq.value);
    writer.unsigned_integer(core.count).byte_string(core.previous.view());
    writer.byte_string(core.root.view()).unsigned_integer(core.epoch.value);
    writer.unsigned_integer(core.roster_position.value).byte_string(core.roster_hash.view());
    if (core.seen) {
        write_seen(writer, *core.seen);
    } else {
        writer.null();
    }
    return out;
}

std::expected<ParsedBlock, BlockError> parse_block(const WorkspaceId& workspace, ByteView wire) {
    if (wire.size() > block_size_max) return std::unexpected(BlockError::too_large);
    CborReader reader(wire);
    ParsedBlock block;
    reader.array_of(3);
    block.header = reader.byte_string();
    reader.fixed(block.signature);
    block.payload = reader.byte_string();
    if (!reader.finished() || block.header.size() < payload_hash_size) {
        return std::unexpected(BlockError::malformed);
    }
    block.wire = wire;
    block.core_bytes = block.header.first(block.header.size() - payload_hash_size);
    block.payload_hash = *PayloadHash::parse(block.header.last(payload_hash_size));
    auto core = parse_core(block.core_bytes);
    if (!core) return std::unexpected(core.error());
    block.core = std::move(*core);
    block.hash = block_hash(workspace, block.header);
    block.log = log_id(workspace, block.core.device, block.core.turf, block.core.incarnation);
    return block;
}

bool verify_block(const WorkspaceId& workspace, const ParsedBlock& block) {
    const Bytes message = signed_message("block", workspace, block.header);
    return crypto::verify(block.core.device.bytes, message, block.signature);
}

bool carries_authors_payload(const ParsedBlock& block) {
    return payload_hash(block.payload) == block.payload_hash;
}

Bytes encode_block(ByteView header, const crypto::Signature& signature, ByteView payload) {
    Bytes out;
    out.reserve(header.size() + signature.size() + payload.size() + 16);
    CborWriter(out).array(3).byte_string(header).byte_string(signature).byte_string(payload);
    return out;
}

Bytes with_payload(const ParsedBlock& block, ByteView payload) {
    return encode_block(block.header, block.signature, payload);
}

crypto::Signature sign_block(
    const WorkspaceId& workspace, ByteView header, const crypto::SigningKey& device_key) {
    return device_key.sign(signed_message("block", workspace, header));
}

}  // namespace vereda::protocol
