#include "engine/storage/database.h"

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <sqlite3.h>
#include <unistd.h>

#include "crypto/assert.h"

namespace vereda::engine {
namespace {

StorageFault fault_of_sqlite(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return StorageFault::disk_full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return StorageFault::locked;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return StorageFault::corrupt;
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return StorageFault::cannot_open;
        case SQLITE_READONLY:
            return StorageFault::read_only;
        case SQLITE_CONSTRAINT:
            return StorageFault::constraint;
        case SQLITE_ERROR:
        case SQLITE_MISMATCH:
        case SQLITE_TOOBIG:
        case SQLITE_RANGE:
        case SQLITE_MISUSE:
            return StorageFault::statement;
        default:
            return StorageFault::io;
    }
}

/// Nobody asks SQLite how much memory it uses, and counting it takes a lock at each allocation: a
/// seventh of the time of opening a small vault. Said before main, because SQLite cannot be
/// configured once it has started.
[[maybe_unused]] const int without_memory_statistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

int open_flags(const DatabaseOptions& options) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (options.in_memory || options.mode == DatabaseOptions::Mode::create_or_open) {
        flags |= SQLITE_OPEN_CREATE;
    }
    return flags;
}

/// SQLite would create the file readable by all. O_EXCL: an existing file is not even opened, since
/// closing it again would drop the POSIX locks that another connection of this process holds on it.
void create_private_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
}

void forbid_extras(sqlite3* handle) {
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
}

/// locking_mode comes before whatever reads the schema, as cache_size does: only so does WAL go
/// without shared memory.
std::string settings(const DatabaseOptions& options) {
    const std::string common =
        "PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON; PRAGMA page_size=" +
        std::to_string(options.page_size) + "; PRAGMA cache_size=-" +
        std::to_string(options.cache_kib) + ";";
    if (options.in_memory) return common;
    const char* const locking = options.shared ? "PRAGMA busy_timeout=10000;"  // milliseconds
                                               : "PRAGMA locking_mode=EXCLUSIVE;";
    return locking + common +
           "PRAGMA secure_delete=ON; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216;";
}

}  // namespace

namespace {

/// SQLite calls only ENOSPC full; a quota and a limit on the size of files are no other thing. What
/// was to be written is rolled back alike. `sqlite3_system_errno` knows nothing of a commit's
/// failure; the errno of the write that failed outlives the rollback.
bool is_at_a_limit(int code, int error) {
    return code == SQLITE_IOERR_WRITE && (error == EDQUOT || error == EFBIG);
}

}  // namespace

void throw_sqlite_failure(sqlite3* handle, int code, std::string_view doing) {
    const bool at_a_limit = is_at_a_limit(code, errno);
    if ((code & 0xff) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
    std::string what(doing);
    what += ": ";
    what += handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    const StorageFault fault = at_a_limit ? StorageFault::disk_full : fault_of_sqlite(code);
    throw StorageFailure(fault, what + " (SQLite " + std::to_string(code) + ")");
}

/// Pages in the write-ahead log after the last commit, and how many make a checkpoint due.
struct Database::WalSize {
    static constexpr int step = 1000;  // SQLite's own default
    int pages = 0;
    int due = step;

    static int note(void* to, sqlite3*, const char*, int pages) {
        static_cast<WalSize*>(to)->pages = pages;
        return SQLITE_OK;
    }
};

Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Database::Database(const DatabaseOptions& options) {
    const std::string path = options.in_memory ? ":memory:" : options.path;
    const int flags = open_flags(options);
    if (!options.in_memory && options.vfs.empty() && (flags & SQLITE_OPEN_CREATE) != 0) {
        create_private_file(path);
    }
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &handle, flags, options.vfs.empty() ? nullptr : options.vfs.c_str());
    handle_.reset(handle);
    if (code != SQLITE_OK) throw_sqlite_failure(handle, code, "opening " + path);
    forbid_extras(handle);
    if (options.damaged) exec("PRAGMA writable_schema=ON");
    exec(settings(options));
    if (!options.in_memory && !options.damaged) {
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        exec("PRAGMA journal_mode=WAL; BEGIN IMMEDIATE; COMMIT;");
    }
    if (options.checkpoints == DatabaseOptions::Checkpoints::when_asked) {
        wal_size_ = std::make_unique<WalSize>();
        sqlite3_wal_hook(handle, WalSize::note, wal_size_.get());  // in place of SQLite's own
    }
}

void Database::exec(const std::string& sql) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw_sqlite_failure(handle_.get(), code, "running SQL");
}

std::int64_t Database::pragma(const char* sql) {
    std::int64_t value = 0;
    const auto keep = [](void* to, int, char** columns, char**) {
        *static_cast<std::int64_t*>(to) =
            columns[0] == nullptr ? 0 : std::strtoll(columns[0], nullptr, 10);
        return 0;
    };
    const int code = sqlite3_exec(handle_.get(), sql, keep, &value, nullptr);
    if (code != SQLITE_OK) throw_sqlite_failure(handle_.get(), code, sql);
    return value;
}

std::int64_t Database::user_version() { return pragma("PRAGMA user_version"); }

std::int64_t Database::data_version() { return pragma("PRAGMA data_version"); }

void Database::set_user_version(std::int64_t version) {
    exec("PRAGMA user_version=" + std::to_string(version));
}

std::int64_t Database::last_insert_rowid() const {
    return sqlite3_last_insert_rowid(handle_.get());
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

void Database::checkpoint() {
    const int code = sqlite3_wal_checkpoint_v2(
        handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK) throw_sqlite_failure(handle_.get(), code, "checkpoint");
}

void Database::checkpoint_if_due() {
    VEREDA_ASSERT(wal_size_ != nullptr);
    if (wal_size_->pages < wal_size_->due) return;
    wal_size_->due = wal_size_->pages + WalSize::step;  // should it fail: not after each commit
    const int code = sqlite3_wal_checkpoint_v2(
        handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK) throw_sqlite_failure(handle_.get(), code, "checkpoint");
    *wal_size_ = {};
}

Bytes Database::image() {
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> data(
        sqlite3_serialize(handle_.get(), "main", &size, 0), sqlite3_free);
    if (data == nullptr) throw_sqlite_failure(handle_.get(), SQLITE_CORRUPT, "reading all pages");
    return {data.get(), data.get() + size};
}

bool Database::is_sound() {
    return finds_nothing(
        "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'");
}

void Database::expect_sound_pages() {
    const bool sound = finds_nothing(
        "SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok' AND quick_check NOT "
        "LIKE 'NULL value%'");
    if (!sound) throw StorageFailure(StorageFault::corrupt, "SQLite finds its pages damaged");
}

bool Database::finds_nothing(const char* check) {
    try {
        return pragma(check) == 0;
    } catch (const StorageFailure& failure) {
        if (failure.fault() == StorageFault::corrupt) return false;
        throw;
    }
}

}  // namespace vereda::engine
