#pragma once

#include <span>

namespace vereda::engine {

/// log.db from version to version; a step once published never changes.
[[nodiscard]] std::span<const char* const> log_migrations();

}  // namespace vereda::engine
