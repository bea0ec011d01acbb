#include "protocol/wrap.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "crypto/assert.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"

namespace vereda::protocol {
namespace {

/// H("wrap", workspace | turf | epoch u64 | recipient | position u64)
crypto::Hash binding_of(const WrapPlace& place) {
    DomainHash hash("wrap");
    hash.update(place.workspace.view()).update(place.turf.view()).update_u64(place.epoch.value);
    return hash.update(place.recipient).update_u64(place.position.value).finish();
}

/// H("wrap-leaf", CBOR [turf, epoch, recipient, wrap])
crypto::Hash leaf_of(const SealedWrap& wrap) {
    Bytes wire;
    CborWriter out(wire);
    out.array(4).byte_string(wrap.turf.view()).unsigned_integer(wrap.epoch.value);
    out.byte_string(wrap.recipient).byte_string(wrap.wrap);
    return domain_hash("wrap-leaf", wire);
}

std::vector<crypto::Hash> leaves_of(std::span<const SealedWrap> wraps) {
    std::vector<crypto::Hash> leaves;
    leaves.reserve(wraps.size());
    for (const SealedWrap& wrap : wraps) leaves.push_back(leaf_of(wrap));
    return leaves;
}

crypto::Hash node_of(const crypto::Hash& left, const crypto::Hash& right) {
    DomainHash hash("node");
    return hash.update(left).update(right).finish();
}

/// RFC 6962's split: the largest power of two below `leaves`.
std::size_t split_of(std::size_t leaves) { return std::bit_ceil(leaves) / 2; }

crypto::Hash root_of(std::span<const crypto::Hash> leaves) {
    if (leaves.size() == 1) return leaves[0];
    const std::size_t split = split_of(leaves.size());
    return node_of(root_of(leaves.first(split)), root_of(leaves.subspan(split)));
}

void append_path(
    std::vector<crypto::Hash>& path, std::span<const crypto::Hash> leaves, std::size_t index) {
    if (leaves.size() == 1) return;
    const std::size_t split = split_of(leaves.size());
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    if (index < split)
        append_path(path, left, index);
    else
        append_path(path, right, index - split);
    path.push_back(root_of(index < split ? right : left));
}

/// The root over `count` leaves that `leaf` at `index` and its siblings give; nothing when the
/// path's length is wrong.
std::optional<crypto::Hash> root_by_path(
    const crypto::Hash& leaf, std::uint64_t index, std::uint64_t count,
    std::span<const crypto::Hash> path) {
    if (count == 1) return path.empty() ? std::optional(leaf) : std::nullopt;
    if (path.empty()) return std::nullopt;
    const std::uint64_t split = split_of(count);
    const auto below = path.first(path.size() - 1);
    const bool is_left = index < split;
    const auto child = is_left ? root_by_path(leaf, index, split, below)
                               : root_by_path(leaf, index - split, count - split, below);
    if (!child) return std::nullopt;
    return is_left ? node_of(*child, path.back()) : node_of(path.back(), *child);
}

}  // namespace

SealedWrap seal_wrap(const WrapPlace& place, ByteView turf_key) {
    VEREDA_ASSERT(turf_key.size() == turf_key_size);
    crypto::SecretBytes plain(turf_key_size + 32);
    const crypto::Hash binding = binding_of(place);
    std::copy(turf_key.begin(), turf_key.end(), plain.writable().begin());
    std::copy(binding.begin(), binding.end(), plain.writable().begin() + turf_key_size);
    return {
        place.turf, place.epoch, place.recipient, crypto::seal_box(place.recipient, plain.view())};
}

std::expected<crypto::SecretBytes, WrapError> open_wrap(
    const crypto::BoxKey& recipient, const WrapPlace& place, ByteView wrap) {
    if (wrap.size() != sealed_wrap_size) return std::unexpected(WrapError::does_not_open);
    const auto plain = recipient.open(wrap);
    if (!plain) return std::unexpected(WrapError::does_not_open);
    const bool is_bound =
        crypto::equal_in_constant_time(plain->view().subspan(turf_key_size), binding_of(place));
    if (!is_bound) return std::unexpected(WrapError::wrong_place);
    return crypto::SecretBytes::copy_of(plain->view().first(turf_key_size));
}

WrapsRoot wraps_root(std::span<const SealedWrap> wraps) {
    if (wraps.empty()) return {};
    return {root_of(leaves_of(wraps)), wraps.size()};
}

std::vector<crypto::Hash> wrap_path(std::span<const SealedWrap> wraps, std::size_t index) {
    VEREDA_ASSERT(index < wraps.size());
    std::vector<crypto::Hash> path;
    append_path(path, leaves_of(wraps), index);
    return path;
}

bool verify_wrap_path(
    const WrapsRoot& root, const SealedWrap& wrap, std::uint64_t index,
    std::span<const crypto::Hash> path) {
    if (index >= root.count) return false;
    const auto found = root_by_path(leaf_of(wrap), index, root.count, path);
    return found && *found == root.root;
}

}  // namespace vereda::protocol
