#pragma once

// Lives here: from the log into the projection: reading entries, snapshot, digest, counts.
// Begin: here; `snapshot.h` saves what was read, `digest.h` compares it.
// Must not know: who asks, and what people are told.

#include "engine/log/block_opening.h"
#include "engine/log/log_store.h"
#include "engine/projection/projection.h"
#include "engine/replay/reference_rows.h"
#include "engine/roster/roster.h"

namespace vereda::engine {

/// Reads entries from the log into the projection: resolves their references, asks the roster what
/// their author might write, and notes what cannot be applied. The one road into the projection,
/// for new blocks and for a rebuild alike.
class Replay {
  public:
    Replay(LogStore& store, const Roster& roster, Projection& projection)
        : store_(store), roster_(roster), projection_(projection) {}

    /// The entries of a block that are not read yet. `log` is its log's ordinal. Returns how many
    /// it read.
    std::size_t read_block(LogOrdinal log, const OpenedBlock& block);
    /// The same of a block that this vault stored, at the place where it was stored: what its disk
    /// has damaged says nothing, not even which entries it holds, and is read past.
    std::size_t read_stored(LogOrdinal log, SeqRange entries, const OpenedBlock& block);
    /// Reads past entries of a block that does not open.
    void skip(LogOrdinal log, SeqRange entries);
    /// The entries of a block that was skipped, now that it opened; and slots that were withheld
    /// and are there now.
    void read_late(LogOrdinal log, const OpenedBlock& block);
    /// One own entry that is not in a block yet; `entry` is its open form (docs/architecture.md
    /// "Open entries").
    EntryStatus read_open(LocalDot dot, ByteView entry);

    /// Lets what the applied entries of a block take away count through every row that is proven
    /// by now. What is still missing waits on.
    void prove(LogOrdinal log, const OpenedBlock& block);
    /// Shows the entries of a block at the time when the hub took it, where their author's clock
    /// was ahead; whether there were any.
    bool restamp(LogOrdinal log, const OpenedBlock& block);
    [[nodiscard]] UnprovenRows& unproven() { return projection_.unproven(); }

    /// Makes a log known to the projection before anything of it is read: its turf and name, and
    /// where it begins if it is a branch.
    static void introduce(const LogStore& store, LogOrdinal log, Projection& projection);

  private:
    struct BlockContext;
    [[nodiscard]] BlockContext context_of(
        LogOrdinal log, const OpenedBlock& block, ReferenceTable references) const;
    [[nodiscard]] ReferenceTable read_table(LogOrdinal log, const OpenedBlock& block);
    void keep_waiting(BlockAt block, const BlockReferences& references);
    [[nodiscard]] bool has_authority(const BlockContext& context, const protocol::Entry& entry);
    template <class Visit>
    void visit_applied(LogOrdinal log, const OpenedBlock& block, Visit visit);
    [[nodiscard]] bool is_coordinators(const protocol::Core& core) const;
    [[nodiscard]] Action action_of(
        const BlockContext& context, const protocol::Entry& entry, LocalDot dot) const;
    EntryStatus read_slot(
        const BlockContext& context, const protocol::Slot& slot, LocalDot dot, bool late);

    LogStore& store_;
    const Roster& roster_;
    Projection& projection_;
};

}  // namespace vereda::engine
