#include "protocol/log/block.h"
#include "protocol/log/payload.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

/// The workspace and the epoch key of tests/vectors/vereda-format, so that its blocks open.
const WorkspaceId& workspace() {
    static const WorkspaceId id = WorkspaceId::parse(Bytes(32, 0x11)).value();
    return id;
}

const EpochKeys& keys() {
    static const EpochKeys keys = EpochKeys::derive(Bytes(32, 0x44));
    return keys;
}

}  // namespace

/// A core and a block that parse have one encoding, and whatever it carries opens or is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    const auto core = parse_core(wire);
    if (core) fuzz::expect_same(encode_core(*core), wire, "a core alone too");
    const auto block = parse_block(workspace(), wire);
    if (!block) return 0;
    fuzz::expect_same(encode_core(block->core), block->core_bytes, "a core has one encoding");
    fuzz::expect_same(
        encode_block(block->header, block->signature, block->payload), wire,
        "a block has one encoding");
    static_cast<void>(verify_block(workspace(), *block));
    const auto opened = open_payload(*block, keys(), workspace());
    if (!opened) return 0;
    fuzz::expect(opened->slots.size() == block->core.count, "as many slots as entries");
    fuzz::expect_same(
        encode_plain(opened->preamble_bytes, opened->cover, opened->slots), opened->plain,
        "plain bytes have one encoding");
    return 0;
}
