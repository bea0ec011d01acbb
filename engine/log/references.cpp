#include "engine/log/references.h"

namespace vereda::engine {

LocalDot ReferenceTable::dot_in(const Row& row, protocol::Seq seq) {
    LogOrdinal log = row.log;
    for (const Earlier& earlier : row.earlier) {
        if (seq >= earlier.end) break;
        log = earlier.log;
    }
    return log.value == 0 ? LocalDot{} : LocalDot::of(log, seq);
}

LocalDot ReferenceTable::resolve(const protocol::Reference& reference) const {
    if (reference.seq.value == 0 || reference.seq.value >> LocalDot::seq_bits != 0) return {};
    if (reference.index == 0) return dot_in(own_, reference.seq);
    if (of_ordinals_)
        return LocalDot::of({static_cast<std::uint32_t>(reference.index)}, reference.seq);
    if (reference.index > rows_.size()) return {};
    const Row& row = rows_[reference.index - 1];
    return reference.seq > row.seen ? LocalDot{} : dot_in(row, reference.seq);
}

ReferenceTable::Named ReferenceTable::resolve(
    const protocol::Reference& reference, LocalDot by) const {
    const LocalDot dot = resolve(reference);
    if (dot.is_none()) return {};
    if (reference.index == 0) return {dot, reference.seq < by.seq()};
    return {dot, of_ordinals_ || rows_[reference.index - 1].proven};
}

}  // namespace vereda::engine
