#include "protocol/roster/wrap.h"

#include <algorithm>

#include "crypto/assert.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"
#include "protocol/log/commitment.h"

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
    return {merkle_root(leaves_of(wraps)), wraps.size()};
}

std::vector<crypto::Hash> wrap_path(std::span<const SealedWrap> wraps, std::size_t index) {
    VEREDA_ASSERT(index < wraps.size());
    return merkle_path(leaves_of(wraps), index);
}

bool verify_wrap_path(
    const WrapsRoot& root, const SealedWrap& wrap, std::uint64_t index,
    std::span<const crypto::Hash> path) {
    return index < root.count &&
           verify_merkle_path(leaf_of(wrap), index, root.count, path, root.root);
}

}  // namespace vereda::protocol
