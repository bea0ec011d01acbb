#pragma once

#include <string>
#include <vector>

#include "engine/queries/entry_steps.h"
#include "engine/workspace/workspace.h"

namespace vereda::engine {

/// An own action that no block could hold: it is kept on this laptop alone and shows nowhere.
struct SetAsideView {
    LocalDot entry;
    LocalDot record;   ///< What it is about; its own entry for a new record.
    std::string type;  ///< As in a history: "interaction.edit". Empty, as all but `entry` and
                       ///< `why`, when it lies damaged.
    protocol::Millis at;
    WhySetAside why{};
    std::string evidence;  ///< Of a consent lift.
    std::vector<Step> steps;
};

/// All of them, the oldest entry of each log first.
[[nodiscard]] std::vector<SetAsideView> set_aside_of(Workspace& workspace);

}  // namespace vereda::engine
