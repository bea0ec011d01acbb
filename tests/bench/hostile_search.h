#pragma once

#include <cstdint>

namespace vereda::bench {

/// Draws structures by the seeds from `first` on and prints each that costs more than all before
/// it. False when one costs more than three times what may be.
[[nodiscard]] bool search_for_worse(std::uint64_t first, std::uint64_t count);

}  // namespace vereda::bench
