#pragma once

#include <string>
#include <string_view>

namespace vereda::engine {

/// A title or word as such are compared: folded, without spaces ("First Name", "first_name" and
/// "FirstName" are one).
[[nodiscard]] std::string plain_title(std::string_view title);

/// Whether `word` is one of the words of `list`, which single spaces separate. No allocation.
[[nodiscard]] inline bool lists_word(std::string_view list, std::string_view word) {
    if (word.empty()) return false;
    for (std::size_t at = list.find(word); at != std::string_view::npos;
         at = list.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool starts = at == 0 || list[at - 1] == ' ';
        if (starts && (end == list.size() || list[end] == ' ')) return true;
    }
    return false;
}

}  // namespace vereda::engine
