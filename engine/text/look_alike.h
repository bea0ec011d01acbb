#pragma once

#include <set>
#include <string>
#include <string_view>

namespace vereda::engine {

/// What a name looks like to somebody who reads it quickly: two names that have a key in common can
/// be taken for one another. Case, accents, spaces and punctuation do not count, nor whether a
/// letter is Latin or one of another script that looks the same, nor what stands after a number
/// sign, because the beginning of an id is shown there beside such names. Never empty for a name
/// that shows anything. Source: Unicode Technical Standard 39, "skeleton"; engine/text/fold.h.
[[nodiscard]] std::set<std::string> look_alike_keys(std::string_view name);

}  // namespace vereda::engine
