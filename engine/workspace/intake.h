#pragma once

#include "engine/log/block_opening.h"
#include "engine/log/log_store.h"
#include "engine/replay/replay.h"
#include "engine/workspace/proofs.h"

namespace vereda::engine {

/// What became of a block that came from outside (docs/protocol.md "Reading a block").
enum class BlockVerdict {
    refused,  ///< Nothing of it is kept: malformed, or not signed.
    waiting,  ///< Kept until its predecessor, its device or its roster position is known.
    misfit,   ///< It contradicts the block before it: kept as evidence, not read.
    unread,   ///< Beyond the bound on branches: kept, not read.
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
        bool damaged = false;     ///< Not the payload that its author signed: ask for it again.
        bool no_room = false;     ///< Too many of its device wait already: ask for it again.
        bool fork = false;  ///< Another block has its place; from here on the log has two branches.
    };

    Intake(LogStore& store, const Roster& roster, const Keyring& keys, Replay& replay)
        : store_(store),
          roster_(roster),
          keys_(keys),
          replay_(replay),
          proofs_(store, roster, keys, replay) {}

    [[nodiscard]] Result receive(OpenedBlock block);
    /// Tries those again that waited for what has come since; how many entries that read.
    std::size_t retry_waiting();
    /// Tries blocks again that did not open, once further keys have come; how many opened.
    std::size_t retry_pending();
    /// The hub has said when it took a block that stands here.
    void accept(LogOrdinal log, std::uint64_t block_no, const protocol::Acceptance& acceptance);
    /// Shows blocks at their acceptance again that a snapshot shows at their authors' times.
    void restamp_since_snapshot();
    /// Lets take effect what the blocks received since the last call have proven: at the end of
    /// each taking in, however many blocks that was.
    void settle_proofs();
    /// True once entries were applied that had been skipped: an older snapshot does not know.
    [[nodiscard]] bool has_read_late() const { return has_read_late_; }
    /// True once names or references have changed their meaning, because a log forked: read the
    /// whole log again.
    [[nodiscard]] bool must_rebuild() const { return must_rebuild_ || proofs_.must_rebuild(); }

  private:
    enum class RosterView { known, later, parted, not_enrolled };
    [[nodiscard]] RosterView roster_view(const protocol::Core& core) const;
    [[nodiscard]] Result judge(OpenedBlock& block);
    [[nodiscard]] Result judge_place(OpenedBlock& block);
    [[nodiscard]] Result meet_again(LogOrdinal log, OpenedBlock& block);
    void note_acceptance(const StoredBlock& stored, const protocol::Acceptance& said);
    [[nodiscard]] bool is_better(const OpenedBlock& block, const StoredBlock& stored);
    [[nodiscard]] bool is_whole(const StoredBlock& stored) const;
    [[nodiscard]] Result append(LogOrdinal log, OpenedBlock& block);
    [[nodiscard]] Result branch_off(LogOrdinal log, OpenedBlock& block);
    [[nodiscard]] bool is_same_under_rotten_hash(
        LogOrdinal log, const protocol::ParsedBlock& block,
        const std::optional<protocol::Acceptance>& place);
    [[nodiscard]] bool stands_for_rotten(
        const StoredBlock& there, const protocol::ParsedBlock& block,
        const std::optional<protocol::Acceptance>& place);
    bool restamp(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] Result keep_misfit(LogOrdinal log, const OpenedBlock& block);
    [[nodiscard]] Result keep_unread(LogOrdinal root, const OpenedBlock& block);
    [[nodiscard]] Result wait(const OpenedBlock& block, const WaitingRoom::Awaited& awaited);
    [[nodiscard]] Result receive_kept(const WaitingRoom::Kept& kept);
    [[nodiscard]] bool is_block(ByteView wire, const protocol::BlockHash& hash) const;
    void note_whether_wanted(
        const protocol::ParsedBlock& block, const std::optional<protocol::Acceptance>& place,
        const Result& result);

    LogStore& store_;
    const Roster& roster_;
    const Keyring& keys_;
    Replay& replay_;
    Proofs proofs_;
    std::vector<protocol::BlockHash> arrived_;  // since waiting blocks were tried
    std::size_t keys_tried_ = 0;                // how many there were when pending blocks were
    bool has_read_late_ = false;
    bool must_rebuild_ = false;
};

}  // namespace vereda::engine
