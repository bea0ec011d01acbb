#pragma once

#include <algorithm>
#include <vector>

#include "protocol/cbor.h"
#include "protocol/roster/roster_body.h"

/// What several kinds of roster body have in common. As with CborReader, a value that breaks a rule
/// fails the reader.
namespace vereda::protocol {

/// An array's count, no more than `max`: checked before anything is allocated for it.
[[nodiscard]] std::size_t count_up_to(CborReader& in, std::size_t max);
/// An integer from 1.
[[nodiscard]] std::uint64_t positive(CborReader& in);
[[nodiscard]] DeviceKeys read_keys(CborReader& in);
[[nodiscard]] WrapsRoot read_wraps(CborReader& in);
[[nodiscard]] AcknowledgedHeads read_heads(CborReader& in);
[[nodiscard]] Role read_role(CborReader& in);
[[nodiscard]] RosterKind read_kind(CborReader& in);

/// Fails unless every key is larger than the one before.
template <class Item>
void fail_unless_ascending(CborReader& in, const std::vector<Item>& items, auto key) {
    const auto out_of_order = [&](const Item& a, const Item& b) { return !(key(a) < key(b)); };
    if (std::adjacent_find(items.begin(), items.end(), out_of_order) != items.end()) in.fail();
}

template <class Array>
Array fixed(CborReader& in) {
    Array value{};
    in.fixed(value);
    return value;
}

}  // namespace vereda::protocol
