#pragma once

#include "engine/storage/file_system.h"
#include "tests/sim/faulty_disk.h"

namespace vereda::sim {

/// The engine's file system on a FaultyDisk. Directories need not be made; a path is a name.
class FaultyFiles final : public engine::FileSystem {
  public:
    explicit FaultyFiles(FaultyDisk& disk) : disk_(disk) {}

    [[nodiscard]] std::expected<Bytes, engine::ReadFileError> read(
        const std::string& path, std::size_t size_max) override;
    [[nodiscard]] std::unique_ptr<engine::FileReader> open(const std::string& path) override;
    [[nodiscard]] std::unique_ptr<engine::FileWriter> create(const std::string& path) override;
    bool remove(const std::string& path) override;
    [[nodiscard]] bool exists(const std::string& path) override;
    [[nodiscard]] std::vector<std::string> list(const std::string& directory) override;
    void create_directory(const std::string& path) override;
    [[nodiscard]] std::expected<engine::FileIdentity, engine::ReadFileError> identity(
        const std::string& path) override;
    [[nodiscard]] std::expected<std::unique_ptr<engine::FileLock>, engine::LockFileError> lock(
        const std::string& path) override;

  private:
    void expect_power() const;
    FaultyDisk& disk_;
};

}  // namespace vereda::sim
