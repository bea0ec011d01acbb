#pragma once

#include <string_view>
#include <vector>

#include "engine/projection/projection.h"

namespace vereda::engine {

/// Contacts of which a text stays in the log, and which have all the words that somebody typed.
[[nodiscard]] std::vector<LocalDot> long_contacts_with(
    Projection& projection, std::string_view words);
/// The same of interactions and their notes.
[[nodiscard]] std::vector<LocalDot> long_visits_with(
    Projection& projection, std::string_view words);

}  // namespace vereda::engine
