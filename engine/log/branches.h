#pragma once

#include "engine/log/log_store.h"
#include "protocol/log/block.h"

/// A log that forked: one device signed two blocks for one place, because its disk was copied, or
/// put back to an earlier day, and both went on. Nothing of it is lost: each branch is read. Where
/// blocks part, the one with the smaller hash goes on under the name that the log had there; each
/// other one begins a branch of its own name, H("fork", workspace | log | its hash). So every
/// replica calls an entry alike, whichever branch it met first (docs/protocol.md "Forks").
namespace vereda::engine {

/// Branches of one log that are read, beside what goes on under its own name. Of more those are
/// read that begin at the earliest block, and of these the ones with the smallest names: whichever
/// came first, every replica reads the same. The rest is kept, proves references and says nothing.
inline constexpr std::size_t branches_max = 64;

struct BlockPlace {
    enum class Kind {
        known,    ///< The very block is there, in `log`.
        next,     ///< It follows the last block of `log`, or begins it.
        beside,   ///< It follows a block of `log` that goes on with another one.
        misfit,   ///< It contradicts the block before it: numbers with a gap, a roster gone back.
        unread,   ///< It is, or follows, a block beyond the bound on branches; `log` is the log.
        unknown,  ///< What it follows is not here.
    };
    Kind kind = Kind::unknown;
    LogOrdinal log;
};

/// Where `block` belongs among the branches of its log, whose own name has the ordinal `root`.
[[nodiscard]] BlockPlace find_place(
    LogStore& store, LogOrdinal root, const protocol::ParsedBlock& block);

/// Parts the log `log` where `block` belongs beside another block; afterwards it is the next of the
/// log that is returned. What has been read of either must be read again, because names have
/// changed. Nothing, and nothing has changed, when the block is beyond the bound on branches.
[[nodiscard]] std::optional<LogOrdinal> part_log(
    LogStore& store, const protocol::WorkspaceId& workspace, LogOrdinal log,
    const protocol::ParsedBlock& block);

}  // namespace vereda::engine
