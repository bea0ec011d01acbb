#include "tests/unit/protocol/roster_samples.h"

#include "protocol/domain.h"

namespace vereda::protocol::test {
namespace {

DeviceKeys keys(std::uint8_t first) {
    return {{filled<32>(first)}, filled<32>(first + 1), filled<32>(first + 2)};
}

AcknowledgedHeads heads() {
    return {
        {{filled<32>(0x31)}, {7}, {filled<32>(0x32)}},
        {{filled<32>(0x33)}, {300}, {filled<32>(0x34)}}};
}

EraseOrder order(std::uint8_t id) {
    EraseOrder body{
        .order = {filled<16>(id)},
        .turf = {filled<16>(0x51)},
        .epoch = {2},
        .blocks = {{filled<32>(0x61)}, {filled<32>(0x62)}},
        .sealed_list = Bytes(60, 0x63)};
    body.list_hash = domain_hash("list", body.sealed_list);
    return body;
}

Invite invite() {
    return {
        .id = {filled<16>(0x41)},
        .signing_key = filled<32>(0x42),
        .box_key = filled<32>(0x43),
        .role = Role::auditor,
        .member = MemberId{filled<16>(0x44)},
        .turfs = {{filled<16>(0x51)}, {filled<16>(0x52)}},
        .expires = {1'800'000'000'000},
        .wraps = {filled<32>(0x45), 3}};
}

}  // namespace

std::vector<RosterBody> body_of_every_kind() {
    const MemberId member{filled<16>(0x21)};
    const TurfId turf{filled<16>(0x51)};
    const WrapsRoot wraps{filled<32>(0x53), 2};
    return {
        Genesis{member, keys(0x11), filled<32>(0x14), {{RosterKind::erase_order, 2}}},
        HubEntry{"https://hub.example:8443", filled<32>(0x15), filled<32>(0x16), 1},
        MemberRole{member, Role::organiser, heads()},
        DeviceEnrolled{{4}, member, keys(0x17)},
        invite(),
        InviteCancelled{{filled<16>(0x41)}},
        TurfCreated{turf},
        Granted{member, turf, wraps},
        Ungranted{member, turf, heads()},
        KeyEpoch{turf, {2}, {filled<32>(0x54)}, filled<72>(0x55), wraps},
        Retired{DeviceId{filled<32>(0x11)}, heads()},
        Compromised{member, {}},
        CloseLateWork{{10}, heads()},
        Adopt{{11}, heads()},
        Reject{{11}, {}},
        order(0x71),
        Supplement{order(0x71)},
        Propose{RosterKind::erase_order, encode(RosterBody{order(0x72)})},
        Approve{{17}, {filled<32>(0x73)}},
        ResolveFork{
            {18}, {filled<32>(0x74)}, {{{19}, {filled<32>(0x75)}}, {{24}, {filled<32>(0x76)}}}}};
}

std::vector<RosterEntry> entry_of_every_kind() {
    std::vector<RosterEntry> entries;
    for (const RosterBody& body : body_of_every_kind()) {
        RosterEntry entry{.position = {entries.size()}, .body = body};
        if (!entries.empty()) entry.predecessor = {filled<32>(0x81)};
        entry.signatures = {{filled<32>(0x82), filled<64>(0x83)}};
        entries.push_back(entry);
    }
    return entries;
}

}  // namespace vereda::protocol::test
