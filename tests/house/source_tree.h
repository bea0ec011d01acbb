#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The project's own text files, as the tests of the house read them.
namespace vereda::house {

struct SourceFile {
    std::string path;  ///< From the root of the project, with slashes: "crypto/hash.h".
    std::string text;
};

/// Every source, script, build and documentation file of the project, ordered by path; without
/// vectors, data and corpora, which others wrote, and without build folders.
[[nodiscard]] std::vector<SourceFile> source_tree();

/// The lines of `text`, without their line feeds. Borrows.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// True for C++ headers and sources.
[[nodiscard]] bool is_cpp(std::string_view path);
[[nodiscard]] bool is_header(std::string_view path);

}  // namespace vereda::house
