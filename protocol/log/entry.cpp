#include "protocol/log/entry.h"

#include "protocol/limits.h"

namespace vereda::protocol {
namespace {

void write_optional(CborWriter& writer, const std::optional<Reference>& reference) {
    if (reference) {
        write_reference(writer, *reference);
    } else {
        writer.null();
    }
}

}  // namespace

void write_reference(CborWriter& writer, const Reference& reference) {
    writer.array(2).unsigned_integer(reference.index).unsigned_integer(reference.seq.value);
}

Reference read_reference(CborReader& reader) {
    Reference reference;
    reader.array_of(2);
    reference.index = reader.unsigned_integer();
    reference.seq.value = reader.unsigned_integer();
    if (reference.seq.value == 0 || reference.seq.value > seq_max) reader.fail();
    return reference;
}

std::optional<Reference> read_optional_reference(CborReader& reader) {
    if (reader.take_null()) return std::nullopt;
    return read_reference(reader);
}

std::expected<Entry, EntryError> parse_entry(ByteView wire) {
    if (wire.size() > entry_size_max) return std::unexpected(EntryError::too_large);
    CborReader reader(wire);
    Entry entry;
    reader.array_of(7);
    entry.type = reader.unsigned_integer();
    entry.version = reader.unsigned_integer();
    entry.critical = reader.boolean();
    entry.record = read_optional_reference(reader);
    entry.parent = read_optional_reference(reader);
    entry.time_offset_ms = reader.integer();
    entry.body = reader.item(1);
    if (!reader.finished()) return std::unexpected(EntryError::malformed);
    return entry;
}

void write_entry(Bytes& out, const Entry& entry) {
    CborWriter writer(out);
    writer.array(7).unsigned_integer(entry.type).unsigned_integer(entry.version);
    writer.boolean(entry.critical);
    write_optional(writer, entry.record);
    write_optional(writer, entry.parent);
    writer.integer(entry.time_offset_ms).raw(entry.body);
}

Bytes encode_entry(const Entry& entry) {
    Bytes out;
    out.reserve(32 + entry.body.size());
    write_entry(out, entry);
    return out;
}

}  // namespace vereda::protocol
