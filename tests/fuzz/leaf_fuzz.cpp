#include "protocol/sync/leaf.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

/// Leaves and stream heads have one encoding each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    const auto leaf = parse_leaf(wire);
    if (leaf) fuzz::expect_same(encode_leaf(*leaf), wire, "a leaf has one encoding");
    const auto head = parse_stream_head(wire);
    if (head) fuzz::expect_same(encode_stream_head(*head), wire, "a head has one encoding");
    return 0;
}
