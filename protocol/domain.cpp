#include "protocol/domain.h"

#include <algorithm>

namespace vereda::protocol {
namespace {

constexpr std::string_view prefix_start = "vereda/";
constexpr std::string_view prefix_end{"/v1\0", 4};

}  // namespace

DomainHash::DomainHash(std::string_view domain) {
    hash_.update(prefix_start).update(domain).update(prefix_end);
}

DomainHash& DomainHash::update_u64(std::uint64_t value) {
    ByteArray<8> encoded;
    for (std::size_t i = 8; i > 0; --i, value >>= 8)
        encoded[i - 1] = static_cast<std::uint8_t>(value);
    return update(encoded);
}

crypto::Hash domain_hash(std::string_view domain, ByteView message) {
    return DomainHash(domain).update(message).finish();
}

Bytes domain_prefix(std::string_view domain) {
    Bytes prefix;
    append(prefix, prefix_start);
    append(prefix, domain);
    append(prefix, prefix_end);
    return prefix;
}

Bytes signed_message(std::string_view domain, const WorkspaceId& workspace, ByteView message) {
    Bytes whole = domain_prefix(domain);
    append(whole, workspace.view());
    append(whole, message);
    return whole;
}

LogId log_id(
    const WorkspaceId& workspace, const DeviceId& device, const TurfId& turf,
    const Incarnation& incarnation) {
    return DomainHash("log")
        .update(workspace.view())
        .update(device.view())
        .update(turf.view())
        .update(incarnation.view())
        .finish_as<LogId>();
}

LogId branch_id(const WorkspaceId& workspace, const LogId& log, const BlockHash& block) {
    return DomainHash("fork")
        .update(workspace.view())
        .update(log.view())
        .update(block.view())
        .finish_as<LogId>();
}

TurfId common_turf(const WorkspaceId& workspace) {
    const crypto::Hash hash = domain_hash("common", workspace.view());
    TurfId turf;
    std::copy_n(hash.begin(), turf.bytes.size(), turf.bytes.begin());
    return turf;
}

BlockHash block_hash(const WorkspaceId& workspace, ByteView header) {
    return DomainHash("block").update(workspace.view()).update(header).finish_as<BlockHash>();
}

PayloadHash payload_hash(ByteView payload) {
    return DomainHash("sealed").update(payload).finish_as<PayloadHash>();
}

SealHash seal_hash(const WorkspaceId& workspace, ByteView seal) {
    return DomainHash("seal").update(workspace.view()).update(seal).finish_as<SealHash>();
}

crypto::Hash checked_hash(const WorkspaceId& workspace, ByteView checked) {
    return DomainHash("checked").update(workspace.view()).update(checked).finish();
}

}  // namespace vereda::protocol
