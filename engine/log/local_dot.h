#pragma once

#include <compare>
#include <cstdint>

#include "crypto/assert.h"
#include "protocol/ids.h"

namespace vereda::engine {

/// A log's number on this laptop, given when it is first heard of; 0 is none. Never leaves the
/// laptop.
struct LogOrdinal {
    static constexpr std::uint32_t end = 1U << 23;  ///< As many as a LocalDot can tell apart.
    std::uint32_t value = 0;
    auto operator<=>(const LogOrdinal&) const = default;
};

/// A dot as this laptop writes it: ordinal << 40 | seq, so that it serves as an SQLite rowid and
/// the entries of one log lie together. Zero is no dot.
struct LocalDot {
    std::int64_t value = 0;
    auto operator<=>(const LocalDot&) const = default;

    static constexpr int seq_bits = 40;

    [[nodiscard]] static LocalDot of(LogOrdinal log, protocol::Seq seq) {
        VEREDA_ASSERT(seq.value < (std::uint64_t{1} << seq_bits) && log.value < LogOrdinal::end);
        return {static_cast<std::int64_t>(std::uint64_t{log.value} << seq_bits | seq.value)};
    }
    [[nodiscard]] LogOrdinal log() const { return {static_cast<std::uint32_t>(value >> seq_bits)}; }
    [[nodiscard]] protocol::Seq seq() const {
        return {static_cast<std::uint64_t>(value) & ((std::uint64_t{1} << seq_bits) - 1)};
    }
    [[nodiscard]] bool is_none() const { return value == 0; }
};

}  // namespace vereda::engine
