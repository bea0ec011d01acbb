#pragma once

#include <initializer_list>
#include <set>
#include <vector>

#include "engine/log/block_opening.h"
#include "engine/log/log_store.h"
#include "engine/log/mishaps.h"

namespace vereda::engine {

/// Blocks that are gone from their log, as after a salvage (engine/workspace/log_salvage.h).
///
/// A block that the hub has not acknowledged comes back from its copy. Without a copy, a single one
/// stands there as damaged when the block after it is whole. Otherwise the log ends before the gap:
/// the hub is asked for what is missing, and the blocks after it wait, as any block does whose
/// predecessor is not here. Everything happens in the caller's transaction, before anything reads
/// the log.
class BlockGaps {
  public:
    BlockGaps(LogStore& store, const protocol::WorkspaceId& workspace, Mishaps mishaps)
        : store_(store), workspace_(workspace), mishaps_(mishaps) {}

    /// Returns the logs that end earlier now. Looks for gaps at the end of each log. With
    /// `everywhere` it looks in the middle too, which reads every row.
    [[nodiscard]] std::set<LogOrdinal> close(bool everywhere);
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
    void put_copies_back();
    void stand_in(LogOrdinal log);
    void stand_in(LogOrdinal log, std::uint64_t block_no, protocol::Seq first, std::uint64_t next);
    [[nodiscard]] std::optional<StoredBlock> from_copy(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] std::uint64_t known_blocks(LogOrdinal log);
    [[nodiscard]] bool is_moved_acceptance(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] bool is_in_place(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] bool is_elsewhere(LogOrdinal log, std::uint64_t block_no);
    /// Whether this is the place that the block's own bytes say.
    [[nodiscard]] bool is_named(
        const protocol::ParsedBlock& block, LogOrdinal log, std::uint64_t block_no);
    void drop_strays(LogOrdinal log);
    [[nodiscard]] bool lacks_last_block(LogOrdinal log);
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
    void let_wait(const StoredBlock& block);

    LogStore& store_;
    const protocol::WorkspaceId& workspace_;
    Mishaps mishaps_;
};

}  // namespace vereda::engine
