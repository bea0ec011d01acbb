#include "protocol/log/preamble.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

/// A preamble that parses has one encoding, and any reference through it is resolved or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    const auto preamble = parse_preamble(wire);
    if (!preamble) return 0;
    fuzz::expect_same(encode_preamble(*preamble), wire, "a preamble has one encoding");
    const std::uint64_t rows = preamble->table.size();
    for (std::uint64_t index = 1; index <= rows; ++index) {
        const Seq seen = preamble->table[index - 1].seen;
        fuzz::expect(resolve({index, seen}, preamble->table, {}).has_value(), "what was seen");
        fuzz::expect(!resolve({index, seen.next()}, preamble->table, {}), "what was not seen");
    }
    fuzz::expect(!resolve({rows + 1, {1}}, preamble->table, {}), "no such row");
    return 0;
}
