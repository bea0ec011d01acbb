#pragma once

#include <expected>

#include "crypto/passphrase_key.h"
#include "engine/vault/sealer.h"
#include "engine/vault/subkeys.h"

namespace vereda::engine {

/// What a person or a script opens a vault with.
enum class SlotKind : std::uint8_t { passphrase = 1, recovery_code = 2, key_file = 3 };

/// A secret offered to a vault. Borrows: the bytes must outlive it.
struct KeySecret {
    SlotKind kind;
    ByteView bytes;

    /// The passphrase's bytes as given, 1 to 1024 of them; the caller settles their Unicode form.
    [[nodiscard]] static KeySecret passphrase(ByteView text) {
        return {SlotKind::passphrase, text};
    }
    /// The 16 random bytes of a printed code (protocol/printed_key.h).
    [[nodiscard]] static KeySecret recovery_code(ByteView code) {
        return {SlotKind::recovery_code, code};
    }
    /// The contents of a key file: 32 bytes to 64 KiB, random.
    [[nodiscard]] static KeySecret key_file(ByteView contents) {
        return {SlotKind::key_file, contents};
    }

    /// False for a secret of a size that its kind does not allow.
    [[nodiscard]] bool is_fit() const;
};

/// The name of a slot within its vault; never used twice.
struct SlotId {
    std::uint32_t value = 0;
    auto operator<=>(const SlotId&) const = default;
};

/// One wrapping of the vault key. Layout: docs/protocol/vault.md "Key slots".
struct KeySlot {
    static constexpr std::size_t sealed_size = Sealer::overhead + VaultKey::size;

    SlotId id;
    SlotKind kind = SlotKind::passphrase;
    crypto::PassphraseCost cost{0, 0};  ///< Zeros, except of a passphrase.
    ByteArray<16> salt{};
    ByteArray<sealed_size> sealed_key{};  ///< nonce | vault key and tag
    ByteArray<32> commitment{};  ///< To the slot's key: the cipher alone does not commit to one.
    bool operator==(const KeySlot&) const = default;
};

enum class MakeSlotError { unfit_secret, cost_out_of_bounds };

/// Wraps `key`. A passphrase goes through Argon2id at `cost`; the others are random already and are
/// only hashed.
[[nodiscard]] std::expected<KeySlot, MakeSlotError> make_slot(
    SlotId id, const KeySecret& secret, crypto::PassphraseCost cost, const VaultKey& key,
    crypto::Entropy& entropy);

enum class OpenSlotError { wrong_secret, damaged };

/// The vault key. Errors: `wrong_secret`; `damaged` when the secret is right and the slot's bytes
/// are not.
[[nodiscard]] std::expected<VaultKey, OpenSlotError> open_slot(
    const KeySlot& slot, const KeySecret& secret);

}  // namespace vereda::engine
