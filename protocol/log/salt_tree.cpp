#include "protocol/log/salt_tree.h"

#include <algorithm>

#include "crypto/assert.h"
#include "crypto/hash.h"

namespace vereda::protocol {
namespace {

/// How a node stands to the slots of a block.
enum class Standing { unused, whole, broken, forgotten };

struct Shape {
    std::uint32_t count;
    const EmptySlots& empty;

    [[nodiscard]] static std::uint32_t width(SaltNode node) {
        return 1u << (2 * (salt_tree_depth - node.level));
    }
    [[nodiscard]] static std::uint32_t first_leaf(SaltNode node) {
        return node.index * width(node);
    }

    [[nodiscard]] Standing standing(SaltNode node) const {
        const std::uint32_t first = first_leaf(node);
        if (first > count) return Standing::unused;
        const std::uint32_t end = std::min(first + width(node), count + 1);
        bool holed = false;
        for (std::uint32_t leaf = first; leaf < end && !holed; ++leaf) holed = empty[leaf];
        if (!holed) return Standing::whole;
        return node.level == salt_tree_depth ? Standing::forgotten : Standing::broken;
    }
};

SaltNode child(SaltNode node, std::uint32_t j) { return {node.level + 1, 4 * node.index + j}; }

/// Calls visit(node) for every node of the cover of `below` and what lies under it, left to right.
void for_each_cover_node(const Shape& shape, SaltNode below, auto&& visit) {
    switch (shape.standing(below)) {
        case Standing::unused:
        case Standing::forgotten:
            return;
        case Standing::whole:
            visit(below);
            return;
        case Standing::broken:
            for (std::uint32_t j = 0; j < 4; ++j)
                for_each_cover_node(shape, child(below, j), visit);
    }
}

void expand(SaltNode node, const Salt& value, std::uint32_t count, Salts& salts) {
    if (node.level == salt_tree_depth) {
        salts[node.index] = value;
        return;
    }
    const std::array<Salt, 4> children = salt_children(value);
    for (std::uint32_t j = 0; j < 4 && Shape::first_leaf(child(node, j)) <= count; ++j) {
        expand(child(node, j), children[j], count, salts);
    }
}

/// Appends what is left under a known node when the slots of `shape.empty` are forgotten.
void keep(const Shape& shape, SaltNode node, const Salt& value, std::vector<Salt>& kept) {
    const Standing standing = shape.standing(node);
    if (standing == Standing::whole) kept.push_back(value);
    if (standing != Standing::broken) return;
    const std::array<Salt, 4> children = salt_children(value);
    for (std::uint32_t j = 0; j < 4; ++j) keep(shape, child(node, j), children[j], kept);
}

}  // namespace

std::array<Salt, 4> salt_children(const Salt& node) {
    static constexpr std::uint8_t message[] = {0x00};
    ByteArray<64> all;
    crypto::blake2b(all, message, node.view());
    std::array<Salt, 4> children;
    for (std::size_t j = 0; j < 4; ++j) {
        std::copy_n(
            all.begin() + static_cast<std::ptrdiff_t>(16 * j), 16, children[j].bytes.begin());
    }
    return children;
}

std::vector<SaltNode> cover_positions(std::uint32_t count, const EmptySlots& empty) {
    std::vector<SaltNode> positions;
    for_each_cover_node({count, empty}, {}, [&](SaltNode node) { positions.push_back(node); });
    return positions;
}

bool expand_cover(
    std::span<const Salt> cover, std::uint32_t count, const EmptySlots& empty, Salts& salts) {
    VEREDA_ASSERT(count <= block_entries_max && !empty[0]);
    std::size_t taken = 0;
    for_each_cover_node({count, empty}, {}, [&](SaltNode node) {
        if (taken < cover.size()) expand(node, cover[taken], count, salts);
        ++taken;
    });
    return taken == cover.size();
}

std::optional<std::vector<Salt>> puncture(
    std::span<const Salt> cover, std::uint32_t count, const EmptySlots& empty,
    const EmptySlots& emptier) {
    VEREDA_ASSERT((empty & ~emptier).none() && !emptier[0]);
    const std::vector<SaltNode> positions = cover_positions(count, empty);
    if (positions.size() != cover.size()) return std::nullopt;
    std::vector<Salt> kept;
    for (std::size_t i = 0; i < cover.size(); ++i) {
        keep({count, emptier}, positions[i], cover[i], kept);
    }
    return kept;
}

}  // namespace vereda::protocol
