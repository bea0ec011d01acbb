#pragma once

#include <vector>

#include "protocol/roster/roster_entry.h"

namespace vereda::protocol::test {

/// `size` bytes, all `value`.
template <std::size_t size>
ByteArray<size> filled(std::uint8_t value) {
    ByteArray<size> bytes;
    bytes.fill(value);
    return bytes;
}

/// One body of every kind, in the order of RosterKind, every field with a value of its own.
std::vector<RosterBody> body_of_every_kind();

/// The same as entries, with signatures that are only shape.
std::vector<RosterEntry> entry_of_every_kind();

}  // namespace vereda::protocol::test
