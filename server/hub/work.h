#pragma once

#include <cstddef>

#include "server/hub/prepared.h"

/// What a request costs the hub, in units of some 0.1 ms: a request, a signature to verify, a
/// question to the store, 16 KiB to hash, copy and write. Rates count this, not requests: 512
/// blocks in one push are 512 signatures.
namespace vereda::server {

/// Of a request that was let in, beyond the unit that it cost to be let in. `body` in bytes.
[[nodiscard]] double work_of(const PreparedRequest& request, std::size_t body);
/// Of bytes that go in or out.
[[nodiscard]] double work_of_bytes(std::size_t bytes);

}  // namespace vereda::server
