#include "engine/workspace/own_heads.h"

#include <algorithm>

namespace vereda::engine {

bool OwnHeads::has_log_of(const protocol::Incarnation& incarnation) const {
    return std::ranges::any_of(writer_.own_logs(), [&](LogOrdinal log) {
        return store_.info(log).incarnation == incarnation;
    });
}

GuardedHeads OwnHeads::heads() const {
    GuardedHeads heads;
    for (const LogOrdinal log : writer_.own_logs()) {
        const std::optional<BlockHead>& head = store_.head(log);
        if (store_.info(log).incarnation != incarnation_ || store_.info(log).branch || !head)
            continue;
        heads[store_.info(log).log] = {head->block_no, head->hash};
    }
    return heads;
}

std::optional<protocol::BlockHash> OwnHeads::closed_block(
    const protocol::LogId& log, std::uint64_t block_no) const {
    const auto ordinal = store_.find_log(log);
    if (!ordinal) return std::nullopt;
    const std::optional<StoredBlock> block = store_.block(*ordinal, block_no);
    return block ? std::optional(block->hash) : std::nullopt;
}

}  // namespace vereda::engine
