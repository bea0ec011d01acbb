#pragma once

#include <string>

#include "client/commands/report.h"
#include "engine/queries/entry_steps.h"

/// What one entry did, as histories and lists of entries show it.
namespace vereda::client {

/// {"field","action","value","replaced":[…]}
[[nodiscard]] Json json_of_step(const engine::Step& step);
/// "phone: set +57 601 … (was …)"
[[nodiscard]] std::string step_words(const engine::Step& step);

}  // namespace vereda::client
