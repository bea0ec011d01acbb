#include "protocol/log/packing.h"
#include "protocol/log/payload.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

const EpochKeys& keys() {
    static const EpochKeys keys = EpochKeys::derive(Bytes(32, 0x44));
    return keys;
}

/// Opens `packed` as the payload of a block that counts `entries`, sealed as an author who holds
/// the key could.
void open_sealed(ByteView packed, std::uint32_t entries) {
    ParsedBlock block;
    block.core.count = entries;
    const Bytes payload = seal_packed(keys(), payload_associated({}, {}), packed);
    block.payload = payload;
    const auto opened = open_payload(block, keys(), {});
    fuzz::expect(!opened, "nothing agrees with a root of zeros");
}

}  // namespace

/// byte 0: 0 packed, 1 a zstd frame, 2 plain; bytes 1 and 2: entries counted; the rest is that
/// thing. A fuzzer cannot forge the AEAD, so the seal is made for it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const std::uint32_t entries = 1 + (256u * data[1] + data[2]) % block_entries_max;
    const ByteView rest(data + 3, size - 3);
    switch (data[0] % 3) {
        case 0:
            open_sealed(rest, entries);
            break;
        case 1:
            if (rest.size() < packed_size_max / 2) open_sealed(pad_frame(rest), entries);
            break;
        default:
            if (rest.size() <= plain_size_max) open_sealed(pack(rest, 1), entries);
    }
    return 0;
}
