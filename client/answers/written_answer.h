#pragma once

#include <cstdint>
#include <vector>

#include "client/answers/report.h"
#include "client/desk/written.h"

namespace vereda::client {

/// What came of a write, with remarks on it.
[[nodiscard]] Outcome answer(Report& report, const Or<Written>& written);

/// That these lines of a sheet or a batch are about retracted contacts.
[[nodiscard]] Sentence hidden_lines(const std::vector<std::uint64_t>& lines);
/// That these lines of a batch are of visits to come.
[[nodiscard]] Sentence future_lines(const std::vector<std::uint64_t>& lines);

}  // namespace vereda::client
