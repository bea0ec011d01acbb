#pragma once

#include "engine/log/log_store.h"
#include "protocol/block.h"

/// A log that forked: one device signed two blocks for one place, because its disk was copied, or
/// put back to an earlier day, and both went on. Nothing of it is lost: each branch is read. Where
/// blocks part, the one with the smaller hash goes on under the name that the log had there; each
/// other one begins a branch of its own name, H("fork", workspace | log | its hash). So every
/// replica calls an entry alike, whichever branch it met first (docs/protocol.md "Forks").
namespace vereda::engine {

struct BlockPlace {
    enum class Kind {
        known,    ///< The very block is there, in `log`.
        next,     ///< It follows the last block of `log`, or begins it.
        beside,   ///< It follows a block of `log` that goes on with another one.
        misfit,   ///< It contradicts the block before it: numbers with a gap, a roster gone back.
        unknown,  ///< What it follows is not here.
    };
    Kind kind = Kind::unknown;
    LogOrdinal log;
};

/// Where `block` belongs among the branches of its log, whose own name has the ordinal `root`.
[[nodiscard]] BlockPlace find_place(
    LogStore& store, LogOrdinal root, const protocol::ParsedBlock& block);

/// Parts the log `log` where `block` belongs beside another block; afterwards it is the next of the
/// log that is returned. What has been read of either is to be read anew, as names have changed.
[[nodiscard]] LogOrdinal part_log(
    LogStore& store, const protocol::WorkspaceId& workspace, LogOrdinal log,
    const protocol::ParsedBlock& block);

}  // namespace vereda::engine
