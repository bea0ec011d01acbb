#include "protocol/roster/roster_body_parts.h"

#include "protocol/roster/roster_limits.h"

namespace vereda::protocol {

std::size_t count_up_to(CborReader& in, std::size_t max) {
    const std::size_t count = in.array();
    if (count <= max) return count;
    in.fail();
    return 0;
}

std::uint64_t positive(CborReader& in) {
    const std::uint64_t value = in.unsigned_integer();
    if (value == 0) in.fail();
    return value;
}

DeviceKeys read_keys(CborReader& in) {
    in.array_of(3);
    DeviceKeys keys;
    keys.device = in.id<DeviceId>();
    keys.box = fixed<crypto::BoxPublicKey>(in);
    keys.http = fixed<crypto::PublicKey>(in);
    return keys;
}

WrapsRoot read_wraps(CborReader& in) {
    in.array_of(2);
    WrapsRoot wraps;
    wraps.root = fixed<crypto::Hash>(in);
    wraps.count = in.unsigned_integer();
    const bool is_empty = wraps.root == crypto::Hash{};
    if (wraps.count > roster_wraps_max || is_empty != (wraps.count == 0)) in.fail();
    return wraps;
}

AcknowledgedHeads read_heads(CborReader& in) {
    AcknowledgedHeads heads(count_up_to(in, roster_heads_max));
    for (AcknowledgedHead& head : heads) {
        in.array_of(3);
        head.log = in.id<LogId>();
        head.last_seq = {positive(in)};
        head.block = in.id<BlockHash>();
    }
    fail_unless_ascending(in, heads, [](const AcknowledgedHead& head) { return head.log; });
    return heads;
}

Role read_role(CborReader& in) {
    const std::uint64_t number = in.unsigned_integer();
    if (number < 1 || number > 3) in.fail();
    return static_cast<Role>(number);
}

RosterKind read_kind(CborReader& in) {
    const std::uint64_t number = in.unsigned_integer();
    if (number > roster_kind_last) in.fail();
    return static_cast<RosterKind>(number);
}

}  // namespace vereda::protocol
