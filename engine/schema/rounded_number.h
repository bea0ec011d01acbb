#pragma once

#include <string_view>

namespace vereda::engine {

/// 5.73E+11, also with a comma: a spreadsheet took digits for a number and has forgotten most of
/// them.
[[nodiscard]] bool is_rounded_number(std::string_view cell);

}  // namespace vereda::engine
