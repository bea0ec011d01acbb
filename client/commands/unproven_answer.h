#pragma once

#include <string>

#include "client/api/json_text.h"
#include "engine/queries/workspace_status.h"

/// Removals that count for nothing here, as `status` tells of them.
namespace vereda::client {

/// [{"member","member_id","device","device_id","waiting","contradicted"}…]
[[nodiscard]] Json json_of_unproven(const engine::WorkspaceStatus& status);
/// Lines with their authors. While blocks are missing here nobody is to blame for what waits; but
/// where another block stands, none is missing: that is told with its author in any case.
[[nodiscard]] std::string unproven_text(
    engine::Workspace& workspace, const engine::WorkspaceStatus& status);

}  // namespace vereda::client
