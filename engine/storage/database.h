#pragma once

// Lives here: SQLite, files, and what a machine can fail at.
// Begin: here, then `statement.h`, `transaction.h`, `file_system.h`.
// Must not know: what is stored.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "engine/storage/storage_failure.h"

struct sqlite3;

namespace vereda::engine {

/// Where a database lies and how it is laid out.
struct DatabaseOptions {
    enum class Mode { create_or_open, must_exist };
    enum class Checkpoints { within_commits, when_asked };

    std::string path;        ///< Not used in memory.
    std::string vfs = {};    ///< Name of a registered SQLite VFS; empty: the system's.
    bool in_memory = false;  ///< Private to this connection, gone with it.
    int page_size = 8192;    ///< Bytes; only for a new database.
    int cache_kib = 2048;    ///< Page cache.
    Mode mode = Mode::create_or_open;
    /// Who copies the write-ahead log into the file when it has grown: the commit that finds it
    /// so, or the caller of `checkpoint_if_due`.
    Checkpoints checkpoints = Checkpoints::within_commits;
    /// Other connections may open the file too. It is then locked only while somebody writes, who
    /// is waited for, and a file of shared memory stands beside it.
    bool shared = false;
    bool damaged = false;  ///< Only to take out what is whole: a rotten schema is no reason not to
                           ///< open (salvage.h).
};

/// One SQLite connection. A file is in WAL mode with synchronous=FULL: what was committed is on
/// disk when `commit` returns; and, unless it is shared, with locking_mode=EXCLUSIVE: no other
/// connection gets in, and there is no shared-memory file. Always: temp_store=MEMORY (no temporary
/// file ever), secure_delete, foreign keys enforced, no ATTACH (hence no VACUUM), no extension
/// loading. For one thread at a time. New files are readable by their owner only. Everything here
/// throws StorageFailure, or std::bad_alloc.
class Database {
  public:
    explicit Database(const DatabaseOptions& options);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) = delete;
    ~Database();

    /// Runs SQL without parameters, several statements if need be; rows are discarded.
    void exec(const std::string& sql);

    /// The version of the schema, kept in the file's header; 0 in a new database.
    [[nodiscard]] std::int64_t user_version();
    void set_user_version(std::int64_t version);

    [[nodiscard]] std::int64_t last_insert_rowid() const;
    /// Rows that the last INSERT, UPDATE or DELETE changed.
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] bool in_transaction() const;
    /// Another number after another connection has committed. Within a transaction it is of the
    /// state that this one reads.
    [[nodiscard]] std::int64_t data_version();

    /// Copies the write-ahead log into the database file and empties it.
    void checkpoint();
    /// Copies it when it has grown enough since the last time, done or tried. With
    /// `Checkpoints::when_asked` only.
    void checkpoint_if_due();
    /// A copy of all pages, the write-ahead log included.
    [[nodiscard]] Bytes image();
    /// False when SQLite finds damage (`PRAGMA integrity_check`): reads every page, and compares
    /// indexes with their tables.
    [[nodiscard]] bool is_sound();
    /// Throws StorageFailure (corrupt) when pages are damaged, not just what rows say: before
    /// anything is mended, because through a wrong page it would be written over something else.
    void expect_sound_pages();

    /// For this folder only: the connection stays ours.
    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

  private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    struct WalSize;
    [[nodiscard]] std::int64_t pragma(const char* sql);
    [[nodiscard]] bool finds_nothing(const char* check);

    std::unique_ptr<WalSize> wal_size_;  // SQLite writes to it: outlives the handle
    std::unique_ptr<sqlite3, Close> handle_;
};

/// Throws what SQLite's result `code` means: std::bad_alloc or a StorageFailure that tells `doing`
/// and SQLite's words.
[[noreturn]] void throw_sqlite_failure(sqlite3* handle, int code, std::string_view doing);

}  // namespace vereda::engine
