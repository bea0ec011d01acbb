#pragma once

#include <initializer_list>
#include <set>
#include <vector>

#include "engine/log/block_opening.h"
#include "engine/log/log_store.h"
#include "engine/log/mishaps.h"
#include "engine/log/stray_blocks.h"

namespace vereda::engine {

/// Blocks that are gone from their log, as after a salvage (engine/workspace/log_salvage.h).
///
/// A block that the hub has not acknowledged comes back from its copy, and one that rot has moved
/// from where it stands now. Without either, a single one stands there as damaged when the block
/// after it is whole. Otherwise the log ends before the gap: the hub is asked for what is missing,
/// and the blocks after it wait, as any block does whose predecessor is not here. Everything
/// happens in the caller's transaction, before anything reads the log.
class BlockGaps {
  public:
    BlockGaps(LogStore& store, const protocol::WorkspaceId& workspace, Mishaps mishaps)
        : store_(store),
          workspace_(workspace),
          mishaps_(mishaps),
          strays_(store, workspace, mishaps) {}

    /// Returns the logs that end earlier now. Without `everywhere` it does nothing unless a block
    /// shows to be missing by what costs little: the end of each log, and the copies. Then, or
    /// with `everywhere`, it reads every row.
    [[nodiscard]] std::set<LogOrdinal> close(bool everywhere);
    /// Puts back what rot has moved, and what lies here as a copy only. True when that was
    /// something. Reads every row.
    [[nodiscard]] bool put_back();
    /// False when a log lacks a block. Reads every row, without the bytes.
    [[nodiscard]] bool is_whole();
    /// The number after the last block of which anything is known: it is here, waits, or is gone.
    [[nodiscard]] std::uint64_t end_behind_gaps(LogOrdinal log);
    /// Notes which gaps have been filled: all of their blocks are here.
    void note_filled();
    /// True while blocks are missing that the hub may have.
    [[nodiscard]] bool has_open();
    /// At least so many entries are in those blocks.
    [[nodiscard]] std::uint64_t missing_entries();
    /// The hub has served all that it has of these own logs: what they still lack is lost. Returns
    /// those of them that lack something.
    std::set<LogOrdinal> take_as_lost(const std::vector<LogOrdinal>& logs);
    /// The whole blocks of an own log that wait behind what it lacks, in their order. None when the
    /// hub has acknowledged one of them.
    [[nodiscard]] std::vector<StoredBlock> unsent_behind(LogOrdinal log);

  private:
    [[nodiscard]] std::vector<LogOrdinal> described_logs() const;
    [[nodiscard]] bool shows_loss();
    [[nodiscard]] bool lacks_last_block(LogOrdinal log);
    /// How many blocks the log had, when those before `end` are here.
    [[nodiscard]] std::uint64_t known_end(LogOrdinal log, std::uint64_t end);
    [[nodiscard]] bool put_copies_back();
    [[nodiscard]] bool put_copy_back(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] bool put_moved_copy(StoredBlock block);
    void drop_rotten_copy(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] std::optional<StoredBlock> from_copy(LogOrdinal log, std::uint64_t block_no);
    void stand_in(LogOrdinal log);
    void stand_in(LogOrdinal log, std::uint64_t block_no, protocol::Seq first, std::uint64_t next);
    struct Gap {  // missing blocks that follow on each other
        std::uint64_t first_block = 0;
        std::uint64_t last_block = 0;
        protocol::Seq first_seq;
        std::uint64_t entries = 0;  // of blocks at the end nobody knows how many: 0
    };
    [[nodiscard]] std::vector<Gap> find_gaps(LogOrdinal log);
    [[nodiscard]] std::vector<Mishap> gaps_that_are(std::initializer_list<Mishap::Kind> kinds);
    [[nodiscard]] std::vector<Mishap> open_gaps();
    [[nodiscard]] bool end_at_gap(LogOrdinal log);
    void let_wait(LogOrdinal log, std::uint64_t from_block);
    [[nodiscard]] std::vector<StoredBlock> waiting_blocks(LogOrdinal log);

    LogStore& store_;
    const protocol::WorkspaceId& workspace_;
    Mishaps mishaps_;
    StrayBlocks strays_;
};

}  // namespace vereda::engine
