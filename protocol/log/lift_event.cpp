#include "protocol/log/lift_event.h"

namespace vereda::protocol {
namespace {

// [over]
template <class Event>
std::expected<Event, EventError> parse_over(ByteView body) {
    CborReader reader(body);
    reader.array_of(1);
    Event event{read_over(reader)};
    return whole_event(reader, std::move(event));
}

Bytes encode_over(const Over& over) {
    Bytes out;
    CborWriter writer(out);
    writer.array(1);
    write_over(writer, over);
    return out;
}

}  // namespace

std::expected<Restore, EventError> parse_restore(ByteView body) {
    return parse_over<Restore>(body);
}

std::expected<CriticalLift, EventError> parse_critical_lift(ByteView body) {
    return parse_over<CriticalLift>(body);
}

std::expected<ConsentLift, EventError> parse_consent_lift(ByteView body) {
    CborReader reader(body);
    ConsentLift event;
    reader.array_of(4);
    event.channel = read_code_or_text(reader);
    event.purpose = reader.unsigned_integer();
    event.over = read_over(reader);
    event.evidence = reader.text();
    if (event.evidence.empty()) reader.fail();  // a lift without evidence is no lift
    return whole_event(reader, std::move(event));
}

bool is_retract_body(ByteView body) {
    CborReader reader(body);
    reader.array_of(0);
    return reader.finished();
}

Bytes encode(const Restore& event) { return encode_over(event.over); }

Bytes encode(const CriticalLift& event) { return encode_over(event.over); }

Bytes encode(const ConsentLift& event) {
    Bytes out;
    CborWriter writer(out);
    writer.array(4);
    write_code_or_text(writer, event.channel);
    writer.unsigned_integer(event.purpose);
    write_over(writer, event.over);
    writer.text(event.evidence);
    return out;
}

Bytes encode_retract() { return {0x80}; }

Bytes encode_void() { return {0x81, 0xf6}; }

}  // namespace vereda::protocol
