#include "engine/log/block_opening.h"
#include "engine/vault/guard.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::engine;

/// What a vault keeps besides sealed bytes: the body of its guard, and blocks that wait.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView kept(data, size);
    if (const auto guard = parse_guard_body(kept)) {
        fuzz::expect_same(encode_guard_body(*guard), kept, "a guard has one encoding");
    }
    if (const auto job = parse_waiting(kept)) {
        fuzz::expect_same(
            encode_waiting(job->wire, job->acceptance), kept, "a waiting block has one encoding");
    }
    return 0;
}
