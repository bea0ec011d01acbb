#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/storage/memory_image.h"

namespace vereda::engine {

/// What was whole in a database that its disk has damaged.
struct Salvage {
    std::unique_ptr<MemoryImage> image;  ///< Sound; its schema may be an earlier version's.
    std::vector<std::string> torn;       ///< Tables of which some rows could not be read.
};

/// The bytes of a damaged database, with what is in its write-ahead log. When SQLite does not take
/// the file for a database, these are the bytes of the file. Nothing when the write-ahead log is
/// there and does not open, since the file may not be all of it; nothing for other failures.
[[nodiscard]] std::optional<Bytes> damaged_image(
    const std::string& path, const std::string& vfs, std::span<const std::uint8_t> file,
    bool has_wal);

/// Copies every row of `damaged` that still reads into a new database. The schema is the one that
/// `steps` end in, or that of the version which `damaged` names. Each table is read from both ends,
/// so one bad page costs its own rows only. A rotten row of the schema is mended in memory. So is
/// one damaged page of it, where the schema has at least three. Nothing when the tables cannot be
/// told apart any more. Throws std::bad_alloc.
[[nodiscard]] std::optional<Salvage> salvage(
    Bytes damaged, std::span<const char* const> steps, int page_size);

}  // namespace vereda::engine
