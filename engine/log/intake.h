#pragma once

#include "engine/log/block_opening.h"
#include "engine/log/log_store.h"
#include "engine/log/replay.h"

namespace vereda::engine {

/// What became of a block that came from outside (docs/protocol.md "Reading a block").
enum class BlockVerdict {
    refused,  ///< Nothing of it is kept: malformed, or not signed.
    waiting,  ///< Kept until its predecessor, its device or its roster position is known.
    misfit,   ///< It contradicts the block before it: kept as evidence, not read.
    already_had,
    pending,   ///< Stored; does not open here (yet).
    withheld,  ///< Stored and read; some slots are empty that no order names.
    open,      ///< Stored and read.
};

/// Takes blocks from any route into the log and the projection. Everything happens in the caller's
/// transaction.
class Intake {
  public:
    struct Result {
        BlockVerdict verdict = BlockVerdict::refused;
        std::size_t entries = 0;  ///< Read into the projection for the first time.
        bool damaged =
            false;  ///< Pending, and not the payload that its author signed: ask for it again.
        bool no_room = false;  ///< Too many wait already: ask for it again.
        bool fork = false;  ///< Another block has its place; from here on the log has two branches.
    };

    Intake(LogStore& store, const Roster& roster, const Keyring& keys, Replay& replay)
        : store_(store), roster_(roster), keys_(keys), replay_(replay) {}

    /// Blocks that wait at most; beyond that they are refused and have to be served again.
    static constexpr std::int64_t waiting_max = 4096;

    [[nodiscard]] Result receive(OpenedBlock block);
    /// Tries everything that waits again; how many entries that read.
    std::size_t retry_waiting();
    /// Tries blocks again that did not open, after keys have come; how many opened.
    std::size_t retry_pending();
    /// True once entries were applied that had been skipped: an older snapshot does not know.
    [[nodiscard]] bool has_read_late() const { return has_read_late_; }
    /// True once names or references have changed their meaning, because a log forked: read the
    /// whole log anew.
    [[nodiscard]] bool must_rebuild() const { return must_rebuild_; }

  private:
    enum class RosterView { known, unknown_yet, not_enrolled };
    [[nodiscard]] RosterView roster_view(const protocol::Core& core) const;
    [[nodiscard]] Result meet_again(LogOrdinal log, OpenedBlock& block);
    [[nodiscard]] Result append(LogOrdinal log, OpenedBlock& block);
    [[nodiscard]] Result branch_off(LogOrdinal log, OpenedBlock& block);
    [[nodiscard]] bool is_same_under_rotten_hash(
        LogOrdinal log, const protocol::ParsedBlock& block);
    [[nodiscard]] Result keep_misfit(LogOrdinal log, const OpenedBlock& block);
    [[nodiscard]] Result wait(const OpenedBlock& block);
    [[nodiscard]] bool is_block(ByteView wire, const protocol::BlockHash& hash) const;
    void ask_for_everything();

    LogStore& store_;
    const Roster& roster_;
    const Keyring& keys_;
    Replay& replay_;
    bool has_read_late_ = false;
    bool must_rebuild_ = false;
};

}  // namespace vereda::engine
