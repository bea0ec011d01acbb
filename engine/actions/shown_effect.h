#pragma once

#include <vector>

#include "engine/actions/edit_draft.h"
#include "engine/workspace/workspace.h"

namespace vereda::engine {

/// Whether what an action says shows, now that its entries are applied, the last of them under
/// `last`. It does not where an entry that was here before names this one as replaced, as only a
/// damaged or hostile program writes it. Of a name nothing is known here.
[[nodiscard]] bool effect_shows(
    Workspace& workspace, LocalDot last, const std::vector<EntryDraft>& entries);

}  // namespace vereda::engine
