#pragma once

#include "engine/storage/file_system.h"

namespace vereda::engine {

/// The operating system's files. Locks are `flock`s: tied to an opening, not to the process.
class SystemFiles final : public FileSystem {
  public:
    [[nodiscard]] std::expected<Bytes, ReadFileError> read(
        const std::string& path, std::size_t size_max) override;
    [[nodiscard]] std::unique_ptr<FileReader> open(const std::string& path) override;
    [[nodiscard]] std::unique_ptr<FileWriter> create(const std::string& path) override;
    bool remove(const std::string& path) override;
    [[nodiscard]] bool exists(const std::string& path) override;
    [[nodiscard]] std::vector<std::string> list(const std::string& directory) override;
    void create_directory(const std::string& path) override;
    [[nodiscard]] std::expected<FileIdentity, ReadFileError> identity(
        const std::string& path) override;
    [[nodiscard]] std::expected<std::unique_ptr<FileLock>, LockFileError> lock(
        const std::string& path) override;
};

}  // namespace vereda::engine
