#include "protocol/log/profile_event.h"

namespace vereda::protocol {

std::expected<Profile, EventError> parse_profile(ByteView body) {
    CborReader reader(body);
    Profile event;
    reader.array_of(4);
    event.kind = reader.unsigned_integer();
    event.id = reader.byte_string();
    if (event.id.empty() || event.id.size() > 32) reader.fail();
    event.name = reader.text();
    event.over = read_over(reader);
    return whole_event(reader, std::move(event));
}

Bytes encode(const Profile& event) {
    Bytes out;
    CborWriter writer(out);
    writer.array(4).unsigned_integer(event.kind).byte_string(event.id).text(event.name);
    write_over(writer, event.over);
    return out;
}

}  // namespace vereda::protocol
