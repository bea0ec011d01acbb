#pragma once

#include <string_view>

namespace vereda::engine {

/// Whether there is nothing to see in `text`: it is empty, or only white space, control characters
/// and characters without a form of their own (zero-width spaces, joiners, direction marks). What
/// is not UTF-8 is something.
[[nodiscard]] bool is_blank(std::string_view text);

}  // namespace vereda::engine
