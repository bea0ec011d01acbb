#include "protocol/log/epoch_keys.h"

#include <algorithm>

#include "crypto/assert.h"
#include "crypto/hash.h"
#include "protocol/domain.h"

namespace vereda::protocol {
namespace {

Bytes previous_associated(const WorkspaceId& workspace, const TurfId& turf, Epoch epoch) {
    Bytes associated = domain_prefix("prev");
    append(associated, workspace.view());
    append(associated, turf.view());
    append_u64(associated, epoch.value);
    return associated;
}

Bytes list_associated(
    const WorkspaceId& workspace, const OrderId& order, const TurfId& turf, Epoch epoch) {
    Bytes associated = domain_prefix("list");
    append(associated, workspace.view());
    append(associated, order.view());
    append(associated, turf.view());
    append_u64(associated, epoch.value);
    return associated;
}

Bytes seal_synthetic(const EpochKeys& keys, ByteView key, ByteView associated, ByteView plain) {
    const crypto::Nonce nonce = synthetic_nonce(keys, associated, plain);
    Bytes sealed(nonce.begin(), nonce.end());
    append(sealed, crypto::aead_seal(key, nonce, associated, plain));
    return sealed;
}

std::expected<Bytes, EpochSealError> open_synthetic(
    const EpochKeys& keys, ByteView key, ByteView associated, ByteView sealed) {
    if (sealed.size() < crypto::nonce_size) return std::unexpected(EpochSealError::does_not_open);
    crypto::Nonce nonce;
    std::copy_n(sealed.begin(), crypto::nonce_size, nonce.begin());
    auto plain = crypto::aead_open(key, nonce, associated, sealed.subspan(crypto::nonce_size));
    if (!plain || synthetic_nonce(keys, associated, *plain) != nonce) {
        return std::unexpected(EpochSealError::does_not_open);
    }
    return std::move(*plain);
}

}  // namespace

EpochKeys EpochKeys::derive(ByteView epoch_key) {
    VEREDA_ASSERT(epoch_key.size() == key_size);
    EpochKeys keys;
    keys.keys_ = crypto::SecretBytes(5 * key_size);
    const std::span<std::uint8_t> all = keys.keys_.writable();
    std::ranges::copy(epoch_key, all.begin());
    constexpr std::string_view purposes[] = {
        "vereda/pay/v1", "vereda/nonce/v1", "vereda/prev/v1", "vereda/list/v1"};
    for (std::size_t i = 0; i < std::size(purposes); ++i) {
        const auto out = all.subspan((i + 1) * key_size).first<key_size>();
        crypto::derive_key(out, epoch_key, purposes[i]);
    }
    crypto::SecretBytes commit(key_size);
    crypto::derive_key(commit.writable().first<key_size>(), epoch_key, "vereda/commit/v1");
    keys.commitment_ = {crypto::blake2b_256(commit.view())};
    return keys;
}

crypto::Nonce synthetic_nonce(const EpochKeys& keys, ByteView associated, ByteView plain) {
    crypto::Nonce nonce;
    crypto::Blake2b(nonce.size(), keys.nonce()).update(associated).update(plain).finish(nonce);
    return nonce;
}

Bytes seal_previous_key(
    const EpochKeys& keys, ByteView previous_epoch_key, const WorkspaceId& workspace,
    const TurfId& turf, Epoch epoch) {
    VEREDA_ASSERT(previous_epoch_key.size() == EpochKeys::key_size);
    const Bytes associated = previous_associated(workspace, turf, epoch);
    return seal_synthetic(keys, keys.previous(), associated, previous_epoch_key);
}

std::expected<crypto::SecretBytes, EpochSealError> open_previous_key(
    const EpochKeys& keys, ByteView sealed, const WorkspaceId& workspace, const TurfId& turf,
    Epoch epoch) {
    const Bytes associated = previous_associated(workspace, turf, epoch);
    auto plain = open_synthetic(keys, keys.previous(), associated, sealed);
    if (!plain || plain->size() != EpochKeys::key_size) {
        return std::unexpected(EpochSealError::does_not_open);
    }
    crypto::SecretBytes secret = crypto::SecretBytes::copy_of(*plain);
    crypto::wipe(*plain);
    return secret;
}

Bytes seal_erase_list(
    const EpochKeys& keys, ByteView list, const WorkspaceId& workspace, const OrderId& order,
    const TurfId& turf, Epoch epoch) {
    const Bytes associated = list_associated(workspace, order, turf, epoch);
    return seal_synthetic(keys, keys.list(), associated, list);
}

std::expected<Bytes, EpochSealError> open_erase_list(
    const EpochKeys& keys, ByteView sealed, const WorkspaceId& workspace, const OrderId& order,
    const TurfId& turf, Epoch epoch) {
    const Bytes associated = list_associated(workspace, order, turf, epoch);
    return open_synthetic(keys, keys.list(), associated, sealed);
}

}  // namespace vereda::protocol
