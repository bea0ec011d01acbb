#pragma once

#include <string>
#include <string_view>

namespace vereda::engine {

enum class SearchedTable {
    contact_words,  ///< Names, numbers, addresses and tags, with positions.
    note_words,     ///< Visit notes, without: there the words of a phrase may lie apart.
};

/// What FTS5 is to match for a query that somebody typed: all words, each in one of its spellings,
/// the last one perhaps just begun. Digits with spaces, dashes, dots or parentheses between them
/// are words, and also the end of a telephone number. Empty when there is no word at all.
[[nodiscard]] std::string search_expression(std::string_view typed, SearchedTable table);

}  // namespace vereda::engine
