#pragma once

#include <set>

#include "engine/log/block_opening.h"
#include "engine/log/log_store.h"
#include "engine/log/mishaps.h"

namespace vereda::engine {

/// Blocks that are gone from the middle of their log, as after a salvage (log_salvage.h). One that
/// the hub has not acknowledged comes back from its copy. For another one the hub is asked, and
/// what follows it waits, as for any block whose predecessor is not here. Everything happens in
/// the caller's transaction, before anything reads the log.
class BlockGaps {
  public:
    BlockGaps(LogStore& store, const protocol::WorkspaceId& workspace, Mishaps mishaps)
        : store_(store), workspace_(workspace), mishaps_(mishaps) {}

    /// The logs that end earlier now. At the end of a log every opening looks; in the middle, where
    /// every row has to be read, only `everywhere`.
    [[nodiscard]] std::set<LogOrdinal> close(bool everywhere);
    /// Notes which of them have been filled.
    void note_filled();
    /// While blocks are missing that the hub may have.
    [[nodiscard]] bool has_open();

  private:
    void put_copies_back();
    void stand_in(LogOrdinal log);
    void stand_in(LogOrdinal log, std::uint64_t block_no, protocol::Seq first, std::uint64_t next);
    [[nodiscard]] std::optional<StoredBlock> from_copy(LogOrdinal log, std::uint64_t block_no);
    [[nodiscard]] bool lacks_last_block(LogOrdinal log);
    [[nodiscard]] bool end_at_gap(LogOrdinal log);
    void let_wait(LogOrdinal log, std::uint64_t from_block);
    void let_wait(const StoredBlock& block);

    LogStore& store_;
    const protocol::WorkspaceId& workspace_;
    Mishaps mishaps_;
};

}  // namespace vereda::engine
