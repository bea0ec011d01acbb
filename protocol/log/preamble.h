#pragma once

#include <expected>
#include <optional>
#include <span>
#include <vector>

#include "crypto/bytes.h"
#include "protocol/ids.h"
#include "protocol/log/entry.h"

/// What the entries of one block share: a base for their times and the names of the other logs they
/// speak of.
///
///     preamble = CBOR [base, table]            in the turf `common`: CBOR [base, table, heads]
///     table    = [[log 32, seq seen, first 8 bytes of the hash of the block that holds it]…]
///     heads    = [[log 32, last seq, block hash 32]…]          both ascending by log
///
/// Source: docs/protocol.md "Preamble".
namespace vereda::protocol {

using BlockHashStart = ByteArray<8>;

/// A log that entries of the block refer to, and how far the author had seen it.
struct TableRow {
    LogId log{};
    Seq seen{};
    BlockHashStart block_hash_start{};  ///< Of the hash of the block that holds `seen`.
    auto operator<=>(const TableRow&) const = default;
};

/// Where one of the device's other logs ended when the block was closed.
struct LogHead {
    LogId log{};
    Seq last{};
    BlockHash block{};
    auto operator<=>(const LogHead&) const = default;
};

struct Preamble {
    Millis base{};                                ///< Closing time rounded down to the hour.
    std::vector<TableRow> table{};                ///< Index 1 of a reference is the first row.
    std::optional<std::vector<LogHead>> heads{};  ///< Present exactly in the turf `common`.
};

enum class PreambleError { malformed };

/// Error: `malformed`, also for a base that is no full hour and for rows out of order or twice.
[[nodiscard]] std::expected<Preamble, PreambleError> parse_preamble(ByteView wire);

/// Table and heads in ascending order already, the base a full hour; aborts otherwise.
[[nodiscard]] Bytes encode_preamble(const Preamble& preamble);

/// `time` rounded down to the hour.
[[nodiscard]] Millis base_of(Millis time);

/// When the entry was done, by its author's clock; sums beyond the 64 bits stop at their end.
[[nodiscard]] Millis entry_time(const Preamble& preamble, const Entry& entry);

/// The dot that `reference` names in a block of the log `own`. Nothing when the table has no such
/// row, or when the reference goes further than the author had seen.
[[nodiscard]] std::optional<Dot> resolve(
    const Reference& reference, std::span<const TableRow> table, const LogId& own);

}  // namespace vereda::protocol
