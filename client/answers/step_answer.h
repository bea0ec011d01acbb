#pragma once

#include <string>

#include "engine/queries/entry_steps.h"

namespace vereda::client {

/// What one entry did, as histories and lists of entries show it: "phone: set +57 601 … (was …)".
[[nodiscard]] std::string step_words(const engine::Step& step);

}  // namespace vereda::client
