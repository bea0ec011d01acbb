#pragma once

#include <string>
#include <vector>

#include "client/report.h"
#include "engine/people/lost_work.h"

/// Own work that the disk destroyed before anybody else had it, named to its owner.
namespace vereda::client {

/// [{"where","entries","ids"}…]
[[nodiscard]] Json json_of_lost(const std::vector<engine::LostWork>& lost);
/// A line for each.
[[nodiscard]] std::string lost_work_text(const std::vector<engine::LostWork>& lost);
/// Remarks on what no sync has told yet, and notes that it did.
[[nodiscard]] std::vector<engine::LostWork> tell_of_lost_work(
    Report& report, engine::Workspace& workspace);

}  // namespace vereda::client
