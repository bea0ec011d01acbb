#include "engine/actions/entry_parts.h"

#include "engine/actions/action_checks.h"

namespace vereda::engine {
namespace {

using Make = std::function<EntryDraft(std::span<const LocalDot>)>;

// The start of `dots` that one entry holds, as long as halving finds it; empty when not even one
// dot fits.
std::vector<LocalDot> as_many_as_fit(std::vector<LocalDot> dots, const Make& make) {
    while (!fits_an_entry(make(dots))) {
        if (dots.size() < 2) return {};
        dots.resize((dots.size() + 1) / 2);
    }
    return dots;
}

}  // namespace

std::expected<std::vector<EntryDraft>, ActionError> in_parts(
    std::span<const LocalDot> seen, const Make& make) {
    if (fits_an_entry(make(seen))) return std::vector{make(seen)};
    std::vector<EntryDraft> parts;
    while (!seen.empty()) {
        const auto named = as_many_as_fit({seen.begin(), seen.end()}, make);
        if (named.empty()) return refused(ActionProblem::too_long);
        parts.push_back(make(named));
        seen = seen.subspan(named.size());
    }
    if (parts.empty()) return refused(ActionProblem::too_long);
    return parts;
}

std::expected<std::vector<EntryDraft>, ActionError> in_chained_parts(
    std::span<const LocalDot> seen, LocalDot next, const Make& make) {
    std::size_t made = 0;
    const auto chained = [&](std::span<const LocalDot> named) {
        std::vector<LocalDot> over(named.begin(), named.end());
        if (made != 0) over.push_back({next.value + static_cast<std::int64_t>(made) - 1});
        return make(over);
    };
    if (fits_an_entry(chained(seen))) return std::vector{chained(seen)};
    std::vector<EntryDraft> parts;
    for (; !seen.empty(); ++made) {
        const auto named = as_many_as_fit({seen.begin(), seen.end()}, chained);
        if (named.empty()) return refused(ActionProblem::too_long);
        parts.push_back(chained(named));
        seen = seen.subspan(named.size());
    }
    if (parts.empty()) return refused(ActionProblem::too_long);
    return parts;
}

}  // namespace vereda::engine
