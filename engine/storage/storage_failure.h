#pragma once

#include <stdexcept>
#include <string>

namespace vereda::engine {

/// Why the disk, or SQLite on it, did not do as asked.
enum class StorageFault {
    disk_full,  ///< No room, or a quota is used up. The old state stands.
    io,      ///< Reading, writing or syncing failed. Treat as a crash: close, reopen, verify; never
             ///< retry.
    locked,  ///< Another connection holds the database.
    corrupt,      ///< The bytes are not a database, or a damaged one.
    cannot_open,  ///< Missing, or not permitted.
    read_only,    ///< The file or its file system does not take writes.
    constraint,   ///< A row breaks a constraint of its table; the statement had no effect.
    statement,  ///< SQLite does not accept the statement: our SQL, or a full-text query, is wrong.
};

/// Whether a database is not what was written. A statement that SQLite has always taken and refuses
/// now is damage, too: its tables are not ours any more.
[[nodiscard]] constexpr bool is_damage(StorageFault fault) {
    return fault == StorageFault::corrupt || fault == StorageFault::statement ||
           fault == StorageFault::constraint;
}

/// The machine fails: thrown through whatever was going on; transactions roll back on the way.
class StorageFailure : public std::runtime_error {
  public:
    StorageFailure(StorageFault fault, const std::string& what)
        : std::runtime_error(what), fault_(fault) {}
    [[nodiscard]] StorageFault fault() const { return fault_; }

  private:
    StorageFault fault_;
};

}  // namespace vereda::engine
