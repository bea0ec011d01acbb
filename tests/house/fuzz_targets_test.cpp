#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/house/source_tree.h"

// Whatever turns bytes or text from outside into a value is named parse_ or decode_, and a fuzz
// target calls it.

using namespace vereda::house;

namespace {

bool is_of_a_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// Functions that a header declares, or a test calls: words that begin so, before a parenthesis.
std::set<std::string> parsers_in(std::string_view text) {
    std::set<std::string> found;
    for (const std::string_view line : lines_of(text)) {
        const std::string_view code = line.substr(0, line.find("//"));
        for (const std::string_view beginning : {"parse_", "decode_"}) {
            for (std::size_t at = code.find(beginning); at != code.npos;
                 at = code.find(beginning, at + 1)) {
                if (at > 0 && is_of_a_name(code[at - 1])) continue;
                std::size_t end = at;
                while (end < code.size() && is_of_a_name(code[end])) ++end;
                found.emplace(code.substr(at, end - at));
            }
        }
    }
    return found;
}

bool is_of_the_product(std::string_view path) {
    return is_header(path) && !path.starts_with("tests/");
}

bool is_fuzz_target(std::string_view path) {
    return path.starts_with("tests/fuzz/") && path.ends_with("_fuzz.cpp");
}

}  // namespace

TEST_CASE("every parser that a header declares is called by a fuzz target") {
    std::set<std::string> declared;
    std::set<std::string> called;
    for (const SourceFile& file : source_tree()) {
        if (is_of_the_product(file.path)) declared.merge(parsers_in(file.text));
        if (is_fuzz_target(file.path)) called.merge(parsers_in(file.text));
    }
    CHECK(declared.size() > 50);
    for (const std::string& each : declared) {
        if (!called.contains(each)) FAIL_CHECK(each << " has no fuzz target");
    }
}

TEST_CASE("every fuzz target is built") {
    const auto files = source_tree();
    const auto list = std::find_if(files.begin(), files.end(), [](const SourceFile& file) {
        return file.path == "tests/fuzz/CMakeLists.txt";
    });
    REQUIRE(list != files.end());
    for (const SourceFile& file : files) {
        if (!is_fuzz_target(file.path)) continue;
        const std::size_t from = std::string_view("tests/fuzz/").size();
        const std::string name = file.path.substr(from, file.path.size() - from - 9);
        INFO(name);
        CHECK(list->text.find("vereda_fuzz(" + name + " ") != std::string::npos);
    }
}

TEST_CASE("a parser is found by its name, and not in a comment or a longer word") {
    CHECK(parsers_in("[[nodiscard]] X parse_leaf(ByteView wire);").contains("parse_leaf"));
    CHECK(parsers_in("auto decode_text(std::string_view);").contains("decode_text"));
    CHECK(parsers_in("/// as parse_leaf() says").empty());
    CHECK(parsers_in("reparse_leaf(wire)").empty());
}
