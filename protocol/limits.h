#pragma once

#include <cstddef>
#include <cstdint>

/// Every limit of docs/protocol.md, in bytes unless named otherwise. A reader refuses what exceeds
/// one; a writer never makes it.
namespace vereda::protocol {

// What goes into a block.
inline constexpr std::size_t entry_size_max = 32 * 1024;
inline constexpr std::size_t entries_size_max = 128 * 1024;  ///< All entries of a block together.
inline constexpr std::uint32_t block_entries_max = 511;      ///< The preamble is the 512th leaf.
inline constexpr std::uint64_t seq_max = (std::uint64_t{1} << 40) - 1;  ///< Entries of one log.
inline constexpr std::size_t plain_size_max = 192 * 1024;  ///< Preamble, cover and slots.
/// A writer's own rule: with it and the limits above, `plain_size_max` always holds.
inline constexpr std::size_t preamble_size_max = 60 * 1024;

// What is made of it.
inline constexpr std::size_t zstd_window_max = 128 * 1024;  ///< What a frame may ask of its reader.
inline constexpr std::size_t packed_size_min = 256;
inline constexpr std::size_t packed_size_max = 208 * 1024;  ///< Compressed and padded.
inline constexpr std::size_t core_size_max = 1024;          ///< The signed core of a header.
inline constexpr std::size_t block_size_max = 224 * 1024;   ///< Header, signature and payload.
inline constexpr std::size_t chunk_size_max = 256 * 1024;   ///< Whole blocks in one answer.

// Smaller signed objects.
inline constexpr std::size_t seal_size_max = 1024;  ///< A seal or checked object.
inline constexpr std::size_t stream_head_size_max = 128;

}  // namespace vereda::protocol
