#include "protocol/log/payload.h"

#include <algorithm>

#include "crypto/aead.h"
#include "crypto/assert.h"
#include "protocol/domain.h"
#include "protocol/limits.h"
#include "protocol/log/commitment.h"
#include "protocol/log/packing.h"

namespace vereda::protocol {
namespace {

using crypto::Hash;

constexpr std::size_t payload_overhead = crypto::nonce_size + crypto::aead_tag_size;

/// Working memory that outlives a call: 24 KiB that need not be allocated and zeroed for every
/// block.
struct Scratch {
    Salts salts;
    std::array<Hash, block_leaves_max> leaves;
};

Scratch& thread_scratch() {
    thread_local Scratch scratch;
    return scratch;
}

Seq seq_of_slot(Seq first, std::size_t index) { return {first.value + index}; }

// Closing

RootHash commit(const LogId& log, const BlockDraft& draft, const Salt& seed) {
    Scratch& scratch = thread_scratch();
    const auto count = static_cast<std::uint32_t>(draft.entries.size());
    VEREDA_ASSERT(expand_cover({&seed, 1}, count, {}, scratch.salts));
    LeafHasher hasher(log);
    scratch.leaves[0] = hasher.preamble(scratch.salts[0], draft.first_seq, draft.preamble);
    for (std::size_t i = 0; i < count; ++i) {
        const Seq seq = seq_of_slot(draft.first_seq, i);
        scratch.leaves[i + 1] = hasher.entry(scratch.salts[i + 1], seq, draft.entries[i]);
    }
    return {merkle_root_in_place(std::span(scratch.leaves).first(count + 1))};
}

Core make_core(const BlockDraft& draft, const DeviceId& device, const RootHash& root) {
    return {
        .device = device,
        .turf = draft.turf,
        .incarnation = draft.incarnation,
        .block_no = draft.block_no,
        .first_seq = draft.first_seq,
        .count = static_cast<std::uint32_t>(draft.entries.size()),
        .previous = draft.previous,
        .root = root,
        .epoch = draft.epoch,
        .roster_position = draft.roster_position,
        .roster_hash = draft.roster_hash,
        .seen = draft.seen};
}

/// A preamble has heads exactly in `common`, and neither it nor its table names the block's own
/// log.
bool preamble_belongs(
    const Preamble& preamble, const WorkspaceId& workspace, const TurfId& turf, const LogId& own) {
    if (preamble.heads.has_value() != (turf == common_turf(workspace))) return false;
    const auto is_own = [&](const auto& row) { return row.log == own; };
    if (std::ranges::any_of(preamble.table, is_own)) return false;
    return !preamble.heads || std::ranges::none_of(*preamble.heads, is_own);
}

void assert_closable(const BlockDraft& draft, const LogId& log) {
    BlockBudget budget;
    for (const Bytes& entry : draft.entries) VEREDA_ASSERT(budget.add(entry.size()));
    VEREDA_ASSERT(draft.preamble.size() <= preamble_size_max);
    const auto preamble = parse_preamble(draft.preamble);
    VEREDA_ASSERT(preamble && preamble_belongs(*preamble, draft.workspace, draft.turf, log));
}

// Opening

std::expected<Bytes, PayloadError> open_packed(
    const EpochKeys& keys, ByteView associated, ByteView payload) {
    if (payload.size() < payload_overhead + packed_size_min ||
        payload.size() > payload_overhead + packed_size_max) {
        return std::unexpected(PayloadError::wrong_size);
    }
    crypto::Nonce nonce;
    std::copy_n(payload.begin(), crypto::nonce_size, nonce.begin());
    auto packed =
        crypto::aead_open(keys.payload(), nonce, associated, payload.subspan(crypto::nonce_size));
    if (!packed) return std::unexpected(PayloadError::does_not_open);
    if (synthetic_nonce(keys, associated, *packed) != nonce) {
        return std::unexpected(PayloadError::wrong_nonce);
    }
    return std::move(*packed);
}

/// An entry (a byte string) or an empty slot (an array of one byte string, the leaf).
Slot read_slot(CborReader& reader) {
    if (reader.peek() == CborReader::Kind::byte_string) {
        const ByteView entry = reader.byte_string();
        if (entry.empty() || entry.size() > entry_size_max) reader.fail();
        return {entry, true};
    }
    reader.array_of(1);
    const ByteView leaf = reader.byte_string();
    if (leaf.size() != sizeof(Hash)) reader.fail();
    return {leaf, false};
}

/// Reads [preamble, cover, slots] from opened.plain into views of it.
bool read_plain(OpenedPayload& opened, std::uint32_t count) {
    CborReader reader(opened.plain);
    reader.array_of(3);
    opened.preamble_bytes = reader.byte_string();
    const std::size_t nodes = reader.array();
    if (nodes > block_leaves_max) return false;
    for (std::size_t i = 0; i < nodes; ++i) opened.cover.push_back(reader.id<Salt>());
    reader.array_of(count);
    opened.slots.reserve(count);
    std::size_t entries_size = 0;
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        const Slot slot = opened.slots.emplace_back(read_slot(reader));
        if (slot.present) entries_size += slot.bytes.size();
        opened.empty[i + 1] = !slot.present;
    }
    return reader.finished() && entries_size <= entries_size_max;
}

/// The root over what the slots hold, in the salts of the thread's scratch memory.
RootHash recompute_root(const OpenedPayload& opened, const LogId& log, Seq first_seq) {
    Scratch& scratch = thread_scratch();
    LeafHasher hasher(log);
    scratch.leaves[0] = hasher.preamble(scratch.salts[0], first_seq, opened.preamble_bytes);
    for (std::size_t i = 0; i < opened.slots.size(); ++i) {
        const Slot& slot = opened.slots[i];
        Hash& leaf = scratch.leaves[i + 1];
        if (slot.present) {
            leaf = hasher.entry(scratch.salts[i + 1], seq_of_slot(first_seq, i), slot.bytes);
        } else {
            std::ranges::copy(slot.bytes, leaf.begin());
        }
    }
    return {merkle_root_in_place(std::span(scratch.leaves).first(opened.slots.size() + 1))};
}

std::expected<void, PayloadError> check_commitments(
    const OpenedPayload& opened, const ParsedBlock& block) {
    const Core& core = block.core;
    if (!expand_cover(opened.cover, core.count, opened.empty, thread_scratch().salts)) {
        return std::unexpected(PayloadError::wrong_cover);
    }
    if (recompute_root(opened, block.log, core.first_seq) != core.root) {
        return std::unexpected(PayloadError::wrong_root);
    }
    return {};
}

}  // namespace

