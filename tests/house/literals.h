#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The texts that stand in the code of a C++ file.
namespace vereda::house {

/// A string literal; those that follow on each other are one.
struct Literal {
    std::size_t line = 0;  ///< Where it begins; the first line is 1.
    std::string text;      ///< Between the quotes, with its escapes as they are written.
    /// The code of its statement in front of it, a blank between words; other literals are "".
    std::string before;
};

/// Every string literal of `source`, raw ones too; what #include names is none.
[[nodiscard]] std::vector<Literal> literals_of(std::string_view source);

}  // namespace vereda::house
