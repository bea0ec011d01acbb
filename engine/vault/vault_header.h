#pragma once

#include <expected>
#include <vector>

#include "engine/vault/key_slot.h"

/// The file `vault.header`: the key slots, authenticated as a whole under the key that they wrap.
///
///     file = CBOR [body, mac 32]
///     mac  = BLAKE2b-256(key = header subkey, "vereda/vault-header/v1\0" | body)
///     body = CBOR [1, next slot id, [slot…]]               1 to 8 slots, ids ascending
///     slot = [id, kind, memory KiB, passes, salt 16, sealed key 72, commitment 32]
///
/// Normative: docs/protocol/vault.md. What it cannot tell: an old copy of the header, put back,
/// opens with the old passphrase; who fears that moves to a new vault.
namespace vereda::engine {

inline constexpr std::size_t vault_header_size_max = 4096;
inline constexpr std::size_t key_slots_max = 8;

struct VaultHeader {
    SlotId next_slot{1};
    std::vector<KeySlot> slots;
    bool operator==(const VaultHeader&) const = default;
};

/// A header as read, not yet believed.
struct UnverifiedHeader {
    VaultHeader header;
    Bytes body;
    ByteArray<32> mac{};
};

enum class HeaderError {
    malformed,
    newer_version,       ///< Made by a later version of this program.
    cost_out_of_bounds,  ///< A passphrase slot below the floor, or so costly that only an attacker
                         ///< would choose it.
};

[[nodiscard]] Bytes encode_header(const VaultHeader& header, const VaultKey& key);

/// Sizes and costs are checked here, before anything is allocated or derived by them.
[[nodiscard]] std::expected<UnverifiedHeader, HeaderError> parse_header(ByteView file);

/// True when the holder of `key` wrote exactly this header.
[[nodiscard]] bool verify_header(const UnverifiedHeader& header, const VaultKey& key);

}  // namespace vereda::engine
