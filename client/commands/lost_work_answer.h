#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/commands/report.h"
#include "engine/queries/lost_work.h"

/// Own work that the disk destroyed before anybody else had it, named to its owner.
namespace vereda::client {

/// [{"where","entries","entries_known","ids","before","turf","after","contacts"}…]
[[nodiscard]] Json json_of_lost(
    engine::Workspace& workspace, const std::vector<engine::LostWork>& lost);
/// A line for each, and one for each contact.
[[nodiscard]] std::string lost_work_text(
    engine::Workspace& workspace, const std::vector<engine::LostWork>& lost);
/// Remarks on what no sync has told yet, and notes that it did. As `json_of_lost`; nothing when
/// there is none.
[[nodiscard]] std::optional<Json> tell_of_lost_work(Report& report, engine::Workspace& workspace);

}  // namespace vereda::client
