#pragma once

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "engine/storage/storage_failure.h"

namespace vereda::engine {

/// What the file system says a file is, apart from its name: a move keeps it, a copy or a restored
/// backup does not.
struct FileIdentity {
    std::uint64_t inode = 0;
    /// Creation, Unix time in nanoseconds; 0 where the file system keeps none.
    std::int64_t birth_ns = 0;
    auto operator<=>(const FileIdentity&) const = default;
};

/// A new file under construction. It appears under its name, whole and durable, at `commit`; until
/// then nothing changes there, and without a commit nothing ever does.
class FileWriter {
  public:
    virtual ~FileWriter() = default;
    virtual void write(ByteView more) = 0;
    /// What the file will be once committed.
    [[nodiscard]] virtual FileIdentity identity() = 0;
    /// Syncs the file, renames it over its name and syncs the directory.
    virtual void commit() = 0;
};

/// Reads a file from front to back.
class FileReader {
  public:
    virtual ~FileReader() = default;
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    /// Fills `out` as far as the file goes; the number of bytes read, 0 at the end.
    [[nodiscard]] virtual std::size_t read(std::span<std::uint8_t> out) = 0;
};

/// Holds a lock until it goes.
class FileLock {
  public:
    virtual ~FileLock() = default;
};

enum class ReadFileError { missing, too_large };
enum class LockFileError { held_elsewhere };

/// The few files that are not SQLite's: vault header, guard, snapshot, lock. Paths are absolute or
/// relative to the working directory. A failing disk, and a file that is there but not permitted,
/// throw StorageFailure: only what is certainly not there counts as missing.
class FileSystem {
  public:
    virtual ~FileSystem() = default;

    /// The whole file. Errors: `missing`; `too_large` for more than `size_max` bytes, before any is
    /// read.
    [[nodiscard]] virtual std::expected<Bytes, ReadFileError> read(
        const std::string& path, std::size_t size_max) = 0;
    /// Nothing when the file is missing.
    [[nodiscard]] virtual std::unique_ptr<FileReader> open(const std::string& path) = 0;
    /// A file that will replace `path`, or be new; readable by its owner only. One writer per path
    /// at a time.
    [[nodiscard]] virtual std::unique_ptr<FileWriter> create(const std::string& path) = 0;
    /// Durable on return; false when there was none.
    virtual bool remove(const std::string& path) = 0;
    [[nodiscard]] virtual bool exists(const std::string& path) = 0;
    /// The names in a directory, sorted; empty when there is no such directory.
    [[nodiscard]] virtual std::vector<std::string> list(const std::string& directory) = 0;
    /// Makes a directory (0700) and those above it, durably. One that exists is left as it is.
    virtual void create_directory(const std::string& path) = 0;
    [[nodiscard]] virtual std::expected<FileIdentity, ReadFileError> identity(
        const std::string& path) = 0;
    /// Locks a file, made if need be, against every other opening of it; the system lets go when a
    /// process dies.
    [[nodiscard]] virtual std::expected<std::unique_ptr<FileLock>, LockFileError> lock(
        const std::string& path) = 0;

    /// Replaces the contents of `path`, or makes it: after a crash it holds the old bytes or the
    /// new. Durable on return.
    void write(const std::string& path, ByteView contents);
};

/// What an unfinished file is called; one may lie about after a crash and means nothing.
inline constexpr std::string_view unfinished_suffix = ".new";

}  // namespace vereda::engine
