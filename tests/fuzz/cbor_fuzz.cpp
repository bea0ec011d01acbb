#include "protocol/cbor.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

/// Copies an item through the typed calls.
void copy_item(CborReader& from, CborWriter& to) {
    using Kind = CborReader::Kind;
    switch (from.peek()) {
        case Kind::unsigned_integer:
            to.unsigned_integer(from.unsigned_integer());
            return;
        case Kind::negative_integer:
            to.integer(from.integer());
            return;
        case Kind::byte_string:
            to.byte_string(from.byte_string());
            return;
        case Kind::text:
            to.text(from.text());
            return;
        case Kind::boolean:
            to.boolean(from.boolean());
            return;
        case Kind::null:
            fuzz::expect(from.take_null(), "a null is taken");
            to.null();
            return;
        case Kind::array:
        case Kind::map: {
            const bool map = from.peek() == Kind::map;
            const std::size_t count = map ? from.map() : from.array();
            map ? to.map(count) : to.array(count);
            for (std::size_t left = map ? 2 * count : count; left > 0 && from.ok(); --left) {
                copy_item(from, to);
            }
            return;
        }
        case Kind::end:
        case Kind::malformed:
            from.fail();
    }
}

}  // namespace

/// An item that is taken whole is written back as the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    CborReader checker(wire);
    const ByteView item = checker.item();
    if (!checker.ok()) return 0;
    Bytes again;
    CborReader reader(item);
    CborWriter writer(again);
    copy_item(reader, writer);
    fuzz::expect(reader.finished(), "what item() takes, the typed reads take");
    fuzz::expect_same(again, item, "an item has one encoding");
    return 0;
}
