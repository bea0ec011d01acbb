#include "protocol/log/seal.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

/// Seals, checked objects and their signed form have one encoding each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    const auto seal = parse_seal(wire);
    if (seal) fuzz::expect_same(encode_seal(*seal), wire, "a seal has one encoding");
    const auto checked = parse_checked(wire);
    if (checked) fuzz::expect_same(encode_checked(*checked), wire, "checked has one encoding");
    fuzz::expect(!seal || !checked, "a seal is no checked object");
    const auto carried = parse_signed(wire);
    if (!carried) return 0;
    fuzz::expect_same(
        encode_signed(carried->object, carried->signature), wire, "the carried form too");
    static_cast<void>(verify_seal({}, carried->object, carried->signature));
    return 0;
}
