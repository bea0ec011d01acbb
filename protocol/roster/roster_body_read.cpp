#include <algorithm>
#include <string_view>

#include "protocol/domain.h"
#include "protocol/roster/roster_body.h"
#include "protocol/roster/roster_body_parts.h"
#include "protocol/roster/roster_limits.h"

namespace vereda::protocol {
namespace {

constexpr std::size_t sealed_list_overhead = 24 + 16;  // nonce, tag

PolicyRule read_rule(CborReader& in) {
    in.array_of(2);
    PolicyRule rule;
    rule.kind = read_kind(in);
    rule.approvals = in.unsigned_integer();
    if (!may_need_approval(rule.kind) || rule.approvals < 2 || rule.approvals > approvals_max)
        in.fail();
    return rule;
}

Genesis read_genesis(CborReader& in) {
    in.array_of(4);
    Genesis body;
    body.founder = in.id<MemberId>();
    body.keys = read_keys(in);
    body.recovery_key = fixed<crypto::PublicKey>(in);
    body.policy.resize(count_up_to(in, roster_kind_last));
    for (PolicyRule& rule : body.policy) rule = read_rule(in);
    fail_unless_ascending(in, body.policy, [](const PolicyRule& rule) { return rule.kind; });
    return body;
}

HubEntry read_hub(CborReader& in) {
    in.array_of(4);
    HubEntry body;
    body.url = in.text();
    body.pin = fixed<crypto::Hash>(in);
    body.signing_key = fixed<crypto::PublicKey>(in);
    body.epoch = positive(in);
    if (!is_hub_url(body.url)) in.fail();
    return body;
}

MemberRole read_member_role(CborReader& in) {
    in.array_of(3);
    MemberRole body;
    body.member = in.id<MemberId>();
    body.role = read_role(in);
    body.heads = read_heads(in);
    return body;
}

DeviceEnrolled read_device_enrolled(CborReader& in) {
    in.array_of(3);
    DeviceEnrolled body;
    body.invite = {positive(in)};
    body.member = in.id<MemberId>();
    body.keys = read_keys(in);
    return body;
}

std::vector<TurfId> read_turfs(CborReader& in) {
    std::vector<TurfId> turfs(count_up_to(in, roster_turfs_max));
    for (TurfId& turf : turfs) turf = in.id<TurfId>();
    fail_unless_ascending(in, turfs, [](const TurfId& turf) { return turf; });
    return turfs;
}

Invite read_invite(CborReader& in) {
    in.array_of(8);
    Invite body;
    body.id = in.id<InviteId>();
    body.signing_key = fixed<crypto::PublicKey>(in);
    body.box_key = fixed<crypto::BoxPublicKey>(in);
    body.role = read_role(in);
    if (!in.take_null()) body.member = in.id<MemberId>();
    body.turfs = read_turfs(in);
    body.expires = {static_cast<std::int64_t>(in.unsigned_integer())};
    body.wraps = read_wraps(in);
    if (body.role == Role::coordinator && !body.turfs.empty()) in.fail();
    return body;
}

InviteCancelled read_invite_cancelled(CborReader& in) {
    in.array_of(1);
    return {in.id<InviteId>()};
}

TurfCreated read_turf_created(CborReader& in) {
    in.array_of(1);
    const TurfCreated body{in.id<TurfId>()};
    if (body.turf.is_zero()) in.fail();  // the roster's own stream
    return body;
}

Granted read_granted(CborReader& in) {
    in.array_of(3);
    Granted body;
    body.member = in.id<MemberId>();
    body.turf = in.id<TurfId>();
    body.wraps = read_wraps(in);
    return body;
}

Ungranted read_ungranted(CborReader& in) {
    in.array_of(3);
    Ungranted body;
    body.member = in.id<MemberId>();
    body.turf = in.id<TurfId>();
    body.heads = read_heads(in);
    return body;
}

KeyEpoch read_key_epoch(CborReader& in) {
    in.array_of(5);
    KeyEpoch body;
    body.turf = in.id<TurfId>();
    body.epoch = {positive(in)};
    body.commitment = in.id<KeyCommitment>();
    if (!in.take_null()) body.previous = fixed<ByteArray<72>>(in);
    body.wraps = read_wraps(in);
    if (body.previous.has_value() == (body.epoch.value == 1)) in.fail();
    return body;
}

template <class Ending>
Ending read_ending(CborReader& in) {
    in.array_of(3);
    Ending body;
    const std::uint64_t what = in.unsigned_integer();
    if (what < 1 || what > 2) in.fail();
    if (what == 1) body.target = in.id<MemberId>();
    if (what == 2) body.target = in.id<DeviceId>();
    body.heads = read_heads(in);
    return body;
}

template <class Decision>
Decision read_decision(CborReader& in) {
    in.array_of(2);
    Decision body;
    body.about = {positive(in)};
    body.heads = read_heads(in);
    return body;
}

EraseOrder read_erase_order(CborReader& in) {
    in.array_of(6);
    EraseOrder body;
    body.order = in.id<OrderId>();
    body.turf = in.id<TurfId>();
    body.epoch = {positive(in)};
    body.list_hash = fixed<crypto::Hash>(in);
    body.blocks.resize(count_up_to(in, roster_order_blocks_max));
    for (BlockHash& block : body.blocks) block = in.id<BlockHash>();
    fail_unless_ascending(in, body.blocks, [](const BlockHash& block) { return block; });
    const ByteView list = in.byte_string();
    body.sealed_list.assign(list.begin(), list.end());
    if (list.size() <= sealed_list_overhead) in.fail();
    if (domain_hash("list", list) != body.list_hash) in.fail();
    return body;
}

Propose read_propose(CborReader& in) {
    in.array_of(2);
    Propose body;
    body.kind = read_kind(in);
    const ByteView proposed = in.item();
    body.body.assign(proposed.begin(), proposed.end());
    if (!in.ok() || !may_need_approval(body.kind) || !parse_roster_body(body.kind, proposed))
        in.fail();
    return body;
}

Approve read_approve(CborReader& in) {
    in.array_of(2);
    Approve body;
    body.proposal = {positive(in)};
    body.hash = in.id<RosterHash>();
    return body;
}

ResolveFork read_resolve_fork(CborReader& in) {
    in.array_of(3);
    ResolveFork body;
    body.common = {in.unsigned_integer()};
    body.common_hash = in.id<RosterHash>();
    body.left.resize(count_up_to(in, roster_branches_max));
    for (ResolveFork::Branch& branch : body.left) {
        in.array_of(2);
        branch.position = {in.unsigned_integer()};
        branch.hash = in.id<RosterHash>();
        if (branch.position <= body.common) in.fail();
    }
    fail_unless_ascending(in, body.left, [](const ResolveFork::Branch& branch) { return branch; });
    if (body.left.empty()) in.fail();
    return body;
}

RosterBody read_body(RosterKind kind, CborReader& in) {
    switch (kind) {
        case RosterKind::genesis:
            return read_genesis(in);
        case RosterKind::hub:
            return read_hub(in);
        case RosterKind::member_role:
            return read_member_role(in);
        case RosterKind::device_enrolled:
            return read_device_enrolled(in);
        case RosterKind::invite:
            return read_invite(in);
        case RosterKind::invite_cancelled:
            return read_invite_cancelled(in);
        case RosterKind::turf_created:
            return read_turf_created(in);
        case RosterKind::granted:
            return read_granted(in);
        case RosterKind::ungranted:
            return read_ungranted(in);
        case RosterKind::key_epoch:
            return read_key_epoch(in);
        case RosterKind::retired:
            return read_ending<Retired>(in);
        case RosterKind::compromised:
            return read_ending<Compromised>(in);
        case RosterKind::close_late_work:
            return read_decision<CloseLateWork>(in);
        case RosterKind::adopt:
            return read_decision<Adopt>(in);
        case RosterKind::reject:
            return read_decision<Reject>(in);
        case RosterKind::erase_order:
            return read_erase_order(in);
        case RosterKind::supplement:
            return Supplement{read_erase_order(in)};
        case RosterKind::propose:
            return read_propose(in);
        case RosterKind::approve:
            return read_approve(in);
        case RosterKind::resolve_fork:
            return read_resolve_fork(in);
    }
    in.fail();
    return {};
}

}  // namespace

bool is_hub_url(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    const auto is_plain = [](char letter) {
        return letter > ' ' && letter < 0x7f && letter != '"' && letter != '\\';
    };
    return url.starts_with(scheme) && url.size() > scheme.size() &&
           url.size() <= hub_url_size_max && std::all_of(url.begin(), url.end(), is_plain);
}

bool may_need_approval(RosterKind kind) {
    switch (kind) {
        case RosterKind::hub:
        case RosterKind::member_role:
        case RosterKind::ungranted:
        case RosterKind::retired:
        case RosterKind::compromised:
        case RosterKind::close_late_work:
        case RosterKind::adopt:
        case RosterKind::reject:
        case RosterKind::erase_order:
        case RosterKind::supplement:
            return true;
        default:
            return false;
    }
}

std::expected<RosterBody, RosterBodyError> parse_roster_body(RosterKind kind, ByteView wire) {
    if (static_cast<std::uint64_t>(kind) > roster_kind_last) {
        return std::unexpected(RosterBodyError::unknown_kind);
    }
    CborReader in(wire);
    RosterBody body = read_body(kind, in);
    if (!in.finished()) return std::unexpected(RosterBodyError::malformed);
    return body;
}

}  // namespace vereda::protocol
