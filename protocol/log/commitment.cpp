#include "protocol/log/commitment.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "crypto/assert.h"
#include "protocol/domain.h"

namespace vereda::protocol {
namespace {

using crypto::Hash;

constexpr std::string_view node_prefix{"vereda/node/v1\0", 15};

/// prefix | log | eight bytes for the seq
Bytes message_start(std::string_view domain, const LogId& log) {
    Bytes message = domain_prefix(domain);
    append(message, log.view());
    append_u64(message, 0);
    return message;
}

Hash salted_hash(Bytes& message, std::size_t start, const Salt& salt, Seq seq, ByteView content) {
    message.resize(start + content.size());
    std::uint64_t rest = seq.value;
    for (std::size_t i = 1; i <= 8; ++i, rest >>= 8) {
        message[start - i] = static_cast<std::uint8_t>(rest);
    }
    if (!content.empty()) std::memcpy(message.data() + start, content.data(), content.size());
    return crypto::blake2b_256(message, salt.view());
}

Hash inner_node(const Hash& left, const Hash& right) {
    ByteArray<node_prefix.size() + 64> message;
    auto end = std::copy(node_prefix.begin(), node_prefix.end(), message.begin());
    end = std::copy(left.begin(), left.end(), end);
    std::copy(right.begin(), right.end(), end);
    return crypto::blake2b_256(message);
}

}  // namespace

constexpr std::size_t entry_start = std::string_view("vereda/entry/v1").size() + 1 + 32 + 8;
constexpr std::size_t preamble_start = std::string_view("vereda/preamble/v1").size() + 1 + 32 + 8;

LeafHasher::LeafHasher(const LogId& log)
    : entry_message_(message_start("entry", log)),
      preamble_message_(message_start("preamble", log)) {}

Hash LeafHasher::preamble(const Salt& salt, Seq first_seq, ByteView preamble) {
    return salted_hash(preamble_message_, preamble_start, salt, first_seq, preamble);
}

Hash LeafHasher::entry(const Salt& salt, Seq seq, ByteView entry) {
    return salted_hash(entry_message_, entry_start, salt, seq, entry);
}

/// Level by level: neighbours are joined and a last one without a neighbour moves up as it is,
/// which is the same tree as splitting at the largest power of two.
Hash merkle_root_in_place(std::span<Hash> leaves) {
    if (leaves.empty()) return {};
    for (std::size_t size = leaves.size(); size > 1; size = (size + 1) / 2) {
        for (std::size_t i = 0; i + 1 < size; i += 2) {
            leaves[i / 2] = inner_node(leaves[i], leaves[i + 1]);
        }
        if (size % 2 == 1) leaves[size / 2] = leaves[size - 1];
    }
    return leaves[0];
}

Hash merkle_root(std::span<const Hash> leaves) {
    std::vector<Hash> copy(leaves.begin(), leaves.end());
    return merkle_root_in_place(copy);
}

std::vector<Hash> merkle_path(std::span<const Hash> leaves, std::size_t index) {
    VEREDA_ASSERT(index < leaves.size());
    std::vector<Hash> path;
    while (leaves.size() > 1) {
        const std::size_t split = std::bit_floor(leaves.size() - 1);
        const bool right = index >= split;
        path.push_back(merkle_root(right ? leaves.first(split) : leaves.subspan(split)));
        leaves = right ? leaves.subspan(split) : leaves.first(split);
        if (right) index -= split;
    }
    std::ranges::reverse(path);
    return path;
}

bool verify_merkle_path(
    const Hash& leaf, std::uint64_t index, std::uint64_t leaf_count, std::span<const Hash> path,
    const Hash& root) {
    if (index >= leaf_count) return false;
    Hash node = leaf;
    std::size_t taken = 0;
    for (std::uint64_t last = leaf_count - 1; last > 0; last /= 2, index /= 2) {
        if (index % 2 == 0 && index == last) continue;  // no neighbour on this level
        if (taken == path.size()) return false;
        const Hash& sibling = path[taken++];
        node = index % 2 == 1 ? inner_node(sibling, node) : inner_node(node, sibling);
    }
    return taken == path.size() && node == root;
}

}  // namespace vereda::protocol
