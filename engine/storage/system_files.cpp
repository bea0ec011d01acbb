#include "engine/storage/system_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "crypto/assert.h"

namespace vereda::engine {
namespace {

StorageFault fault_of_errno(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return StorageFault::disk_full;
        case EROFS:
            return StorageFault::read_only;
        case EACCES:
        case EPERM:
        case ENOENT:
        case ENOTDIR:
        case EISDIR:
            return StorageFault::cannot_open;
        default:
            return StorageFault::io;
    }
}

[[noreturn]] void fail(const char* doing, const std::string& path) {
    const int error = errno;
    throw StorageFailure(
        fault_of_errno(error), std::string(doing) + " " + path + ": " + std::strerror(error));
}

/// Repeats a call that a signal interrupted.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

/// An open file; closes itself.
class Descriptor {
  public:
    Descriptor() = default;
    Descriptor(const std::string& path, int flags)
        : number_(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0600); })) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_ = -1;
};

/// A file to read, or nothing when it is missing.
Descriptor open_to_read(const std::string& path) {
    Descriptor file(path, O_RDONLY);
    if (!file.is_open() && errno != ENOENT) fail("opening", path);
    return file;
}

std::uint64_t size_of(const Descriptor& file, const std::string& path) {
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) fail("reading the size of", path);
    return static_cast<std::uint64_t>(status.st_size);
}

std::size_t read_fully(
    const Descriptor& file, std::span<std::uint8_t> out, const std::string& path) {
    std::size_t done = 0;
    while (done < out.size()) {
        const auto got = uninterrupted(
            [&] { return ::read(file.number(), out.data() + done, out.size() - done); });
        if (got < 0) fail("reading", path);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

FileIdentity identity_in(const struct statx& status) {
    FileIdentity identity{.inode = status.stx_ino};
    if ((status.stx_mask & STATX_BTIME) != 0) {
        identity.birth_ns = status.stx_btime.tv_sec * 1'000'000'000 + status.stx_btime.tv_nsec;
    }
    return identity;
}

FileIdentity identity_of(const Descriptor& file, const std::string& path) {
    struct statx status {};
    if (::statx(file.number(), "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status) != 0) {
        fail("reading the identity of", path);
    }
    return identity_in(status);
}

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// A name is durable only when its directory is.
void sync_directory(const std::string& directory) {
    const Descriptor opened(directory, O_RDONLY | O_DIRECTORY);
    if (!opened.is_open()) fail("opening", directory);
    if (::fsync(opened.number()) != 0) fail("syncing", directory);
}

class SystemReader final : public FileReader {
  public:
    SystemReader(Descriptor file, std::string path)
        : file_(std::move(file)), path_(std::move(path)), size_(size_of(file_, path_)) {}
    std::uint64_t size() const override { return size_; }
    std::size_t read(std::span<std::uint8_t> out) override { return read_fully(file_, out, path_); }

  private:
    Descriptor file_;
    std::string path_;
    std::uint64_t size_;
};

class SystemWriter final : public FileWriter {
  public:
    explicit SystemWriter(const std::string& path)
        : path_(path), unfinished_(path + std::string(unfinished_suffix)), file_(create_afresh()) {
        if (!file_.is_open()) fail("creating", unfinished_);
    }
    ~SystemWriter() override {
        if (!committed_) ::unlink(unfinished_.c_str());
    }

    void write(ByteView more) override {
        while (!more.empty()) {
            const auto put =
                uninterrupted([&] { return ::write(file_.number(), more.data(), more.size()); });
            if (put < 0) fail("writing", unfinished_);
            more = more.subspan(static_cast<std::size_t>(put));
        }
    }

    FileIdentity identity() override { return identity_of(file_, unfinished_); }

    void commit() override {
        VEREDA_ASSERT(!committed_);
        if (::fsync(file_.number()) != 0) fail("syncing", unfinished_);
        if (::rename(unfinished_.c_str(), path_.c_str()) != 0) fail("renaming", unfinished_);
        committed_ = true;
        sync_directory(parent_of(path_));
    }

  private:
    /// A leftover of a crash goes first: O_EXCL and O_NOFOLLOW make sure that the file is new and
    /// ours.
    Descriptor create_afresh() const {
        ::unlink(unfinished_.c_str());
        return Descriptor(unfinished_, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    }

    std::string path_;
    std::string unfinished_;
    Descriptor file_;
    bool committed_ = false;
};

class SystemLock final : public FileLock {
  public:
    explicit SystemLock(Descriptor file) : file_(std::move(file)) {}

  private:
    Descriptor file_;
};

}  // namespace

std::expected<Bytes, ReadFileError> SystemFiles::read(
    const std::string& path, std::size_t size_max) {
    const Descriptor file = open_to_read(path);
    if (!file.is_open()) return std::unexpected(ReadFileError::missing);
    const std::uint64_t size = size_of(file, path);
    if (size > size_max) return std::unexpected(ReadFileError::too_large);
    Bytes contents(static_cast<std::size_t>(size));
    contents.resize(read_fully(file, contents, path));
    return contents;
}

std::unique_ptr<FileReader> SystemFiles::open(const std::string& path) {
    Descriptor file = open_to_read(path);
    if (!file.is_open()) return nullptr;
    return std::make_unique<SystemReader>(std::move(file), path);
}

std::unique_ptr<FileWriter> SystemFiles::create(const std::string& path) {
    return std::make_unique<SystemWriter>(path);
}

bool SystemFiles::remove(const std::string& path) {
    if (::unlink(path.c_str()) != 0) {
        if (errno == ENOENT) return false;
        fail("removing", path);
    }
    sync_directory(parent_of(path));
    return true;
}

bool SystemFiles::exists(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) return true;
    if (errno != ENOENT) fail("looking for", path);
    return false;
}

std::vector<std::string> SystemFiles::list(const std::string& directory) {
    const std::unique_ptr<DIR, int (*)(DIR*)> opened(::opendir(directory.c_str()), &::closedir);
    if (opened == nullptr) {
        if (errno == ENOENT) return {};
        fail("listing", directory);
    }
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(opened.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

void SystemFiles::create_directory(const std::string& path) {
    if (path.empty() || exists(path)) return;
    const std::string above = parent_of(path);
    if (above != path) create_directory(above);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("creating", path);
    sync_directory(above);
}

std::expected<FileIdentity, ReadFileError> SystemFiles::identity(const std::string& path) {
    // Not by opening it: closing any descriptor of a file drops SQLite's locks on it (fcntl(2)).
    struct statx status {};
    if (::statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &status) != 0) {
        if (errno != ENOENT) fail("reading the identity of", path);
        return std::unexpected(ReadFileError::missing);
    }
    return identity_in(status);
}

std::expected<std::unique_ptr<FileLock>, LockFileError> SystemFiles::lock(const std::string& path) {
    Descriptor file(path, O_RDWR | O_CREAT | O_NOFOLLOW);
    if (!file.is_open() && (errno == EACCES || errno == EPERM)) {
        // Who may not write a lock could not write what it guards.
        throw StorageFailure(
            StorageFault::read_only, "opening " + path + ": " + std::strerror(errno));
    }
    if (!file.is_open()) fail("opening", path);
    if (uninterrupted([&] { return ::flock(file.number(), LOCK_EX | LOCK_NB); }) != 0) {
        if (errno != EWOULDBLOCK) fail("locking", path);
        return std::unexpected(LockFileError::held_elsewhere);
    }
    return std::make_unique<SystemLock>(std::move(file));
}

}  // namespace vereda::engine
