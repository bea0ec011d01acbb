#pragma once

#include <span>

#include "server/hub/known_workspaces.h"
#include "server/hub/prepared.h"

namespace vereda::server {

/// What the requests of a group are about that are still to be judged. Whose request it is, where
/// that matters, is asked of what is known; of a device that is not known yet nothing is named, and
/// its logs are read without a hint.
[[nodiscard]] Footprint footprint_of(
    std::span<PreparedRequest* const> group, const KnownWorkspaces& known);

}  // namespace vereda::server
