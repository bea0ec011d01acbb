#pragma once

#include "engine/log/log_store.h"

/// How log.db's rows are numbered and read; for LogStore's own sources.
namespace vereda::engine {

inline constexpr const char* block_columns =
    "id, first_seq, count, state, roster_position, stream_seq, accepted, hash, bytes";

/// A block's row: its log, then its number, laid out as a dot.
inline std::int64_t block_id(LogOrdinal log, std::uint64_t block_no) {
    VEREDA_ASSERT(block_no >> LocalDot::seq_bits == 0);
    return static_cast<std::int64_t>(std::uint64_t{log.value} << LocalDot::seq_bits | block_no);
}

/// The greatest that a block of the log can have.
inline std::int64_t last_block_id(LogOrdinal log) { return block_id({log.value + 1}, 0) - 1; }

/// The place that a block's id says. Rot may name a log that there is not.
inline LogStore::Place place_of(std::int64_t id) {
    const LocalDot packed{id};  // laid out alike
    return {packed.log(), packed.seq().value};
}

/// Of rows that begin with an id.
inline std::vector<LogStore::Place> places_of(Rows rows) {
    std::vector<LogStore::Place> places;
    while (rows.next()) places.push_back(place_of(rows.integer(0)));
    return places;
}

inline std::vector<Bytes> all_blobs(Statement& select) {
    std::vector<Bytes> found;
    for (const Row& row : select.query())
        found.emplace_back(row.blob(0).begin(), row.blob(0).end());
    return found;
}

inline std::optional<Bytes> one_blob(Rows rows) {
    if (!rows.next()) return std::nullopt;
    return Bytes(rows.blob(0).begin(), rows.blob(0).end());
}

}  // namespace vereda::engine
