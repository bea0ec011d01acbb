#include "protocol/roster/roster_entry.h"

#include "protocol/cbor.h"
#include "protocol/domain.h"
#include "protocol/roster/roster_limits.h"

namespace vereda::protocol {
namespace {

Bytes encode_unsigned(
    RosterKind kind, RosterPosition position, const RosterHash& predecessor,
    const RosterBody& body) {
    Bytes wire;
    CborWriter out(wire);
    out.array(4)
        .unsigned_integer(static_cast<std::uint64_t>(kind))
        .unsigned_integer(position.value);
    out.byte_string(predecessor.view()).raw(encode(body));
    return wire;
}

Bytes encode_unsigned(const RosterEntry& entry) {
    return encode_unsigned(entry.kind(), entry.position, entry.predecessor, entry.body);
}

std::vector<RosterSignature> read_signatures(CborReader& in) {
    const std::size_t count = in.array();
    if (count < 1 || count > roster_signatures_max) {
        in.fail();
        return {};
    }
    std::vector<RosterSignature> signatures(count);
    for (RosterSignature& by : signatures) {
        in.array_of(2);
        in.fixed(by.signer);
        in.fixed(by.signature);
    }
    return signatures;
}

}  // namespace

std::expected<RosterEntry, RosterEntryError> parse_roster_entry(ByteView wire) {
    if (wire.size() > roster_entry_size_max) return std::unexpected(RosterEntryError::too_large);
    CborReader in(wire);
    in.array_of(5);
    const std::uint64_t kind = in.unsigned_integer();
    RosterEntry entry;
    entry.position = {in.unsigned_integer()};
    entry.predecessor = in.id<RosterHash>();
    const ByteView body_wire = in.item();
    entry.signatures = read_signatures(in);
    if (!in.finished()) return std::unexpected(RosterEntryError::malformed);
    if (kind > roster_kind_last) return std::unexpected(RosterEntryError::unknown_kind);

    auto body = parse_roster_body(static_cast<RosterKind>(kind), body_wire);
    if (!body) return std::unexpected(RosterEntryError::malformed);
    entry.body = *std::move(body);
    const bool is_genesis = entry.kind() == RosterKind::genesis;
    if (is_genesis != (entry.position.value == 0) || is_genesis != entry.predecessor.is_zero()) {
        return std::unexpected(RosterEntryError::malformed);
    }
    return entry;
}

Bytes encode(const RosterEntry& entry) {
    Bytes wire;
    CborWriter out(wire);
    out.array(5).raw(ByteView(encode_unsigned(entry)).subspan(1)).array(entry.signatures.size());
    for (const RosterSignature& by : entry.signatures) {
        out.array(2).byte_string(by.signer).byte_string(by.signature);
    }
    return wire;
}

WorkspaceId workspace_of_genesis(const RosterEntry& genesis) {
    return {domain_hash("genesis", encode_unsigned(genesis))};
}

RosterHash hash_of(const WorkspaceId& workspace, const RosterEntry& entry) {
    DomainHash hash("roster");
    return hash.update(workspace.view()).update(encode_unsigned(entry)).finish_as<RosterHash>();
}

Bytes message_to_sign(const WorkspaceId& workspace, const RosterEntry& entry) {
    const bool is_genesis = entry.kind() == RosterKind::genesis;
    return signed_message("roster", is_genesis ? WorkspaceId{} : workspace, encode_unsigned(entry));
}

Bytes enrolment_to_sign(
    const WorkspaceId& workspace, const RosterHash& invite_hash, const DeviceEnrolled& body) {
    return signed_message(
        "roster", workspace,
        encode_unsigned(RosterKind::device_enrolled, body.invite, invite_hash, body));
}

}  // namespace vereda::protocol
