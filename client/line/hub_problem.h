#pragma once

#include <optional>

#include "client/desk/problems/problem.h"
#include "client/line/sync_link.h"
#include "engine/sync/roster_change.h"
#include "engine/sync/session.h"
#include "protocol/roster/invite.h"

namespace vereda::client {

/// Why the hub was not reached, or what it said no to.
[[nodiscard]] Problem problem_of(LinkError error);
[[nodiscard]] Problem problem_of(protocol::Refusal refusal);
[[nodiscard]] Problem problem_of(
    engine::sync::Trouble trouble, std::optional<protocol::Refusal> refusal = {});
[[nodiscard]] Problem problem_of(
    engine::sync::ChangeTrouble trouble, std::optional<protocol::Refusal> refusal = {},
    std::optional<engine::RosterWriteError> why = {});
[[nodiscard]] Problem problem_of(engine::RosterWriteError error);
[[nodiscard]] Problem problem_of(protocol::InviteCodeError error);
/// For what is made at the hub and here together: where the hub was not reached, says that nothing
/// was made instead of what a sync would keep.
[[nodiscard]] Problem when_nothing_was_made(Problem problem);

}  // namespace vereda::client
