#pragma once

#include "engine/log/log_store.h"
#include "engine/log/mishaps.h"
#include "protocol/log/block.h"

namespace vereda::engine {

/// Blocks that stand in a wrong place: one flipped bit of a row's id moves a block to any number of
/// any log. Its signed header names the right place, whatever its payload is. Everything happens in
/// the caller's transaction.
class StrayBlocks {
  public:
    StrayBlocks(LogStore& store, const protocol::WorkspaceId& workspace, Mishaps mishaps)
        : store_(store), workspace_(workspace), mishaps_(mishaps) {}

    /// Puts each such block into its own place, with what the hub said of it. If another block
    /// stands there, it waits. Then puts back what the hub said of other blocks. Reads every row.
    /// True when something has moved.
    [[nodiscard]] bool put_back();
    /// Takes away the rows that do not say their place any more, because the bytes have rotted
    /// too, and that stand where no block can be: in no log, or behind a hole beyond all that the
    /// hub has. Call it when the copies have been put back. True when there was one.
    [[nodiscard]] bool drop_unreadable();
    /// Lets a block wait that has no place in its log now. The hub serves a block again that is
    /// rotten or that the waiting room does not take. If the hub never had it, its bytes are kept
    /// for a rescuer.
    void let_wait(const StoredBlock& stored);

  private:
    [[nodiscard]] std::vector<StoredBlock> take_strays();
    [[nodiscard]] bool is_stray(const StoredBlock& stored);
    [[nodiscard]] bool is_in_wrong_branch(const protocol::ParsedBlock& block, LogOrdinal log);
    void put_in_place(const StoredBlock& stray);
    [[nodiscard]] std::optional<LogOrdinal> log_of(const protocol::ParsedBlock& block);
    [[nodiscard]] std::optional<LogOrdinal> branch_of(const protocol::ParsedBlock& block);
    [[nodiscard]] bool fits(const protocol::ParsedBlock& block, LogOrdinal branch);
    [[nodiscard]] std::optional<protocol::ParsedBlock> block_at(
        const std::optional<StoredBlock>& stored, LogOrdinal log, std::uint64_t block_no) const;
    [[nodiscard]] bool put_acceptances_back();
    [[nodiscard]] std::vector<StoredBlock> unreadable_in_no_log();
    [[nodiscard]] std::vector<StoredBlock> unreadable_behind_hole(LogOrdinal log);
    void give_up(const StoredBlock& stored);

    LogStore& store_;
    const protocol::WorkspaceId& workspace_;
    Mishaps mishaps_;
};

}  // namespace vereda::engine
