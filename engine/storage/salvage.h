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
    std::unique_ptr<MemoryImage> image;  ///< Sound, of the schema that was asked for.
    std::vector<std::string> torn;       ///< Tables of which some rows could not be read.
};

/// The bytes of a database whatever its pages say, its write-ahead log included; the file itself
/// where SQLite does not know it as a database. Nothing when that is not certain to be all: the
/// file's write-ahead log is still there and does not open.
[[nodiscard]] std::optional<Bytes> damaged_image(
    const std::string& path, const std::string& vfs, std::span<const std::uint8_t> file,
    bool has_wal);

/// Reads every row of `damaged` that still reads into a new database of the schema that `steps`
/// end in; each table from both ends, so that one bad page costs its own rows and no others. A
/// rotten row of the schema is put right in memory. Nothing when tables cannot be told apart any
/// more. Throws std::bad_alloc.
[[nodiscard]] std::optional<Salvage> salvage(
    Bytes damaged, std::span<const char* const> steps, int page_size);

}  // namespace vereda::engine
