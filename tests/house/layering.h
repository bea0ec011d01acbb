#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/house/source_tree.h"

/// Which folder may include which: the arrows of docs/architecture.md, and the home of every
/// library.
namespace vereda::house {

struct Include {
    std::string target;
    bool own = false;  ///< "in quotes": a header of ours.
    std::size_t line = 0;
};

/// Every #include of a C++ text, in order; those in line comments are none.
[[nodiscard]] std::vector<Include> includes_of(std::string_view text);

/// Why `path` may not include this, or nothing. Files outside the layers (tests) may include
/// anything.
[[nodiscard]] std::optional<std::string> wrong_arrow(std::string_view path, const Include& include);

/// Whether a folder of the table has this file.
[[nodiscard]] bool is_in_a_room(std::string_view path);

/// The header that a reader of each room opens first.
[[nodiscard]] std::vector<std::string> main_headers();

/// What the table itself allows against its order, which runs from the roof down. Empty: so there
/// is no circle, also none between a folder and the folders in it.
[[nodiscard]] std::vector<std::string> arrows_up();

/// Every wrong arrow of a file, as "path:line: reason".
[[nodiscard]] std::vector<std::string> wrong_arrows(const SourceFile& file);

}  // namespace vereda::house
