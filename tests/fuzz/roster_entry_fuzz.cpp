#include <algorithm>
#include <cstdlib>

#include "protocol/roster/roster_body.h"
#include "protocol/roster/roster_entry.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

/// A body alone, its kind as a byte before it.
void read_body(ByteView wire) {
    if (wire.empty()) return;
    const auto body = parse_roster_body(static_cast<RosterKind>(wire[0]), wire.subspan(1));
    if (!body) return;
    const Bytes again = encode(*body);
    const ByteView taken = wire.subspan(1);
    if (!std::equal(again.begin(), again.end(), taken.begin(), taken.end())) std::abort();
}

}  // namespace

/// What parses as a roster entry must encode to the very same bytes, and can be hashed and signed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView wire(data, size);
    read_body(wire);
    const auto entry = parse_roster_entry(wire);
    if (!entry) return 0;
    const Bytes again = encode(*entry);
    if (!std::equal(again.begin(), again.end(), wire.begin(), wire.end())) std::abort();
    const WorkspaceId workspace = workspace_of_genesis(*entry);
    const bool is_hashed = !hash_of(workspace, *entry).is_zero();
    if (!is_hashed || message_to_sign(workspace, *entry).size() >= wire.size() + 64) std::abort();
    return 0;
}
