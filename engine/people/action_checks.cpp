#include "engine/people/action_checks.h"

#include <set>

namespace vereda::engine {
namespace {

// An entry holds 32 KiB; the rest is its envelope and what renumbering its references may add.
constexpr std::size_t entry_body_max = 31 * 1024;
// Logs that one entry may mention, so that it fits into a block of its own.
constexpr std::size_t entry_logs_max = 400;

}  // namespace

bool fits_an_entry(const EntryDraft& draft) {
    if (draft.body.size() > entry_body_max) return false;
    const auto references = protocol::references_of(draft.type, draft.body);
    if (!references) return false;  // more dots than an event may list
    std::set<std::uint64_t> logs;
    for (const protocol::Reference& reference : *references) logs.insert(reference.index);
    return logs.size() <= entry_logs_max;
}

}  // namespace vereda::engine
