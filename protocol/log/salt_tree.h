#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocol/ids.h"
#include "protocol/limits.h"

/// The salts of a block: one seed of 16 random bytes grows them all as a tree, and forgetting one
/// means keeping only the nodes beside its path (a puncturable function after Goldreich, Goldwasser
/// and Micali).
///
///     level 0                     seed
///     level 1       0 ─── 1 ─── 2 ─── 3            child j of a node = bytes 16j..16j+15 of
///     …            ╱│╲╲                              BLAKE2b-512(key = node, message 0x00)
///     level 5   0 1 2 3 …                  1023    salt i = leaf i
///
/// Leaf 0 salts the preamble, leaf i the entry in slot i; leaves above the count are never used.
/// Source: docs/protocol.md "Salt tree".
namespace vereda::protocol {

inline constexpr std::uint32_t salt_tree_depth = 5;
inline constexpr std::size_t block_leaves_max = block_entries_max + 1;

/// Which slots are empty; bit i is slot i, bit 0 (the preamble) is never set.
using EmptySlots = std::bitset<block_leaves_max>;

/// Salts by leaf; those of empty slots stay zero.
using Salts = std::array<Salt, block_leaves_max>;

/// Four nodes from their parent.
[[nodiscard]] std::array<Salt, 4> salt_children(const Salt& node);

/// A node's place: `index` counts from the left within `level`.
struct SaltNode {
    std::uint32_t level = 0;
    std::uint32_t index = 0;
    auto operator<=>(const SaltNode&) const = default;
};

/// Where the nodes of a cover lie, left to right: the highest ones with no empty slot's leaf below
/// them and at least one of the leaves 0..count. The positions follow from count and empty slots,
/// so a cover stores only the nodes.
[[nodiscard]] std::vector<SaltNode> cover_positions(std::uint32_t count, const EmptySlots& empty);

/// Fills salts[0..count] from the nodes of a cover. False when there are too few or too many of
/// them; the salts are worthless then. With no empty slot the cover is the seed.
[[nodiscard]] bool expand_cover(
    std::span<const Salt> cover, std::uint32_t count, const EmptySlots& empty, Salts& salts);

/// The cover that is left of `cover` when the slots of `emptier` are forgotten; `emptier` includes
/// every slot of `empty`. Nothing when `cover` does not fit `empty`.
[[nodiscard]] std::optional<std::vector<Salt>> puncture(
    std::span<const Salt> cover, std::uint32_t count, const EmptySlots& empty,
    const EmptySlots& emptier);

}  // namespace vereda::protocol
