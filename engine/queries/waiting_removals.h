#pragma once

#include <optional>
#include <vector>

#include "engine/queries/entry_pages.h"

namespace vereda::engine {

/// What an entry takes away through a row that nothing here proves: it counts once the block that
/// its author claims to have seen stands here (docs/protocol.md "What a row proves").
struct WaitingRemoval {
    LocalDot entry;   ///< The entry that takes something away.
    LocalDot record;  ///< From which contact or interaction.
    /// Of whose log the block is missing; none while nobody knows that log here.
    std::optional<LogOrdinal> of;
    /// Another block stands in the place of the one that it claims.
    bool contradicted = false;
};

/// Whether something in `logged` waits for a proof, and for whose; nothing mostly.
[[nodiscard]] std::optional<WaitingRemoval> waiting_removal(
    Workspace& workspace, const LoggedEntry& logged);

/// Every entry here of which something waits; of no more than `blocks_max` blocks, because each is
/// opened. In the order of the blocks.
[[nodiscard]] std::vector<WaitingRemoval> waiting_removals(
    Workspace& workspace, std::size_t blocks_max = 256);

/// How many blocks wait for a proof, when those are more than this laptop's owner was told of
/// before; 0 otherwise. Notes that they are told now, durably.
[[nodiscard]] std::size_t news_of_waiting(Workspace& workspace);

}  // namespace vereda::engine
