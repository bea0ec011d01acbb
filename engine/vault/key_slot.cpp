#include "engine/vault/key_slot.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "crypto/hash.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace {

/// BLAKE2b-256(key = secret, domain | salt): for secrets that nobody can guess, so nothing needs to
/// be slow.
crypto::SecretBytes hash_random_secret(std::string_view domain, ByteView secret, ByteView salt) {
    crypto::SecretBytes key(32);
    crypto::Blake2b(32, secret)
        .update(protocol::domain_prefix(domain))
        .update(salt)
        .finish(key.writable());
    return key;
}

crypto::SecretBytes key_of_file(ByteView contents, ByteView salt) {
    crypto::SecretBytes digest(64);
    crypto::Blake2b(64)
        .update(protocol::domain_prefix("key-file"))
        .update(contents)
        .finish(digest.writable());
    return hash_random_secret("key-file-slot", digest.view(), salt);
}

std::expected<crypto::SecretBytes, crypto::PassphraseError> slot_key(
    const KeySecret& secret, const ByteArray<16>& salt, crypto::PassphraseCost cost) {
    switch (secret.kind) {
        case SlotKind::passphrase:
            return crypto::derive_passphrase_key(secret.bytes, salt, cost);
        case SlotKind::recovery_code:
            return hash_random_secret("recovery-slot", secret.bytes, salt);
        case SlotKind::key_file:
            return key_of_file(secret.bytes, salt);
    }
    std::unreachable();
}

crypto::Hash commitment_to(const crypto::SecretBytes& slot_key) {
    crypto::Hash commitment;
    crypto::derive_key(commitment, slot_key.view(), "vereda/commit/v1");
    return commitment;
}

/// Everything about the slot but what it seals: a slot's bytes serve in no other slot.
Bytes place_of(const KeySlot& slot) {
    Bytes place = protocol::domain_prefix("key-slot");
    protocol::CborWriter(place)
        .array(5)
        .unsigned_integer(slot.id.value)
        .unsigned_integer(std::to_underlying(slot.kind))
        .unsigned_integer(slot.cost.memory_kib)
        .unsigned_integer(slot.cost.passes)
        .byte_string(slot.salt);
    return place;
}

}  // namespace

bool KeySecret::is_fit() const {
    switch (kind) {
        case SlotKind::passphrase:
            return !bytes.empty() && bytes.size() <= 1024;
        case SlotKind::recovery_code:
            return bytes.size() == 16;
        case SlotKind::key_file:
            return bytes.size() >= 32 && bytes.size() <= 64 * 1024;
    }
    return false;
}

std::expected<KeySlot, MakeSlotError> make_slot(
    SlotId id, const KeySecret& secret, crypto::PassphraseCost cost, const VaultKey& key,
    crypto::Entropy& entropy) {
    if (!secret.is_fit()) return std::unexpected(MakeSlotError::unfit_secret);
    KeySlot slot{.id = id, .kind = secret.kind};
    if (secret.kind == SlotKind::passphrase) slot.cost = cost;
    slot.salt = entropy.bytes<16>();
    const auto derived = slot_key(secret, slot.salt, slot.cost);
    if (!derived) return std::unexpected(MakeSlotError::cost_out_of_bounds);

    const Bytes sealed = Sealer(*derived).seal(place_of(slot), key.view());
    std::ranges::copy(sealed, slot.sealed_key.begin());
    slot.commitment = commitment_to(*derived);
    return slot;
}

std::expected<VaultKey, OpenSlotError> open_slot(const KeySlot& slot, const KeySecret& secret) {
    if (secret.kind != slot.kind || !secret.is_fit())
        return std::unexpected(OpenSlotError::wrong_secret);
    const auto derived = slot_key(secret, slot.salt, slot.cost);
    if (!derived) return std::unexpected(OpenSlotError::damaged);
    if (!crypto::equal_in_constant_time(commitment_to(*derived), slot.commitment)) {
        return std::unexpected(OpenSlotError::wrong_secret);
    }
    auto plain = Sealer(*derived).open(place_of(slot), slot.sealed_key);
    if (!plain) return std::unexpected(OpenSlotError::damaged);
    VaultKey key(crypto::SecretBytes::copy_of(*plain));
    crypto::wipe(*plain);
    return key;
}

}  // namespace vereda::engine
