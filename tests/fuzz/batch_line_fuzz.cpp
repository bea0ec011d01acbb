#include "client/api/batch_line.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::client;

/// A line of `vereda batch` asks for a write, or is refused as malformed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto request = parse_batch_line(as_text({data, size}), {1'795'345'200'000});
    if (!request) fuzz::expect(request.error().code == "malformed", "a refusal says why");
    return 0;
}
