#pragma once

#include <span>
#include <vector>

#include "protocol/ids.h"

namespace vereda::engine {

/// The ids of logs one after another, compressed. A block may invent ids that are nearly equal:
/// they cost here about what they cost on the wire.
[[nodiscard]] Bytes pack_names(std::span<const protocol::LogId> names);
/// Throws StorageFailure (corrupt) for what `pack_names` did not make.
[[nodiscard]] std::vector<protocol::LogId> unpack_names(ByteView packed);

}  // namespace vereda::engine
