#pragma once

#include "engine/log/block_opening.h"
#include "engine/log/log_store.h"
#include "engine/log/mishaps.h"

namespace vereda::engine {

/// The block of these bytes, when its signature and its author's payload are whole. It borrows from
/// `wire`.
[[nodiscard]] std::optional<protocol::ParsedBlock> whole_block(
    const protocol::WorkspaceId& workspace, ByteView wire);

/// The block of these bytes, when its header and its signature are whole, whatever payload it
/// carries. It borrows from `wire`.
[[nodiscard]] std::optional<protocol::ParsedBlock> signed_block(
    const protocol::WorkspaceId& workspace, ByteView wire);
/// Whether the header of `block` names this place: the log, or the one that it is a branch of, and
/// the number.
[[nodiscard]] bool belongs_at(
    const LogStore& store, const protocol::ParsedBlock& block, LogOrdinal log,
    std::uint64_t block_no);
/// The row of `block`, which is `wire`, as its own bytes would have it there.
[[nodiscard]] StoredBlock row_of(
    LogOrdinal log, const protocol::ParsedBlock& block, const Bytes& wire);

/// "log ID block N", as audits and reports name a block.
[[nodiscard]] std::string block_place(
    const LogStore& store, LogOrdinal log, std::uint64_t block_no);

/// The same of several that follow on each other: "log ID blocks N to M".
[[nodiscard]] std::string blocks_place(
    const LogStore& store, LogOrdinal log, std::uint64_t first, std::uint64_t last);
/// The number of the last block that such a place names. Where the words are not whole, a number
/// beyond that of any block.
[[nodiscard]] std::uint64_t last_block_of(const std::string& place);

/// Finds rot in stored blocks and mends what it can. The other columns of a row follow from the
/// block's bytes. Rotten bytes come from the copy while the hub has not acknowledged the block, and
/// from the hub afterwards. Everything happens in the caller's transaction.
class BlockRepair {
  public:
    BlockRepair(LogStore& store, const protocol::WorkspaceId& workspace, Mishaps mishaps)
        : store_(store), workspace_(workspace), mishaps_(mishaps) {}

    /// Makes sure that the rows of `log` follow on each other, from the block that holds `read`, or
    /// from the first one. Throws StorageFailure (corrupt) when both the bytes and the row of a
    /// block are rotten.
    void mend_rows(LogOrdinal log, protocol::Seq read);
    /// Mends the row of the last block, which says what the next one follows on. Throws
    /// StorageFailure (corrupt) when the block that stands there is signed for another place.
    void mend_head(LogOrdinal log);
    /// Throws StorageFailure (corrupt) when the block that stands there is signed for another
    /// place.
    void expect_place(
        const protocol::ParsedBlock& block, LogOrdinal log, std::uint64_t block_no) const;
    /// Mends the count of acknowledged blocks: it ends before the first copy that is kept, and not
    /// beyond the end of the log.
    void mend_pushed(LogOrdinal log);

    struct Settled {
        BlockState state = BlockState::open;
        bool mended_bytes = false;  ///< The store has other bytes now: read the block again.
    };
    /// What a stored block's state is, now that it has been opened; the row is put right.
    /// `trusted`: its signature has not been checked again.
    Settled settle(const StoredBlock& stored, const OpenedBlock& opened, bool trusted);

    /// Notes which damaged blocks are whole by now.
    void note_healed();

  private:
    [[nodiscard]] bool rows_follow(LogOrdinal log, protocol::Seq read);
    bool mend_from_bytes(const StoredBlock& stored);
    void mend_row(const StoredBlock& stored, const protocol::ParsedBlock& block);
    [[nodiscard]] bool restore_copy(const StoredBlock& stored);
    Settled take_as_damaged(const StoredBlock& stored);
    void change_state(const StoredBlock& stored, BlockState state);
    void expect_sound_pages();

    LogStore& store_;
    const protocol::WorkspaceId& workspace_;
    Mishaps mishaps_;
    bool is_checked_ = false;
    bool is_indexed_ = false;
};

}  // namespace vereda::engine
