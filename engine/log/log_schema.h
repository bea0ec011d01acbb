#pragma once

#include <span>
#include <string>

namespace vereda::engine {

/// Bytes of a page of log.db. Blocks are some KiB, so few of them share a page of 8 KiB and what is
/// left of it stays empty: up to half for blocks of 50, where here it is 15 % at most.
inline constexpr int log_page_size = 1024;

/// log.db from version to version; a step once published never changes.
[[nodiscard]] std::span<const char* const> log_migrations();
/// What keeps the copies of rows, for one connection: so no code that writes has to think of them,
/// and nothing of it lies on the disk, where a rotten bit in it would stop every statement.
[[nodiscard]] std::string log_triggers();

}  // namespace vereda::engine
