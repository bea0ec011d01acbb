#include <algorithm>
#include <cstdlib>

#include "protocol/roster_entry.h"

using namespace vereda;
using namespace vereda::protocol;

/// What parses as a roster entry must encode to the very same bytes, and can be hashed and signed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    const auto entry = parse_roster_entry(wire);
    if (!entry) return 0;
    const Bytes again = encode(*entry);
    if (!std::equal(again.begin(), again.end(), wire.begin(), wire.end())) std::abort();
    const WorkspaceId workspace = workspace_of_genesis(*entry);
    const bool is_hashed = !hash_of(workspace, *entry).is_zero();
    if (!is_hashed || message_to_sign(workspace, *entry).size() >= wire.size() + 64) std::abort();
    return 0;
}
