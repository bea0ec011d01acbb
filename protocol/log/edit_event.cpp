#include "protocol/log/edit_event.h"

namespace vereda::protocol {
namespace {

Write read_write(CborReader& reader) {
    Write write;
    const std::size_t items = reader.array();
    const std::uint64_t kind = reader.unsigned_integer();
    write.kind = static_cast<Write::Kind>(kind);
    if (kind == 3) {
        if (items != 4) reader.fail();
        write.consent = read_consent(reader);
        return write;
    }
    const bool with_over = kind == 0 || kind == 2;
    if (kind > 2 || items != (with_over ? 4U : 3U)) reader.fail();
    write.field = read_field(reader);
    write.value = read_value(reader);
    if (with_over) write.over = read_over(reader);
    return write;
}

void write_write(CborWriter& writer, const Write& write) {
    const bool with_over =
        write.kind == Write::Kind::set_register || write.kind == Write::Kind::remove_element;
    const bool consent = write.kind == Write::Kind::consent;
    writer.array(with_over || consent ? 4 : 3)
        .unsigned_integer(static_cast<std::uint64_t>(write.kind));
    if (consent) {
        write_consent(writer, write.consent);
        return;
    }
    writer.unsigned_integer(write.field).raw(write.value);
    if (with_over) write_over(writer, write.over);
}

}  // namespace

std::expected<Edit, EventError> parse_edit(ByteView body) {
    CborReader reader(body);
    Edit event;
    reader.array_of(2);
    const std::size_t writes = reader.array();
    if (writes == 0 || writes > event_items_max) reader.fail();
    for (std::size_t i = 0; i < writes && reader.ok(); ++i)
        event.writes.push_back(read_write(reader));
    event.source = read_text_or_null(reader);
    return whole_event(reader, std::move(event));
}

Bytes encode(const Edit& event) {
    Bytes out;
    CborWriter writer(out);
    writer.array(2).array(event.writes.size());
    for (const Write& write : event.writes) write_write(writer, write);
    write_text_or_null(writer, event.source);
    return out;
}

}  // namespace vereda::protocol
