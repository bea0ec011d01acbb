#include "protocol/log/erase_list.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

/// An erase list that parses has one encoding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    const auto list = parse_erase_list(wire);
    if (list) fuzz::expect_same(encode_erase_list(*list), wire, "a list has one encoding");
    return 0;
}
