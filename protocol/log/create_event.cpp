#include "protocol/log/create_event.h"

#include "crypto/assert.h"

namespace vereda::protocol {
namespace {

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

std::optional<ExternalKey> read_key(CborReader& reader) {
    if (reader.take_null()) return std::nullopt;
    reader.array_of(2);
    const std::string_view source = reader.text();
    return ExternalKey{source, reader.text()};
}

void read_consents(CborReader& reader, std::vector<ConsentMark>& consents) {
    const std::size_t marks = reader.array();
    if (marks == 0 || marks > event_items_max) reader.fail();
    for (std::size_t i = 0; i < marks && reader.ok(); ++i) {
        reader.array_of(3);
        consents.push_back(read_consent(reader));
    }
}

}  // namespace

std::expected<ContactCreate, EventError> parse_contact_create(ByteView body) {
    CborReader reader(body);
    ContactCreate event;
    const std::size_t items = reader.array();
    if (items != 3 && items != 4) reader.fail();
    event.kind = reader.unsigned_integer();
    read_values(reader, event.values);
    event.key = read_key(reader);
    if (items == 4) read_consents(reader, event.consents);
    return whole_event(reader, std::move(event));
}

std::expected<InteractionCreate, EventError> parse_interaction_create(ByteView body) {
    CborReader reader(body);
    InteractionCreate event;
    const std::size_t items = reader.array();
    if (items != 3 && items != 4) reader.fail();
    event.kind = read_code_or_text(reader);
    event.outcome = read_code_or_text(reader);
    event.note = read_text_or_null(reader);
    if (items == 4) event.at_offset_ms = reader.integer();
    return whole_event(reader, std::move(event));
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
    write_text_or_null(writer, event.note);
    if (event.at_offset_ms) writer.integer(*event.at_offset_ms);
    return out;
}

}  // namespace vereda::protocol
