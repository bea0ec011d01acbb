#include "protocol/log/seal.h"

#include <tuple>

#include "protocol/cbor.h"
#include "protocol/domain.h"
#include "protocol/limits.h"

namespace vereda::protocol {
namespace {

constexpr std::uint64_t object_version = 1;

bool verify_object(
    std::string_view domain, const WorkspaceId& workspace, ByteView object, const DeviceId& signer,
    const crypto::Signature& signature) {
    return crypto::verify(signer.bytes, signed_message(domain, workspace, object), signature);
}

}  // namespace

Bytes encode_seal(const Seal& seal) {
    Bytes out;
    CborWriter writer(out);
    writer.array(8).unsigned_integer(object_version).byte_string(seal.block.view());
    writer.unsigned_integer(seal.order_position.value).byte_string(seal.previous.view());
    writer.byte_string(seal.payload_hash.view()).byte_string(seal.sealer.view());
    writer.unsigned_integer(seal.roster_position.value).byte_string(seal.roster_hash.view());
    return out;
}

std::expected<Seal, SealError> parse_seal(ByteView wire) {
    if (wire.size() > seal_size_max) return std::unexpected(SealError::too_large);
    CborReader reader(wire);
    Seal seal;
    reader.array_of(8);
    if (reader.unsigned_integer() != object_version) reader.fail();
    seal.block = reader.id<BlockHash>();
    seal.order_position.value = reader.unsigned_integer();
    seal.previous = reader.id<SealHash>();
    seal.payload_hash = reader.id<PayloadHash>();
    seal.sealer = reader.id<DeviceId>();
    seal.roster_position.value = reader.unsigned_integer();
    seal.roster_hash = reader.id<RosterHash>();
    if (!reader.finished()) return std::unexpected(SealError::malformed);
    return seal;
}

Bytes encode_checked(const Checked& checked) {
    Bytes out;
    CborWriter writer(out);
    writer.array(6).unsigned_integer(object_version).byte_string(checked.block.view());
    writer.byte_string(checked.seal.view()).byte_string(checked.checker.view());
    writer.unsigned_integer(checked.roster_position.value).byte_string(checked.roster_hash.view());
    return out;
}

std::expected<Checked, SealError> parse_checked(ByteView wire) {
    if (wire.size() > seal_size_max) return std::unexpected(SealError::too_large);
    CborReader reader(wire);
    Checked checked;
    reader.array_of(6);
    if (reader.unsigned_integer() != object_version) reader.fail();
    checked.block = reader.id<BlockHash>();
    checked.seal = reader.id<SealHash>();
    checked.checker = reader.id<DeviceId>();
    checked.roster_position.value = reader.unsigned_integer();
    checked.roster_hash = reader.id<RosterHash>();
    if (!reader.finished()) return std::unexpected(SealError::malformed);
    return checked;
}

Bytes encode_signed(ByteView object, const crypto::Signature& signature) {
    Bytes out;
    CborWriter(out).array(2).byte_string(object).byte_string(signature);
    return out;
}

std::expected<SignedObject, SealError> parse_signed(ByteView wire) {
    if (wire.size() > seal_size_max) return std::unexpected(SealError::too_large);
    CborReader reader(wire);
    SignedObject carried;
    reader.array_of(2);
    carried.object = reader.byte_string();
    reader.fixed(carried.signature);
    if (!reader.finished()) return std::unexpected(SealError::malformed);
    return carried;
}

crypto::Signature sign_seal(
    const WorkspaceId& workspace, ByteView seal, const crypto::SigningKey& sealer_key) {
    return sealer_key.sign(signed_message("seal", workspace, seal));
}

crypto::Signature sign_checked(
    const WorkspaceId& workspace, ByteView checked, const crypto::SigningKey& checker_key) {
    return checker_key.sign(signed_message("checked", workspace, checked));
}

bool verify_seal(const WorkspaceId& workspace, ByteView seal, const crypto::Signature& signature) {
    const auto parsed = parse_seal(seal);
    return parsed && verify_object("seal", workspace, seal, parsed->sealer, signature);
}

bool verify_checked(
    const WorkspaceId& workspace, ByteView checked, const crypto::Signature& signature) {
    const auto parsed = parse_checked(checked);
    return parsed && verify_object("checked", workspace, checked, parsed->checker, signature);
}

bool stands_before(const Seal& a, const SealHash& a_hash, const Seal& b, const SealHash& b_hash) {
    return std::tie(b.order_position, a_hash) < std::tie(a.order_position, b_hash);
}

PayloadFault payload_fault(const ParsedBlock& block, const std::optional<Seal>& seal) {
    const PayloadHash carried = payload_hash(block.payload);
    if (carried == block.payload_hash) return PayloadFault::author;
    const bool sealed = seal && seal->block == block.hash && seal->payload_hash == carried;
    return sealed ? PayloadFault::sealer : PayloadFault::carrier;
}

}  // namespace vereda::protocol
