#pragma once

#include <string>
#include <vector>

#include "tests/house/source_tree.h"

/// What people read in the project's files: comments, documents, and the words in quotes.
namespace vereda::house {

/// A stretch of prose, its lines joined by blanks.
struct Passage {
    std::size_t line = 0;  ///< Where it begins; the first line is 1.
    std::string text;
};

/// The comments of a program or a script, the paragraphs of a document without its blocks of code.
[[nodiscard]] std::vector<Passage> passages_of(const SourceFile& file);

/// What stands in double quotes in the code of a C++ file, a line at a time.
[[nodiscard]] std::vector<Passage> quotes_of(const SourceFile& file);

/// Lines that can be wrapped: of a document those that are not of a table, a heading or a block of
/// code; of a C++ file those that are comments from their beginning.
[[nodiscard]] std::vector<Passage> wrapped_lines_of(const SourceFile& file);

}  // namespace vereda::house
