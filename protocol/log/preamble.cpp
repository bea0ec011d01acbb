#include "protocol/log/preamble.h"

#include <algorithm>
#include <limits>

#include "crypto/assert.h"
#include "protocol/limits.h"

namespace vereda::protocol {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

bool is_entry_seq(Seq seq) { return seq.value >= 1 && seq.value <= seq_max; }

bool ascends(const auto& rows) {
    const auto falls = [](const auto& a, const auto& b) { return !(a.log < b.log); };
    return std::ranges::adjacent_find(rows, falls) == rows.end();
}

TableRow read_row(CborReader& reader) {
    TableRow row;
    reader.array_of(3);
    row.log = reader.id<LogId>();
    row.seen.value = reader.unsigned_integer();
    reader.fixed(row.block_hash_start);
    if (!is_entry_seq(row.seen)) reader.fail();
    return row;
}

LogHead read_head(CborReader& reader) {
    LogHead head;
    reader.array_of(3);
    head.log = reader.id<LogId>();
    head.last.value = reader.unsigned_integer();
    head.block = reader.id<BlockHash>();
    if (!is_entry_seq(head.last)) reader.fail();
    return head;
}

template <class Row>
std::vector<Row> read_rows(CborReader& reader, Row (*read)(CborReader&)) {
    std::vector<Row> rows;
    for (std::size_t left = reader.array(); left > 0 && reader.ok(); --left) {
        rows.push_back(read(reader));
    }
    if (!ascends(rows)) reader.fail();
    return rows;
}

}  // namespace

std::expected<Preamble, PreambleError> parse_preamble(ByteView wire) {
    CborReader reader(wire);
    Preamble preamble;
    const std::size_t items = reader.array();
    preamble.base.value = reader.integer();
    preamble.table = read_rows(reader, read_row);
    if (items == 3) preamble.heads = read_rows(reader, read_head);
    const bool known_shape = items == 2 || items == 3;
    if (!known_shape || !reader.finished() || preamble.base.value % hour_ms != 0) {
        return std::unexpected(PreambleError::malformed);
    }
    return preamble;
}

Bytes encode_preamble(const Preamble& preamble) {
    VEREDA_ASSERT(preamble.base.value % hour_ms == 0);
    VEREDA_ASSERT(ascends(preamble.table));
    Bytes out;
    CborWriter writer(out);
    writer.array(preamble.heads ? 3 : 2).integer(preamble.base.value).array(preamble.table.size());
    for (const TableRow& row : preamble.table) {
        writer.array(3).byte_string(row.log.view()).unsigned_integer(row.seen.value);
        writer.byte_string(row.block_hash_start);
    }
    if (!preamble.heads) return out;
    VEREDA_ASSERT(ascends(*preamble.heads));
    writer.array(preamble.heads->size());
    for (const LogHead& head : *preamble.heads) {
        writer.array(3).byte_string(head.log.view()).unsigned_integer(head.last.value);
        writer.byte_string(head.block.view());
    }
    return out;
}

Millis base_of(Millis time) {
    const std::int64_t past_hour = (time.value % hour_ms + hour_ms) % hour_ms;
    return {time.value - past_hour};
}

Millis entry_time(const Preamble& preamble, const Entry& entry) {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(preamble.base.value, entry.time_offset_ms, &sum)) return {sum};
    using Limits = std::numeric_limits<std::int64_t>;
    return {entry.time_offset_ms > 0 ? Limits::max() : Limits::min()};
}

std::optional<Dot> resolve(
    const Reference& reference, std::span<const TableRow> table, const LogId& own) {
    if (reference.index == 0) return Dot{own, reference.seq};
    if (reference.index > table.size()) return std::nullopt;
    const TableRow& row = table[static_cast<std::size_t>(reference.index - 1)];
    if (reference.seq > row.seen) return std::nullopt;
    return Dot{row.log, reference.seq};
}

}  // namespace vereda::protocol
