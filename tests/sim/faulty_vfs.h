#pragma once

#include <memory>
#include <string>

#include "tests/sim/faulty_disk.h"

namespace vereda::sim {

/// An SQLite VFS on a FaultyDisk, registered under `name()` for as long as this lives. No shared
/// memory, hence WAL only with locking_mode=EXCLUSIVE; no temporary files: opening one fails and is
/// counted. Syncs as SQLite's own unix VFS does: the first sync of a new journal or write-ahead log
/// syncs its directory too.
class FaultyVfs {
  public:
    explicit FaultyVfs(FaultyDisk& disk);
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] std::uint64_t temporary_files() const;

    struct Registration;

  private:
    std::unique_ptr<Registration> registration_;
};

}  // namespace vereda::sim
