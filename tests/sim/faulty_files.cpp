#include "tests/sim/faulty_files.h"

#include <utility>

namespace vereda::sim {
namespace {

using engine::FileIdentity;
using engine::LockFileError;
using engine::ReadFileError;
using engine::StorageFailure;
using engine::StorageFault;

void expect_ok(DiskResult result) {
    if (result == DiskResult::ok) return;
    if (result == DiskResult::full)
        throw StorageFailure(StorageFault::disk_full, "the disk is full");
    throw StorageFailure(StorageFault::io, "the disk fails");
}

FileIdentity identity_of(const FaultyDisk::File& file) {
    return {.inode = file.inode, .birth_ns = file.birth_ns()};
}

/// A file opened before a power loss, and what it may still do: nothing.
class Handle {
  public:
    Handle(FaultyDisk& disk, std::shared_ptr<FaultyDisk::File> file)
        : disk_(disk), file_(std::move(file)), generation_(disk.generation()) {
        if (file_ == nullptr) expect_ok(DiskResult::no_power);
    }
    [[nodiscard]] bool is_alive() const {
        return disk_.has_power() && generation_ == disk_.generation();
    }
    void expect_alive() const {
        if (!is_alive()) expect_ok(DiskResult::no_power);
    }
    [[nodiscard]] FaultyDisk& disk() const { return disk_; }
    [[nodiscard]] FaultyDisk::File& file() const { return *file_; }

  private:
    FaultyDisk& disk_;
    std::shared_ptr<FaultyDisk::File> file_;
    std::uint64_t generation_;
};

class FaultyReader final : public engine::FileReader {
  public:
    explicit FaultyReader(Handle handle) : handle_(std::move(handle)) {}
    std::uint64_t size() const override { return handle_.file().size(); }
    std::size_t read(std::span<std::uint8_t> out) override {
        handle_.expect_alive();
        const std::size_t got = handle_.disk().read(handle_.file(), offset_, out).value();
        offset_ += got;
        return got;
    }

  private:
    Handle handle_;
    std::uint64_t offset_ = 0;
};

class FaultyWriter final : public engine::FileWriter {
  public:
    FaultyWriter(FaultyDisk& disk, const std::string& path)
        : path_(path),
          unfinished_(path + std::string(engine::unfinished_suffix)),
          handle_(create(disk)) {}
    ~FaultyWriter() override {
        if (!committed_ && handle_.is_alive()) (void)handle_.disk().remove(unfinished_);
    }
    void write(ByteView more) override {
        handle_.expect_alive();
        expect_ok(handle_.disk().write(handle_.file(), handle_.file().size(), more));
    }
    FileIdentity identity() override { return identity_of(handle_.file()); }
    void commit() override {
        handle_.expect_alive();
        expect_ok(handle_.disk().sync(handle_.file()));
        expect_ok(handle_.disk().rename(unfinished_, path_));
        committed_ = true;
        expect_ok(handle_.disk().sync_directory(directory_of(path_)));
    }

  private:
    Handle create(FaultyDisk& disk) const {
        if (disk.exists(unfinished_)) expect_ok(disk.remove(unfinished_));
        return Handle(disk, disk.open(unfinished_, true));
    }
    std::string path_;
    std::string unfinished_;
    Handle handle_;
    bool committed_ = false;
};

class FaultyLock final : public engine::FileLock {
  public:
    explicit FaultyLock(Handle handle) : handle_(std::move(handle)) {
        handle_.file().locks[this] = 1;
    }
    ~FaultyLock() override { handle_.file().locks.erase(this); }

  private:
    Handle handle_;
};

}  // namespace

void FaultyFiles::expect_power() const {
    if (!disk_.has_power()) expect_ok(DiskResult::no_power);
}

std::expected<Bytes, ReadFileError> FaultyFiles::read(
    const std::string& path, std::size_t size_max) {
    expect_power();
    auto contents = disk_.contents(path);
    if (!contents) return std::unexpected(ReadFileError::missing);
    if (contents->size() > size_max) return std::unexpected(ReadFileError::too_large);
    return std::move(*contents);
}

std::unique_ptr<engine::FileReader> FaultyFiles::open(const std::string& path) {
    expect_power();
    auto file = disk_.open(path, false);
    if (file == nullptr) return nullptr;
    return std::make_unique<FaultyReader>(Handle(disk_, std::move(file)));
}

std::unique_ptr<engine::FileWriter> FaultyFiles::create(const std::string& path) {
    expect_power();
    return std::make_unique<FaultyWriter>(disk_, path);
}

bool FaultyFiles::remove(const std::string& path) {
    const DiskResult removed = disk_.remove(path);
    if (removed == DiskResult::missing) return false;
    expect_ok(removed);
    expect_ok(disk_.sync_directory(directory_of(path)));
    return true;
}

bool FaultyFiles::exists(const std::string& path) {
    expect_power();
    return disk_.exists(path);
}

std::vector<std::string> FaultyFiles::list(const std::string& directory) {
    expect_power();
    std::vector<std::string> names;
    for (const std::string& path : disk_.paths()) {
        if (directory_of(path) == directory) names.push_back(path.substr(directory.size() + 1));
    }
    return names;
}

void FaultyFiles::create_directory(const std::string&) { expect_power(); }

std::expected<FileIdentity, ReadFileError> FaultyFiles::identity(const std::string& path) {
    expect_power();
    const auto file = disk_.open(path, false);
    if (file == nullptr) return std::unexpected(ReadFileError::missing);
    return identity_of(*file);
}

std::expected<std::unique_ptr<engine::FileLock>, LockFileError> FaultyFiles::lock(
    const std::string& path) {
    expect_power();
    auto file = disk_.open(path, true);
    if (file != nullptr && !file->locks.empty())
        return std::unexpected(LockFileError::held_elsewhere);
    return std::make_unique<FaultyLock>(Handle(disk_, std::move(file)));
}

}  // namespace vereda::sim
