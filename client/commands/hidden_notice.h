#pragma once

#include <string>
#include <vector>

#include "client/commands/report.h"
#include "engine/workspace/workspace.h"

namespace vereda::client {

/// Remarks on work that a retraction hides (engine/queries/hidden_work.h), and notes that it did.
/// The ids, contacts first.
[[nodiscard]] std::vector<std::string> tell_of_hidden_work(
    Report& report, engine::Workspace& workspace);

}  // namespace vereda::client
