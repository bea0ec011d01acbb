#pragma once

#include <string>
#include <string_view>

namespace vereda::engine {

/// A title or word as such are compared: folded, without spaces ("First Name", "first_name" and
/// "FirstName" are one).
[[nodiscard]] std::string plain_title(std::string_view title);

/// What people type and write in sheets, in any language: never shown to anybody. Words that single
/// spaces separate, or titles that a | does.
struct WordList {
    std::string_view words;
};

/// Whether `word` is one of the words of a list, which single spaces separate. No allocation.
[[nodiscard]] inline bool lists_word(WordList words, std::string_view word) {
    const std::string_view list = words.words;
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
