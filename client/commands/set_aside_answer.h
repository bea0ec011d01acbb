#pragma once

#include <string>
#include <vector>

#include "client/commands/report.h"
#include "engine/queries/set_aside.h"

/// Own actions that no block could hold, named to their owner.
namespace vereda::client {

/// [{"entry","record","type","at","why":"missing"|"too_large","steps":[…]}…], "evidence"
[[nodiscard]] Json json_of_set_aside(
    engine::Workspace& workspace, const std::vector<engine::SetAsideView>& actions);
/// What was set aside and what to do; empty when nothing was.
[[nodiscard]] std::string set_aside_text(
    engine::Workspace& workspace, const std::vector<engine::SetAsideView>& actions);

}  // namespace vereda::client
