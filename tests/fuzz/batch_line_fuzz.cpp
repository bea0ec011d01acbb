#include "client/api/batch_line.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::client;

/// A line of `vereda batch` says an action or is refused in words; it names its keys' source.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto line = parse_batch_line(as_text({data, size}), {1'795'345'200'000});
    if (line) {
        fuzz::expect(!line->source.empty(), "keys have a source");
    } else {
        fuzz::expect(!line.error().empty(), "a refusal says why");
    }
    return 0;
}
