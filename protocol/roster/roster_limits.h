#pragma once

#include <cstddef>

/// What a roster entry may hold, so that a reader knows before it allocates. Normative:
/// docs/protocol/roster.md.
namespace vereda::protocol {

inline constexpr std::size_t roster_entry_size_max = 192 * 1024;
inline constexpr std::size_t roster_signatures_max = 8;
inline constexpr std::size_t roster_heads_max = 2048;         ///< Heads in one entry.
inline constexpr std::size_t roster_turfs_max = 1024;         ///< Turfs in one invite.
inline constexpr std::size_t roster_wraps_max = 4096;         ///< Wraps below one entry.
inline constexpr std::size_t roster_order_blocks_max = 2048;  ///< Blocks in one erase order.
inline constexpr std::size_t roster_branches_max = 64;        ///< Branches that one entry leaves.
inline constexpr std::size_t hub_url_size_max = 256;          ///< Bytes.
inline constexpr std::size_t approvals_max = 64;  ///< Coordinators that a policy may ask for.

}  // namespace vereda::protocol
