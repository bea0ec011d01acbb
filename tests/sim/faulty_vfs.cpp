#include "tests/sim/faulty_vfs.h"

#include <algorithm>
#include <cstdio>
#include <new>
#include <sqlite3.h>

namespace vereda::sim {

struct FaultyVfs::Registration {
    explicit Registration(FaultyDisk& on) : disk(on) {}
    FaultyDisk& disk;
    std::string name;
    std::uint64_t temporary_files = 0;
    std::uint64_t random_state = 1;
    sqlite3_vfs vfs{};
};

namespace {

FaultyVfs::Registration& registration(sqlite3_vfs* vfs) {
    return *static_cast<FaultyVfs::Registration*>(vfs->pAppData);
}

/// What SQLite holds of an open file. SQLite wants `base` first and gives the memory.
struct OpenFile {
    sqlite3_file base;
    FaultyDisk* disk;
    std::shared_ptr<FaultyDisk::File> file;
    std::string directory;
    std::uint64_t generation;
    bool sync_directory_too;

    [[nodiscard]] bool is_alive() const {
        return disk->has_power() && generation == disk->generation();
    }
};

OpenFile& opened(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

int close_file(sqlite3_file* base) {
    OpenFile& file = opened(base);
    if (file.is_alive()) file.file->locks.erase(&file);
    file.~OpenFile();
    return SQLITE_OK;
}

int read_file(sqlite3_file* base, void* to, int amount, sqlite3_int64 offset) {
    const OpenFile& file = opened(base);
    if (!file.is_alive()) return SQLITE_IOERR_READ;
    const std::span out(static_cast<std::uint8_t*>(to), static_cast<std::size_t>(amount));
    const auto got = file.disk->read(*file.file, static_cast<std::uint64_t>(offset), out);
    if (!got) return SQLITE_IOERR_READ;
    std::ranges::fill(out.subspan(*got), std::uint8_t{0});
    return *got == out.size() ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int code_of(DiskResult result, int otherwise) {
    if (result == DiskResult::ok) return SQLITE_OK;
    return result == DiskResult::full ? SQLITE_FULL : otherwise;
}

int write_file(sqlite3_file* base, const void* from, int amount, sqlite3_int64 offset) {
    const OpenFile& file = opened(base);
    if (!file.is_alive()) return SQLITE_IOERR_WRITE;
    const ByteView data(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(amount));
    return code_of(
        file.disk->write(*file.file, static_cast<std::uint64_t>(offset), data), SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* base, sqlite3_int64 size) {
    const OpenFile& file = opened(base);
    if (!file.is_alive()) return SQLITE_IOERR_TRUNCATE;
    return code_of(
        file.disk->truncate(*file.file, static_cast<std::uint64_t>(size)), SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* base, int) {
    OpenFile& file = opened(base);
    if (!file.is_alive()) return SQLITE_IOERR_FSYNC;
    const int code = code_of(file.disk->sync(*file.file), SQLITE_IOERR_FSYNC);
    if (code != SQLITE_OK || !file.sync_directory_too) return code;
    file.sync_directory_too = false;
    return code_of(file.disk->sync_directory(file.directory), SQLITE_IOERR_DIR_FSYNC);
}

int size_of_file(sqlite3_file* base, sqlite3_int64* size) {
    const OpenFile& file = opened(base);
    if (!file.is_alive()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(file.file->size());
    return SQLITE_OK;
}

/// The highest level that anyone else holds.
int level_of_others(const OpenFile& file) {
    int highest = SQLITE_LOCK_NONE;
    for (const auto& [holder, level] : file.file->locks) {
        if (holder != &file) highest = std::max(highest, level);
    }
    return highest;
}

int lock_file(sqlite3_file* base, int level) {
    OpenFile& file = opened(base);
    if (!file.is_alive()) return SQLITE_IOERR_LOCK;
    const int allowed = level == SQLITE_LOCK_SHARED      ? SQLITE_LOCK_RESERVED
                        : level == SQLITE_LOCK_EXCLUSIVE ? SQLITE_LOCK_NONE
                                                         : SQLITE_LOCK_SHARED;
    if (level_of_others(file) > allowed) return SQLITE_BUSY;
    int& held = file.file->locks[&file];
    held = std::max(held, level);
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* base, int level) {
    OpenFile& file = opened(base);
    if (!file.is_alive()) return SQLITE_OK;
    int& held = file.file->locks[&file];
    held = std::min(held, level);
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* base, int* reserved) {
    *reserved = level_of_others(opened(base)) >= SQLITE_LOCK_RESERVED ? 1 : 0;
    return SQLITE_OK;
}

int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 512; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

constexpr sqlite3_io_methods io_methods = [] {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;  // no shared memory, no mapping
    methods.xClose = close_file;
    methods.xRead = read_file;
    methods.xWrite = write_file;
    methods.xTruncate = truncate_file;
    methods.xSync = sync_file;
    methods.xFileSize = size_of_file;
    methods.xLock = lock_file;
    methods.xUnlock = unlock_file;
    methods.xCheckReservedLock = check_reserved_lock;
    methods.xFileControl = control_file;
    methods.xSectorSize = sector_size;
    methods.xDeviceCharacteristics = characteristics;
    return methods;
}();

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* base, int flags, int* out_flags) {
    FaultyVfs::Registration& on = registration(vfs);
    base->pMethods = nullptr;
    if (path == nullptr) {
        ++on.temporary_files;
        return SQLITE_CANTOPEN;
    }
    const bool existed = on.disk.exists(path);
    auto file = on.disk.open(path, (flags & SQLITE_OPEN_CREATE) != 0);
    if (file == nullptr) return SQLITE_CANTOPEN;
    const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    new (base) OpenFile{{&io_methods},        &on.disk,
                        std::move(file),      directory_of(path),
                        on.disk.generation(), !existed && (flags & journals) != 0};
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    FaultyDisk& disk = registration(vfs).disk;
    const DiskResult removed = disk.remove(path);
    if (removed == DiskResult::missing) return SQLITE_IOERR_DELETE_NOENT;
    if (removed != DiskResult::ok) return SQLITE_IOERR_DELETE;
    if (sync_directory == 0) return SQLITE_OK;
    return code_of(disk.sync_directory(directory_of(path)), SQLITE_IOERR_DIR_FSYNC);
}

int access_file(sqlite3_vfs* vfs, const char* path, int, int* result) {
    const FaultyDisk& disk = registration(vfs).disk;
    if (!disk.has_power()) return SQLITE_IOERR_ACCESS;
    *result = disk.exists(path) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    return std::snprintf(out, static_cast<std::size_t>(size), "%s", path) < size ? SQLITE_OK
                                                                                 : SQLITE_CANTOPEN;
}

int randomness(sqlite3_vfs* vfs, int amount, char* out) {
    std::uint64_t& state = registration(vfs).random_state;
    for (int i = 0; i < amount; ++i) {
        state = state * 6364136223846793005 + 1442695040888963407;
        out[i] = static_cast<char>(state >> 56);
    }
    return amount;
}

int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
int current_time(sqlite3_vfs*, double* days) {
    *days = 2460000.5;
    return SQLITE_OK;
}
int last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

FaultyVfs::FaultyVfs(FaultyDisk& disk) : registration_(std::make_unique<Registration>(disk)) {
    static std::uint64_t registered = 0;
    registration_->name = "vereda-faulty-" + std::to_string(++registered);
    sqlite3_vfs& vfs = registration_->vfs;
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(OpenFile);
    vfs.mxPathname = 1024;
    vfs.zName = registration_->name.c_str();
    vfs.pAppData = registration_.get();
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep;
    vfs.xCurrentTime = current_time;
    vfs.xGetLastError = last_error;
    sqlite3_vfs_register(&vfs, 0);
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&registration_->vfs); }

const std::string& FaultyVfs::name() const { return registration_->name; }
std::uint64_t FaultyVfs::temporary_files() const { return registration_->temporary_files; }

}  // namespace vereda::sim
