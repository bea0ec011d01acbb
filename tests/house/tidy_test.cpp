#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/house/source_tree.h"

// The house rules that a program can read. What they forbid is spelled in two halves here, so that
// this file keeps them too.

using namespace vereda::house;

namespace {

using Complaints = std::vector<std::string>;

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// True if `word` stands in `line` by itself, not inside a longer one.
bool has_word(std::string_view line, std::string_view word) {
    for (std::size_t at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_letter(line[at - 1])) && (end == line.size() || !is_letter(line[end])))
            return true;
    }
    return false;
}

Complaints unfinished_work(const std::string& line) {
    Complaints found;
    for (const char* word :
         {"TO"
          "DO",
          "FIX"
          "ME",
          "X"
          "XX"})
        if (has_word(line, word)) found.push_back(std::string("unfinished: ") + word);
    return found;
}

Complaints developer_paths(const std::string& line) {
    Complaints found;
    for (const char* path :
         {"/wo"
          "rk/",
          "/ro"
          "ot/",
          "/ho"
          "me/",
          "../sha"
          "red",
          "/tmp/bu"
          "ild"})
        if (line.find(path) != line.npos) found.push_back(std::string("somebody's path: ") + path);
    return found;
}

bool is_silent_layer(std::string_view path) {
    return path.starts_with("crypto/") || path.starts_with("protocol/") ||
           path.starts_with("engine/");
}

Complaints line_complaints(std::string_view path, const std::string& line) {
    Complaints found = unfinished_work(line);
    for (auto& each : developer_paths(line)) found.push_back(std::move(each));
    if (line.find('\t') != line.npos) found.push_back("a tab");
    if (is_silent_layer(path) && is_cpp(path))
        for (const char* output : {"std::cout", "std::cerr", "<iostream>"})
            if (line.find(output) != line.npos)
                found.push_back(std::string("prints by itself: ") + output);
    return found;
}

/// Prose, and the sentences of a language, one a line, are as long as they are.
bool is_as_long_as_it_is(std::string_view path) {
    return path.ends_with(".md") || (path.starts_with("client/words/") && path.ends_with(".json"));
}

Complaints complaints_about(const SourceFile& file) {
    Complaints found;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (const auto& each : line_complaints(file.path, std::string(lines[i])))
            found.push_back(file.path + ":" + std::to_string(i + 1) + ": " + each);
    if (is_header(file.path) && (lines.empty() || lines[0] != "#pragma once"))
        found.push_back(file.path + ": does not begin with #pragma once");
    if (!is_as_long_as_it_is(file.path) && lines.size() > 600)
        found.push_back(file.path + ": over 600 lines; it tells more than one story");
    return found;
}

bool complains(std::string path, std::string text) {
    return !complaints_about({std::move(path), std::move(text)}).empty();
}

}  // namespace

TEST_CASE("every file of ours keeps the house rules") {
    const auto files = source_tree();
    CHECK(files.size() > 50);
    for (const SourceFile& file : files)
        for (const std::string& each : complaints_about(file)) FAIL_CHECK(each);
}

TEST_CASE("the rules are read in every folder of ours and in the root, and not in others' data") {
    const auto files = source_tree();
    const auto has = [&](std::string_view path) {
        return std::any_of(files.begin(), files.end(), [&](auto& f) { return f.path == path; });
    };
    CHECK(has("CMakeLists.txt"));
    CHECK(has("crypto/hash.h"));
    CHECK(has("tests/house/tidy_test.cpp"));
    CHECK(has("docs/decisions/0001-one-acceptance-rule-for-signatures.md"));
    CHECK_FALSE(has("tests/vectors/cctv-ed25519/README.md"));
}

TEST_CASE("a header without its guard is found") {
    CHECK(complains("crypto/a.h", "#include <span>\n#pragma once\n"));
    CHECK(complains("crypto/a.h", ""));
    CHECK_FALSE(complains("crypto/a.h", "#pragma once\n"));
    CHECK_FALSE(complains("crypto/a.cpp", "#include <span>\n"));
}

TEST_CASE("unfinished work is found, and a template of a file name is none") {
    CHECK(complains(
        "docs/a.md",
        "TO"
        "DO: later"));
    CHECK(complains(
        "crypto/a.cpp",
        "// FIX"
        "ME"));
    CHECK(complains(
        "crypto/a.cpp",
        "// X"
        "XX"));
    CHECK_FALSE(complains("engine/a.cpp", "mkstemp(\"guard-XXXXXX\")"));
}

TEST_CASE("tabs, a developer's paths and a talking engine are found") {
    CHECK(complains("scripts/start", "\tcmake"));
    CHECK(complains(
        "scripts/start",
        "cd /wo"
        "rk/main"));
    CHECK(complains("engine/a.cpp", "std::cout << 1;"));
    CHECK(complains("engine/a.cpp", "#include <iostream>"));
    CHECK_FALSE(complains("client/main.cpp", "std::cout << 1;"));
    CHECK_FALSE(complains("protocol/http/paths.cpp", "\"/work\""));
}

TEST_CASE("a file of more than 600 lines is found, unless it is a document or a language") {
    const std::string long_text(601, '\n');
    CHECK(complains("crypto/a.cpp", long_text));
    CHECK_FALSE(complains("crypto/a.cpp", long_text.substr(1)));
    CHECK_FALSE(complains("docs/protocol.md", long_text));
    CHECK_FALSE(complains("client/words/en.json", long_text));
}
