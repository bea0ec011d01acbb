#include "protocol/log/entry.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

/// An entry that parses has one encoding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    const auto entry = parse_entry(wire);
    if (entry) fuzz::expect_same(encode_entry(*entry), wire, "an entry has one encoding");
    return 0;
}
