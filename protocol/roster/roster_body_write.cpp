#include "protocol/cbor.h"
#include "protocol/roster/roster_body.h"

namespace vereda::protocol {
namespace {

CborWriter& write(CborWriter& out, const DeviceKeys& keys) {
    return out.array(3)
        .byte_string(keys.device.view())
        .byte_string(keys.box)
        .byte_string(keys.http);
}

CborWriter& write(CborWriter& out, const WrapsRoot& wraps) {
    return out.array(2).byte_string(wraps.root).unsigned_integer(wraps.count);
}

CborWriter& write(CborWriter& out, const AcknowledgedHeads& heads) {
    out.array(heads.size());
    for (const AcknowledgedHead& head : heads) {
        out.array(3).byte_string(head.log.view()).unsigned_integer(head.last_seq.value);
        out.byte_string(head.block.view());
    }
    return out;
}

void write_target(CborWriter& out, const Target& target, const AcknowledgedHeads& heads) {
    out.array(3).unsigned_integer(target.index() + 1);
    std::visit([&](const auto& id) { out.byte_string(id.view()); }, target);
    write(out, heads);
}

void write_decision(CborWriter& out, RosterPosition about, const AcknowledgedHeads& heads) {
    write(out.array(2).unsigned_integer(about.value), heads);
}

void write_body(CborWriter& out, const Genesis& body) {
    write(out.array(4).byte_string(body.founder.view()), body.keys).byte_string(body.recovery_key);
    out.array(body.policy.size());
    for (const PolicyRule& rule : body.policy) {
        out.array(2).unsigned_integer(static_cast<std::uint64_t>(rule.kind));
        out.unsigned_integer(rule.approvals);
    }
}

void write_body(CborWriter& out, const HubEntry& body) {
    out.array(4).text(body.url).byte_string(body.pin).byte_string(body.signing_key);
    out.unsigned_integer(body.epoch);
}

void write_body(CborWriter& out, const MemberRole& body) {
    out.array(3).byte_string(body.member.view());
    write(out.unsigned_integer(static_cast<std::uint64_t>(body.role)), body.heads);
}

void write_body(CborWriter& out, const DeviceEnrolled& body) {
    out.array(3).unsigned_integer(body.invite.value);
    write(out.byte_string(body.member.view()), body.keys);
}

void write_body(CborWriter& out, const Invite& body) {
    out.array(8)
        .byte_string(body.id.view())
        .byte_string(body.signing_key)
        .byte_string(body.box_key);
    out.unsigned_integer(static_cast<std::uint64_t>(body.role));
    body.member ? out.byte_string(body.member->view()) : out.null();
    out.array(body.turfs.size());
    for (const TurfId& turf : body.turfs) out.byte_string(turf.view());
    write(out.unsigned_integer(static_cast<std::uint64_t>(body.expires.value)), body.wraps);
}

void write_body(CborWriter& out, const InviteCancelled& body) {
    out.array(1).byte_string(body.id.view());
}

void write_body(CborWriter& out, const TurfCreated& body) {
    out.array(1).byte_string(body.turf.view());
}

void write_body(CborWriter& out, const Granted& body) {
    write(out.array(3).byte_string(body.member.view()).byte_string(body.turf.view()), body.wraps);
}

void write_body(CborWriter& out, const Ungranted& body) {
    write(out.array(3).byte_string(body.member.view()).byte_string(body.turf.view()), body.heads);
}

void write_body(CborWriter& out, const KeyEpoch& body) {
    out.array(5).byte_string(body.turf.view()).unsigned_integer(body.epoch.value);
    out.byte_string(body.commitment.view());
    body.previous ? out.byte_string(*body.previous) : out.null();
    write(out, body.wraps);
}

void write_body(CborWriter& out, const Retired& body) {
    write_target(out, body.target, body.heads);
}
void write_body(CborWriter& out, const Compromised& body) {
    write_target(out, body.target, body.heads);
}
void write_body(CborWriter& out, const CloseLateWork& body) {
    write_decision(out, body.about, body.heads);
}
void write_body(CborWriter& out, const Adopt& body) { write_decision(out, body.about, body.heads); }
void write_body(CborWriter& out, const Reject& body) {
    write_decision(out, body.about, body.heads);
}

void write_body(CborWriter& out, const EraseOrder& body) {
    out.array(6).byte_string(body.order.view()).byte_string(body.turf.view());
    out.unsigned_integer(body.epoch.value).byte_string(body.list_hash).array(body.blocks.size());
    for (const BlockHash& block : body.blocks) out.byte_string(block.view());
    out.byte_string(body.sealed_list);
}

void write_body(CborWriter& out, const Supplement& body) { write_body(out, body.added); }

void write_body(CborWriter& out, const Propose& body) {
    out.array(2).unsigned_integer(static_cast<std::uint64_t>(body.kind)).raw(body.body);
}

void write_body(CborWriter& out, const Approve& body) {
    out.array(2).unsigned_integer(body.proposal.value).byte_string(body.hash.view());
}

void write_body(CborWriter& out, const ResolveFork& body) {
    out.array(3).unsigned_integer(body.common.value).byte_string(body.common_hash.view());
    out.array(body.left.size());
    for (const ResolveFork::Branch& branch : body.left) {
        out.array(2).unsigned_integer(branch.position.value).byte_string(branch.hash.view());
    }
}

}  // namespace

Bytes encode(const RosterBody& body) {
    Bytes wire;
    CborWriter out(wire);
    std::visit([&](const auto& kind) { write_body(out, kind); }, body);
    return wire;
}

}  // namespace vereda::protocol
