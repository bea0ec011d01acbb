#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vereda::client {

/// What fills a gap in a sentence: a text goes in as it is, a number as the language writes it.
struct Argument {
    std::string name;
    std::variant<std::string, std::int64_t> value;

    Argument(std::string_view name_, std::string_view text)
        : name(name_), value(std::string(text)) {}
    Argument(std::string_view name_, std::integral auto number)
        : name(name_), value(static_cast<std::int64_t>(number)) {}
    auto operator<=>(const Argument&) const = default;
};
using Arguments = std::vector<Argument>;

/// What is said to people, before a language puts it into words (client/words/*.json).
struct Sentence {
    std::string key;
    Arguments arguments = {};
    auto operator<=>(const Sentence&) const = default;
};

}  // namespace vereda::client
