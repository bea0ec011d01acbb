#include "engine/text/nearest_word.h"

#include <algorithm>
#include <vector>

namespace vereda::engine {
namespace {

constexpr std::size_t typed_size_max = 64;  // nobody mistypes a word into a longer one

// Edits between the words, a swap of neighbours counted as one: the restricted distance of Damerau.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest_word(
    std::string_view typed, std::span<const std::string_view> words) {
    if (typed.size() > typed_size_max) return std::nullopt;
    std::optional<std::string_view> nearest;
    std::size_t least = typed_size_max;
    for (const std::string_view word : words) {
        const std::size_t edits = distance(typed, word);
        if (edits > std::max<std::size_t>(word.size() / 3, 1) || edits >= least) continue;
        least = edits;
        nearest = word;
    }
    return nearest;
}

}  // namespace vereda::engine
