#pragma once

// Lives here: what a store of a hub can do.
// Begin: here, then `footprint.h`; `streams.h` for what most requests are about.
// Must not know: any one database: those are in the folders within.

#include "server/store/footprint.h"
#include "server/store/logs.h"
#include "server/store/rosters.h"
#include "server/store/streams.h"
#include "server/store/workspaces.h"

namespace vereda::server {

/// What a hub keeps, behind interfaces of its own: SQLite beside the program, later a database that
/// many hubs share. One thread at a time. Everything here throws engine::StorageFailure when the
/// disk fails or a constraint does not hold.
///
///     begin(footprint)  → how it stands: ends, versions, sizes, which nobody else changes until
///     judge, put …        commit or rollback
///     commit()          → durable, all of it
///
/// What a hub remembers from one group to the next is a hint: `begin` tells whether it still holds.
/// Any store has to pass tests/unit/server/store_suite. Why like this:
/// docs/decisions/0018-whose-turn-it-is.md.
class Store {
  public:
    virtual ~Store() = default;

    /// Begins a group. Until `commit` or `rollback` nobody else changes what the footprint names:
    /// a store that is shared waits for others who write there. Without `writes` nothing may be
    /// put.
    [[nodiscard]] virtual Standing begin(const Footprint& footprint) = 0;
    /// All that was put since `begin` is durable when this returns, or nothing of it is there.
    virtual void commit() = 0;
    /// Undoes what was put since `begin`; nothing to undo is no error.
    virtual void rollback() noexcept = 0;
    /// Work that a store puts off until the answers of a group have gone out. Not within `begin`
    /// and `commit`.
    virtual void tidy() = 0;
    /// Whether anybody else may write to the same data meanwhile. From any thread.
    [[nodiscard]] virtual bool is_shared() const = 0;

    /// Each lives as long as the store. What is read sees what this group has put. To be put
    /// something, a group has to be open.
    [[nodiscard]] virtual Workspaces& workspaces() = 0;
    [[nodiscard]] virtual Streams& streams() = 0;
    [[nodiscard]] virtual Logs& logs() = 0;
    [[nodiscard]] virtual Rosters& rosters() = 0;
};

}  // namespace vereda::server
