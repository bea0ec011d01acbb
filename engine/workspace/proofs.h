#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/log/keyring.h"
#include "engine/log/log_store.h"
#include "engine/replay/replay.h"

namespace vereda::engine {

/// Watches for blocks that prove what others claim to have seen. What an entry takes away counts
/// only through a proven row of its block's table; where the row's block comes later than the
/// entry, the entry is found again here and takes away what it names (docs/protocol.md "What a row
/// proves"). A block is opened for that once at most between two calls of `settle`.
class Proofs {
  public:
    Proofs(LogStore& store, const Roster& roster, const Keyring& keys, Replay& replay)
        : store_(store), roster_(roster), keys_(keys), replay_(replay) {}

    /// A block of `log` stands here from now on, whether it opens or not.
    void met(LogOrdinal log, const protocol::BlockHash& hash);
    /// A block that has been read has got back a payload that opens: its proofs are tried again.
    void try_again(BlockAt block) { found_[block].reset(); }
    /// Lets everything take effect that was proven since the last call.
    void settle();
    /// True once a name that entries go by has changed its meaning: read the whole log again.
    [[nodiscard]] bool must_rebuild() const { return must_rebuild_; }

  private:
    /// What else a table wants that is proven as a whole; nothing of one whose rows stand alone.
    using Rest = std::optional<std::vector<protocol::BlockHashStart>>;
    [[nodiscard]] bool wait_for_more(BlockAt block, const Rest& rest);
    void prove(BlockAt block);

    LogStore& store_;
    const Roster& roster_;
    const Keyring& keys_;
    Replay& replay_;
    std::map<BlockAt, Rest> found_;  // blocks to read again
    bool must_rebuild_ = false;
};

}  // namespace vereda::engine