ClosedBlock close_block(
    const BlockDraft& draft, const EpochKeys& keys, const crypto::SigningKey& device_key,
    const ByteArray<16>& seed, int compression_level) {
    const DeviceId device{device_key.public_key()};
    const LogId log = log_id(draft.workspace, device, draft.turf, draft.incarnation);
    assert_closable(draft, log);
    const Salt seed_node{seed};
    Core core = make_core(draft, device, commit(log, draft, seed_node));
    Bytes header = encode_core(core);
    VEREDA_ASSERT(parse_core(header).has_value());

    std::vector<Slot> slots;
    slots.reserve(draft.entries.size());
    for (const Bytes& entry : draft.entries) slots.push_back({entry, true});
    const Bytes plain = encode_plain(draft.preamble, {&seed_node, 1}, slots);
    const Bytes associated = payload_associated(draft.workspace, header);
    const Bytes payload = seal_packed(keys, associated, pack(plain, compression_level));
    const PayloadHash sealed = payload_hash(payload);
    append(header, sealed.view());
    const crypto::Signature signature = sign_block(draft.workspace, header, device_key);
    return {
        .wire = encode_block(header, signature, payload),
        .hash = block_hash(draft.workspace, header),
        .payload_hash = sealed,
        .log = log,
        .core = std::move(core)};
}

std::expected<OpenedPayload, PayloadError> open_payload(
    const ParsedBlock& block, const EpochKeys& keys, const WorkspaceId& workspace) {
    const Bytes associated = payload_associated(workspace, block.core_bytes);
    const auto packed = open_packed(keys, associated, block.payload);
    if (!packed) return std::unexpected(packed.error());
    auto plain = unpack(*packed);
    if (!plain) return std::unexpected(PayloadError::bad_frame);

    OpenedPayload opened;
    opened.plain = std::move(*plain);
    if (!read_plain(opened, block.core.count)) return std::unexpected(PayloadError::malformed);
    const auto checked = check_commitments(opened, block);
    if (!checked) return std::unexpected(checked.error());
    auto preamble = parse_preamble(opened.preamble_bytes);
    if (!preamble || !preamble_belongs(*preamble, workspace, block.core.turf, block.log)) {
        return std::unexpected(PayloadError::malformed_preamble);
    }
    opened.preamble = std::move(*preamble);
    return opened;
}

Bytes reseal_payload(
    const ParsedBlock& block, const OpenedPayload& opened, const EmptySlots& emptier,
    const EpochKeys& keys, const WorkspaceId& workspace, int compression_level) {
    const std::uint32_t count = block.core.count;
    const auto cover = puncture(opened.cover, count, opened.empty, emptier);
    Scratch& scratch = thread_scratch();
    VEREDA_ASSERT(cover && expand_cover(opened.cover, count, opened.empty, scratch.salts));
    LeafHasher hasher(block.log);
    std::vector<Slot> slots = opened.slots;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (!slots[i].present || !emptier[i + 1]) continue;
        const Seq seq = seq_of_slot(block.core.first_seq, i);
        Hash& leaf = scratch.leaves[i + 1];
        leaf = hasher.entry(scratch.salts[i + 1], seq, slots[i].bytes);
        slots[i] = {leaf, false};
    }
    const Bytes plain = encode_plain(opened.preamble_bytes, *cover, slots);
    const Bytes associated = payload_associated(workspace, block.core_bytes);
    return seal_packed(keys, associated, pack(plain, compression_level));
}

Bytes payload_associated(const WorkspaceId& workspace, ByteView core) {
    return signed_message("payload", workspace, core);
}

Bytes seal_packed(const EpochKeys& keys, ByteView associated, ByteView packed) {
    const crypto::Nonce nonce = synthetic_nonce(keys, associated, packed);
    const Bytes sealed = crypto::aead_seal(keys.payload(), nonce, associated, packed);
    Bytes payload(nonce.begin(), nonce.end());
    append(payload, sealed);
    return payload;
}

Bytes encode_plain(ByteView preamble, std::span<const Salt> cover, std::span<const Slot> slots) {
    std::size_t size = 64 + preamble.size() + 17 * cover.size();
    for (const Slot& slot : slots) size += slot.bytes.size() + 3;
    Bytes plain;
    plain.reserve(size);
    CborWriter writer(plain);
    writer.array(3).byte_string(preamble).array(cover.size());
    for (const Salt& node : cover) writer.byte_string(node.view());
    writer.array(slots.size());
    for (const Slot& slot : slots) {
        if (!slot.present) writer.array(1);
        writer.byte_string(slot.bytes);
    }
    return plain;
}

}  // namespace vereda::protocol
