#include "engine/vault/vault_header.h"

#include <utility>

#include "crypto/assert.h"
#include "crypto/hash.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace {

using protocol::CborReader;
using protocol::CborWriter;

constexpr std::uint64_t header_version = 1;

crypto::Hash mac_of(ByteView body, const VaultKey& key) {
    const auto subkey = derive_subkey(key, KeyPurpose::header);
    return crypto::Blake2b(32, subkey.view())
        .update(protocol::domain_prefix("vault-header"))
        .update(body)
        .finish_256();
}

void write_slot(CborWriter& writer, const KeySlot& slot) {
    writer.array(7)
        .unsigned_integer(slot.id.value)
        .unsigned_integer(std::to_underlying(slot.kind))
        .unsigned_integer(slot.cost.memory_kib)
        .unsigned_integer(slot.cost.passes)
        .byte_string(slot.salt)
        .byte_string(slot.sealed_key)
        .byte_string(slot.commitment);
}

Bytes encode_body(const VaultHeader& header) {
    Bytes body;
    CborWriter writer(body);
    writer.array(3).unsigned_integer(header_version).unsigned_integer(header.next_slot.value);
    writer.array(header.slots.size());
    for (const KeySlot& slot : header.slots) write_slot(writer, slot);
    return body;
}

std::uint32_t read_u32(CborReader& reader) {
    const std::uint64_t value = reader.unsigned_integer();
    if (value > UINT32_MAX) reader.fail();
    return static_cast<std::uint32_t>(value);
}

SlotKind read_kind(CborReader& reader) {
    const std::uint64_t kind = reader.unsigned_integer();
    if (kind < 1 || kind > 3) reader.fail();
    return static_cast<SlotKind>(kind);
}

KeySlot read_slot(CborReader& reader) {
    KeySlot slot;
    reader.array_of(7);
    slot.id.value = read_u32(reader);
    slot.kind = read_kind(reader);
    slot.cost.memory_kib = read_u32(reader);
    slot.cost.passes = read_u32(reader);
    reader.fixed(slot.salt);
    reader.fixed(slot.sealed_key);
    reader.fixed(slot.commitment);
    return slot;
}

/// Slots ascend in id, below the next one; only passphrases have a cost.
bool is_consistent(const VaultHeader& header) {
    SlotId last{0};
    for (const KeySlot& slot : header.slots) {
        if (slot.id <= last || slot.id >= header.next_slot) return false;
        if (slot.kind != SlotKind::passphrase && slot.cost != crypto::PassphraseCost{0, 0})
            return false;
        last = slot.id;
    }
    return true;
}

/// Both dimensions, each: `<=>` compares the memory first.
bool cost_is_within_bounds(const KeySlot& slot) {
    if (slot.kind != SlotKind::passphrase) return true;
    const auto& floor = crypto::passphrase_cost_floor;
    const auto& ceiling = crypto::passphrase_cost_ceiling;
    return slot.cost.memory_kib >= floor.memory_kib && slot.cost.memory_kib <= ceiling.memory_kib &&
           slot.cost.passes >= floor.passes && slot.cost.passes <= ceiling.passes;
}

std::expected<VaultHeader, HeaderError> parse_header_body(ByteView body) {
    CborReader reader(body);
    const std::size_t items = reader.array();
    const std::uint64_t found = reader.unsigned_integer();
    if (reader.ok() && found > header_version) return std::unexpected(HeaderError::newer_version);
    VaultHeader header;
    header.next_slot.value = read_u32(reader);
    const std::size_t slots = reader.array();
    if (!reader.ok() || items != 3 || found != header_version || slots < 1 ||
        slots > key_slots_max) {
        return std::unexpected(HeaderError::malformed);
    }
    for (std::size_t i = 0; i < slots; ++i) header.slots.push_back(read_slot(reader));
    if (!reader.finished() || !is_consistent(header))
        return std::unexpected(HeaderError::malformed);
    for (const KeySlot& slot : header.slots) {
        if (!cost_is_within_bounds(slot)) return std::unexpected(HeaderError::cost_out_of_bounds);
    }
    return header;
}

}  // namespace

Bytes encode_header(const VaultHeader& header, const VaultKey& key) {
    VEREDA_ASSERT(
        !header.slots.empty() && header.slots.size() <= key_slots_max && is_consistent(header));
    const Bytes body = encode_body(header);
    Bytes file;
    CborWriter(file).array(2).byte_string(body).byte_string(mac_of(body, key));
    return file;
}

std::expected<UnverifiedHeader, HeaderError> parse_header(ByteView file) {
    if (file.size() > vault_header_size_max) return std::unexpected(HeaderError::malformed);
    UnverifiedHeader read;
    CborReader reader(file);
    reader.array_of(2);
    const ByteView body = reader.byte_string();
    reader.fixed(read.mac);
    if (!reader.finished()) return std::unexpected(HeaderError::malformed);
    auto header = parse_header_body(body);
    if (!header) return std::unexpected(header.error());
    read.header = std::move(*header);
    read.body.assign(body.begin(), body.end());
    return read;
}

bool verify_header(const UnverifiedHeader& header, const VaultKey& key) {
    return crypto::equal_in_constant_time(mac_of(header.body, key), header.mac);
}

}  // namespace vereda::engine
