#include "engine/workspace/proofs.h"

#include <algorithm>
#include <utility>

namespace vereda::engine {

void Proofs::met(LogOrdinal log, const protocol::BlockHash& hash) {
    const auto waiting = replay_.unproven().take(hash);
    // In a log that forked the row has been read by its name, which may mean another branch now.
    if (!waiting.empty() && store_.has_forked(store_.root_of(log))) must_rebuild_ = true;
    for (const UnprovenRows::Waiting& row : waiting) {
        Rest& rest = found_[row.block];
        if (!row.rest.empty()) rest = row.rest;
    }
}

void Proofs::settle() {
    for (const auto& [block, rest] : std::exchange(found_, {})) {
        if (must_rebuild_) return;
        if (!wait_for_more(block, rest)) prove(block);
    }
}

// A table that is proven as a whole waits for its next row without being opened.
bool Proofs::wait_for_more(BlockAt block, const Rest& rest) {
    if (!rest) return false;
    const auto next = std::ranges::find_if(*rest, [this](const protocol::BlockHashStart& start) {
        return store_.blocks_beginning_with(start).empty();
    });
    if (next == rest->end()) return false;
    replay_.unproven().add({block, *next, {std::next(next), rest->end()}});
    return true;
}

// One that has been damaged since it was read is tried again once it has been made whole.
void Proofs::prove(BlockAt at) {
    std::optional<StoredBlock> stored = store_.block(at.log, at.block_no);
    if (!stored) return;
    const OpenedBlock block =
        open_block(roster_.workspace(), keys_, std::move(stored->bytes), stored->acceptance, true);
    if (block.payload) replay_.prove(at.log, block);
}

}  // namespace vereda::engine
