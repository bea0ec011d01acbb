#include "protocol/event.h"

#include "crypto/assert.h"
#include "protocol/cbor.h"

namespace vereda::protocol {
namespace {

constexpr std::size_t writes_max = 4096;

// Fields are numbered within 31 bits, so that no two numbers can mean one field in a narrower
// table.
std::uint64_t read_field(CborReader& reader) {
    const std::uint64_t field = reader.unsigned_integer();
    if (field == 0 || field > 0x7fffffff) reader.fail();
    return field;
}

CodeOrText read_code_or_text(CborReader& reader) {
    if (reader.peek() == CborReader::Kind::unsigned_integer) return {reader.unsigned_integer(), {}};
    const std::string_view text = reader.text();
    if (text.empty()) reader.fail();  // "no words" is code 0
    return {0, text};
}

void write_code_or_text(CborWriter& writer, const CodeOrText& value) {
    if (value.is_text()) {
        writer.text(value.text);
    } else {
        writer.unsigned_integer(value.code);
    }
}

// over = 0 | [[index, seq], …]
Over read_over(CborReader& reader) {
    Over over;
    if (reader.peek() == CborReader::Kind::unsigned_integer) {
        if (reader.unsigned_integer() != 0) reader.fail();
        over.creating = true;
        return over;
    }
    const std::size_t count = reader.array();
    if (count > writes_max) reader.fail();
    for (std::size_t i = 0; i < count && reader.ok(); ++i)
        over.dots.push_back(read_reference(reader));
    return over;
}

void write_over(CborWriter& writer, const Over& over) {
    if (over.creating) {
        writer.unsigned_integer(0);
        return;
    }
    writer.array(over.dots.size());
    for (const Reference& dot : over.dots) write_reference(writer, dot);
}

// A value is one scalar: what a field can hold.
ValueItem read_value(CborReader& reader) {
    const CborReader::Kind kind = reader.peek();
    if (kind == CborReader::Kind::array || kind == CborReader::Kind::map) reader.fail();
    return reader.item();
}

ConsentState read_consent_state(CborReader& reader) {
    const std::uint64_t state = reader.unsigned_integer();
    if (state != 1 && state != 2) reader.fail();
    return static_cast<ConsentState>(state);
}

// [channel, purpose, state], its array head already taken
ConsentMark read_consent(CborReader& reader) {
    ConsentMark mark;
    mark.channel = read_code_or_text(reader);
    mark.purpose = reader.unsigned_integer();
    mark.state = read_consent_state(reader);
    return mark;
}

void write_consent(CborWriter& writer, const ConsentMark& mark) {
    write_code_or_text(writer, mark.channel);
    writer.unsigned_integer(mark.purpose).unsigned_integer(static_cast<std::uint64_t>(mark.state));
}

// {code: scalar | [element…], …}
void read_values(CborReader& outer, std::vector<InitialValue>& values) {
    CborReader reader(outer.item());  // item() has checked the order of the keys
    const std::size_t pairs = reader.map();
    values.reserve(pairs < 32 ? pairs : 32);
    for (std::size_t pair = 0; pair < pairs && reader.ok(); ++pair) {
        const std::uint64_t field = read_field(reader);
        if (reader.peek() != CborReader::Kind::array) {
            values.push_back({field, false, read_value(reader)});
            continue;
        }
        const std::size_t elements = reader.array();
        if (elements == 0) reader.fail();  // a set without elements is not named
        for (std::size_t i = 0; i < elements && reader.ok(); ++i) {
            values.push_back({field, true, read_value(reader)});
        }
    }
    if (!reader.finished()) outer.fail();
}

std::size_t run_length(const std::vector<InitialValue>& values, std::size_t from) {
    std::size_t to = from;
    while (to < values.size() && values[to].field == values[from].field) ++to;
    return to - from;
}

std::size_t count_fields(const std::vector<InitialValue>& values) {
    std::size_t fields = 0;
    for (std::size_t i = 0; i < values.size(); i += run_length(values, i)) ++fields;
    return fields;
}

void write_values(CborWriter& writer, const std::vector<InitialValue>& values) {
    writer.map(count_fields(values));
    for (std::size_t i = 0; i < values.size();) {
        VEREDA_ASSERT(i == 0 || values[i].field > values[i - 1].field);
        const std::size_t run = run_length(values, i);
        writer.unsigned_integer(values[i].field);
        if (values[i].element) writer.array(run);
        for (std::size_t k = 0; k < run; ++k) writer.raw(values[i + k].value);
        i += run;
    }
}

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

template <class Event>
std::expected<Event, EventError> whole_event(const CborReader& reader, Event&& event) {
    if (!reader.finished()) return std::unexpected(EventError::malformed);
    return std::forward<Event>(event);
}

template <class Visit>
void visit_overs(Edit& edit, Visit visit) {
    for (Write& write : edit.writes) visit(write.over);
}

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

bool is_known(EventType type) {
    switch (type) {
        case EventType::contact_create:
        case EventType::interaction_create:
        case EventType::edit:
        case EventType::retract:
        case EventType::restore:
        case EventType::consent_lift:
        case EventType::void_entry:
        case EventType::critical_lift:
        case EventType::profile:
            return true;
    }
    return false;
}

std::expected<ContactCreate, EventError> parse_contact_create(ByteView body) {
    CborReader reader(body);
    ContactCreate event;
    const std::size_t items = reader.array();
    if (items != 3 && items != 4) reader.fail();
    event.kind = reader.unsigned_integer();
    read_values(reader, event.values);
    if (!reader.take_null()) {
        reader.array_of(2);
        const std::string_view source = reader.text();
        event.key = ExternalKey{source, reader.text()};
    }
    if (items == 4) {
        const std::size_t marks = reader.array();
        if (marks == 0 || marks > writes_max) reader.fail();
        for (std::size_t i = 0; i < marks && reader.ok(); ++i) {
            reader.array_of(3);
            event.consents.push_back(read_consent(reader));
        }
    }
    return whole_event(reader, std::move(event));
}

std::expected<InteractionCreate, EventError> parse_interaction_create(ByteView body) {
    CborReader reader(body);
    InteractionCreate event;
    const std::size_t items = reader.array();
    if (items != 3 && items != 4) reader.fail();
    event.kind = read_code_or_text(reader);
    event.outcome = read_code_or_text(reader);
    if (!reader.take_null()) event.note = reader.text();
    if (items == 4) event.at_offset_ms = reader.integer();
    if (!reader.finished()) return std::unexpected(EventError::malformed);
    return event;
}

std::expected<Edit, EventError> parse_edit(ByteView body) {
    CborReader reader(body);
    Edit event;
    reader.array_of(2);
    const std::size_t writes = reader.array();
    if (writes == 0 || writes > writes_max) reader.fail();
    for (std::size_t i = 0; i < writes && reader.ok(); ++i)
        event.writes.push_back(read_write(reader));
    if (!reader.take_null()) event.source = reader.text();
    return whole_event(reader, std::move(event));
}

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

bool is_retract_body(ByteView body) {
    CborReader reader(body);
    reader.array_of(0);
    return reader.finished();
}

Bytes encode(const ContactCreate& event) {
    Bytes out;
    CborWriter writer(out);
    writer.array(event.consents.empty() ? 3 : 4).unsigned_integer(event.kind);
    write_values(writer, event.values);
    if (event.key) {
        writer.array(2).text(event.key->source).text(event.key->key);
    } else {
        writer.null();
    }
    if (!event.consents.empty()) writer.array(event.consents.size());
    for (const ConsentMark& mark : event.consents) {
        writer.array(3);
        write_consent(writer, mark);
    }
    return out;
}

Bytes encode(const InteractionCreate& event) {
    Bytes out;
    CborWriter writer(out);
    writer.array(event.at_offset_ms ? 4 : 3);
    write_code_or_text(writer, event.kind);
    write_code_or_text(writer, event.outcome);
    if (event.note) {
        writer.text(*event.note);
    } else {
        writer.null();
    }
    if (event.at_offset_ms) writer.integer(*event.at_offset_ms);
    return out;
}

Bytes encode(const Edit& event) {
    Bytes out;
    CborWriter writer(out);
    writer.array(2).array(event.writes.size());
    for (const Write& write : event.writes) write_write(writer, write);
    if (event.source) {
        writer.text(*event.source);
    } else {
        writer.null();
    }
    return out;
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

Bytes encode(const Profile& event) {
    Bytes out;
    CborWriter writer(out);
    writer.array(4).unsigned_integer(event.kind).byte_string(event.id).text(event.name);
    write_over(writer, event.over);
    return out;
}

Bytes encode_retract() { return {0x80}; }

Bytes encode_void() { return {0x81, 0xf6}; }

Bytes text_value(std::string_view utf8) {
    Bytes out;
    CborWriter(out).text(utf8);
    return out;
}

Bytes null_value() { return {0xf6}; }

Bytes term_value(const CodeOrText& term) {
    Bytes out;
    CborWriter writer(out);
    term.is_text() ? writer.text(term.text) : writer.unsigned_integer(term.code);
    return out;
}

std::string_view text_of(ValueItem value) {
    CborReader reader(value);
    if (reader.peek() != CborReader::Kind::text) return {};
    const std::string_view text = reader.text();
    return reader.finished() ? text : std::string_view{};
}

bool is_null(ValueItem value) { return value.size() == 1 && value[0] == 0xf6; }

std::expected<std::vector<Reference>, EventError> references_of(EventType type, ByteView body) {
    std::vector<Reference> found;
    const auto take = [&found](const Over& over) {
        found.insert(found.end(), over.dots.begin(), over.dots.end());
    };
    if (type == EventType::edit) {
        auto event = parse_edit(body);
        if (!event) return std::unexpected(event.error());
        visit_overs(*event, take);
    } else if (type == EventType::restore) {
        const auto event = parse_restore(body);
        if (!event) return std::unexpected(event.error());
        take(event->over);
    } else if (type == EventType::consent_lift) {
        const auto event = parse_consent_lift(body);
        if (!event) return std::unexpected(event.error());
        take(event->over);
    } else if (type == EventType::critical_lift) {
        const auto event = parse_critical_lift(body);
        if (!event) return std::unexpected(event.error());
        take(event->over);
    } else if (type == EventType::profile) {
        const auto event = parse_profile(body);
        if (!event) return std::unexpected(event.error());
        take(event->over);
    }
    return found;
}

std::expected<Bytes, EventError> with_references(
    EventType type, ByteView body, std::span<const Reference> references) {
    const auto put = [&references](Over& over) {
        VEREDA_ASSERT(over.dots.size() <= references.size());
        for (Reference& dot : over.dots) {
            dot = references.front();
            references = references.subspan(1);
        }
    };
    const auto rewrite = [&put](auto event) -> std::expected<Bytes, EventError> {
        if (!event) return std::unexpected(event.error());
        put(event->over);
        return encode(*event);
    };
    if (type == EventType::edit) {
        auto event = parse_edit(body);
        if (!event) return std::unexpected(event.error());
        visit_overs(*event, put);
        return encode(*event);
    }
    if (type == EventType::restore) return rewrite(parse_restore(body));
    if (type == EventType::consent_lift) return rewrite(parse_consent_lift(body));
    if (type == EventType::critical_lift) return rewrite(parse_critical_lift(body));
    if (type == EventType::profile) return rewrite(parse_profile(body));
    return Bytes(body.begin(), body.end());
}

}  // namespace vereda::protocol
