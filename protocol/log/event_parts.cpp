#include "protocol/log/event_parts.h"

namespace vereda::protocol {
namespace {

ConsentState read_consent_state(CborReader& reader) {
    const std::uint64_t state = reader.unsigned_integer();
    if (state != 1 && state != 2) reader.fail();
    return static_cast<ConsentState>(state);
}

}  // namespace

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

Over read_over(CborReader& reader) {
    Over over;
    if (reader.peek() == CborReader::Kind::unsigned_integer) {
        if (reader.unsigned_integer() != 0) reader.fail();
        over.creating = true;
        return over;
    }
    const std::size_t count = reader.array();
    if (count > event_items_max) reader.fail();
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

ValueItem read_value(CborReader& reader) {
    const CborReader::Kind kind = reader.peek();
    if (kind == CborReader::Kind::array || kind == CborReader::Kind::map) reader.fail();
    return reader.item();
}

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

std::optional<std::string_view> read_text_or_null(CborReader& reader) {
    if (reader.take_null()) return std::nullopt;
    return reader.text();
}

void write_text_or_null(CborWriter& writer, std::optional<std::string_view> text) {
    if (text) {
        writer.text(*text);
    } else {
        writer.null();
    }
}

Bytes text_value(std::string_view utf8) {
    Bytes out;
    CborWriter(out).text(utf8);
    return out;
}

Bytes null_value() { return {0xf6}; }

Bytes term_value(const CodeOrText& term) {
    Bytes out;
    CborWriter writer(out);
    write_code_or_text(writer, term);
    return out;
}

std::string_view text_of(ValueItem value) {
    CborReader reader(value);
    if (reader.peek() != CborReader::Kind::text) return {};
    const std::string_view text = reader.text();
    return reader.finished() ? text : std::string_view{};
}

bool is_null(ValueItem value) { return value.size() == 1 && value[0] == 0xf6; }

}  // namespace vereda::protocol
