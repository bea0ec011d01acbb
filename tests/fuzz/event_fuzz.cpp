#include <algorithm>

#include "protocol/log/event.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

void expect_one_encoding(const auto& event, ByteView body) {
    if (event) fuzz::expect_same(encode(*event), body, "an event has one encoding");
}

/// References are found in order, and put back as they were, or as other ones.
void renumber(EventType type, ByteView body) {
    auto references = references_of(type, body);
    if (!references) {
        fuzz::expect(!with_references(type, body, {}), "what has no references takes none");
        return;
    }
    fuzz::expect_same(with_references(type, body, *references).value(), body, "put back as found");
    for (Reference& each : *references)
        each.seq = Seq{each.seq.value == 1 ? 2U : each.seq.value - 1};
    const auto other = with_references(type, body, *references);
    fuzz::expect(other && references_of(type, *other) == references, "others are found again");
}

void read_values(const ContactCreate& event) {
    for (const InitialValue& each : event.values) {
        fuzz::expect(!each.value.empty(), "a value is an item");
        fuzz::expect(!is_null(each.value) || text_of(each.value).empty(), "null has no text");
    }
}

}  // namespace

/// The first byte chooses the type of event that references are looked for in; every parser is
/// shown the rest, the body of an entry.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView body(data + 1, size - 1);
    const auto contact = parse_contact_create(body);
    expect_one_encoding(contact, body);
    if (contact) read_values(*contact);
    expect_one_encoding(parse_interaction_create(body), body);
    expect_one_encoding(parse_edit(body), body);
    expect_one_encoding(parse_restore(body), body);
    expect_one_encoding(parse_consent_lift(body), body);
    expect_one_encoding(parse_critical_lift(body), body);
    expect_one_encoding(parse_profile(body), body);
    if (is_retract_body(body)) fuzz::expect_same(encode_retract(), body, "a retract is one byte");
    renumber(static_cast<EventType>(data[0] % 32), body);
    return 0;
}
