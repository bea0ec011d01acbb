#pragma once

#include <expected>
#include <optional>

#include "crypto/bytes.h"
#include "protocol/cbor.h"
#include "protocol/ids.h"

/// An entry: one person's action on one record, inside an envelope that every version can read.
///
///     entry = CBOR [type, version, critical, record | null, parent | null, time - base, body]
///
/// Source: docs/protocol.md "Entry".
namespace vereda::protocol {

/// A dot as an entry writes it: `index` 0 is the entry's own log, from 1 on a row of the preamble's
/// table.
struct Reference {
    std::uint64_t index = 0;
    Seq seq{};
    auto operator<=>(const Reference&) const = default;
};

/// Writes [index, seq].
void write_reference(CborWriter& writer, const Reference& reference);
/// Reads [index, seq], turning the reader to its error state when seq is no entry's (0, or above
/// `seq_max`).
[[nodiscard]] Reference read_reference(CborReader& reader);
/// The same, or null.
[[nodiscard]] std::optional<Reference> read_optional_reference(CborReader& reader);

/// A parsed envelope. Borrows: `body` lies in the bytes it was parsed from.
struct Entry {
    std::uint64_t type = 0;
    std::uint64_t version = 1;
    bool critical = false;  ///< Who does not know the type may no longer write the record.
    /// What it is about; a creating entry names itself, `void` nothing.
    std::optional<Reference> record{};
    std::optional<Reference> parent{};  ///< The record that this one hangs on.
    std::int64_t time_offset_ms = 0;    ///< From the preamble's base to its author's clock then.
    ByteView body{};                    ///< One encoded CBOR item, kept as received.
};

enum class EntryError { too_large, malformed };

/// Errors: `too_large` beyond `entry_size_max`; `malformed`. The body is checked to be one item of
/// our CBOR, nothing more; what it means is `parse_event`'s business. Allocates nothing.
[[nodiscard]] std::expected<Entry, EntryError> parse_entry(ByteView wire);

/// Appends the encoding of `entry` to `out`; `entry.body` is one encoded item.
void write_entry(Bytes& out, const Entry& entry);
[[nodiscard]] Bytes encode_entry(const Entry& entry);

}  // namespace vereda::protocol
