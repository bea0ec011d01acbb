#pragma once

#include <string_view>

#include "client/desk/problems/problem.h"
#include "engine/sheets/encoding.h"
#include "engine/sheets/sheet.h"

namespace vereda::client {

/// Why a file is no sheet that can be read.
[[nodiscard]] Problem problem_of(engine::EncodingError error, std::string_view file = {});
[[nodiscard]] Problem problem_of(const engine::SheetError& error);
/// How dates are read that could mean two days.
[[nodiscard]] Sentence sentence_of(const engine::AssumedDates& dates);
/// Why nothing is read from a column that is left out.
[[nodiscard]] Sentence why_left_out(const engine::SheetColumn& column);

}  // namespace vereda::client
