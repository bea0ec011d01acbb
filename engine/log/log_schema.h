#pragma once

#include <span>

namespace vereda::engine {

/// Bytes of a page of log.db. A block ends in an overflow chain, and every row lies on a page that
/// it shares with few others: blocks of 50 take 82 bytes an action on 8 KiB pages, 62 on these.
inline constexpr int log_page_size = 1024;

/// log.db from version to version; a step once published never changes.
[[nodiscard]] std::span<const char* const> log_migrations();

}  // namespace vereda::engine
