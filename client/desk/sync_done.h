#pragma once

#include <cstdint>
#include <vector>

#include "client/desk/problems/sentence.h"
#include "client/desk/status_shown.h"
#include "engine/sync/session.h"

namespace vereda::client {

/// What a sync did.
struct SyncDone {
    engine::sync::Report report;
    std::uint64_t bytes_up = 0;  ///< On the socket.
    std::uint64_t bytes_down = 0;
    SyncNews news;             ///< What it told once.
    std::uint64_t healed = 0;  ///< Places that the disk had damaged and that are whole again.
};

/// What a session met that somebody should know of: blocks refused, forks, keys missing. `now` by
/// this laptop's clock.
[[nodiscard]] std::vector<Sentence> remarks_on(
    const engine::sync::Report& session, protocol::Millis now);

}  // namespace vereda::client
