#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/house/prose.h"

// How comments and documents read: words that people in Nairobi and Kyiv know, in lines that fit
// into a window. What is forbidden is spelled in two halves here, so that this file keeps it too.

using namespace vereda::house;

namespace {

constexpr std::size_t columns_max = 100;

struct Word {
    std::string_view old;
    std::string_view plain;
};

const std::vector<Word> old_words{
    {"ane"
     "w",
     "again"},
    {"whoso"
     "ever",
     "whoever"},
    {"want "
     "of",
     "no, not enough"},
    {"but "
     "for",
     "except"},
    {"de"
     "ar",
     "costly"},
    {"de"
     "arest",
     "most expensive"},
};

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

bool is_letter_of(const std::string& text, std::size_t at) {
    return at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || text[at] == '_');
}

bool has_old(const std::string& text, std::string_view word) {
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1))
        if (!is_letter_of(text, at - 1) && !is_letter_of(text, at + word.size())) return true;
    return false;
}

std::vector<std::string> old_words_in(const SourceFile& file) {
    std::vector<std::string> found;
    std::vector<Passage> prose = passages_of(file);
    for (Passage& each : quotes_of(file)) prose.push_back(std::move(each));
    for (const Passage& each : prose) {
        for (const Word& word : old_words)
            if (has_old(lower(each.text), word.old))
                found.push_back(
                    file.path + ":" + std::to_string(each.line) + ": \"" + std::string(word.old) +
                    "\": write " + std::string(word.plain));
    }
    return found;
}

/// Characters, not bytes.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// A line that is too long and has a blank to break it at; code in `` stays whole.
bool is_too_long(std::string_view line) {
    if (width_of(line) <= columns_max) return false;
    bool in_code = false;
    std::size_t words = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '`') in_code = !in_code;
        if (line[i] == ' ' && i > 0 && line[i - 1] != ' ' && !in_code) ++words;
    }
    const std::string_view text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
    const bool has_mark = text.starts_with("- ") || text.starts_with("//");
    return words > (has_mark ? 1U : 0U);
}

std::vector<std::string> long_lines_in(const SourceFile& file) {
    std::vector<std::string> found;
    if (!is_cpp(file.path) && !file.path.ends_with(".md")) return found;
    for (const Passage& line : wrapped_lines_of(file))
        if (is_too_long(line.text))
            found.push_back(
                file.path + ":" + std::to_string(line.line) + ": over " +
                std::to_string(columns_max) + " columns");
    return found;
}

bool is_old(std::string path, std::string text) {
    return !old_words_in({std::move(path), std::move(text)}).empty();
}

bool is_long(const std::string& text, const std::string& path = "docs/a.md") {
    return !long_lines_in({path, text}).empty();
}

}  // namespace

TEST_CASE("comments, documents and sentences do without the words of another century") {
    for (const SourceFile& file : source_tree())
        for (const std::string& each : old_words_in(file)) FAIL_CHECK(each);
}

TEST_CASE("documents and comments wrap at 100 columns") {
    for (const SourceFile& file : source_tree())
        for (const std::string& each : long_lines_in(file)) FAIL_CHECK(each);
}

TEST_CASE("an old word is found in comments, over the end of a line, in quotes and in documents") {
    CHECK(is_old(
        "a.h",
        "// begins ane"
        "w"));
    CHECK(is_old(
        "a.h",
        "int a;  ///< all but\n"
        "        ///< for one"));
    CHECK(is_old(
        "a.cpp",
        "say(\"begun ane"
        "w\");"));
    CHECK(is_old("a.md", "Want\nof room."));
    CHECK_FALSE(is_old(
        "a.cpp",
        "const Change ane"
        "w{};"));
    CHECK_FALSE(is_old("a.md", "All but the first, for it is new: an endearing one."));
}

TEST_CASE("a long line is found, unless nothing can break it") {
    const std::string word(60, 'a');
    CHECK(is_long(word + " " + word));
    CHECK(is_long("- " + word + " " + word));
    CHECK(is_long("/// " + word + " " + word, "a.h"));
    CHECK_FALSE(is_long("/// " + word + word, "a.h"));
    CHECK_FALSE(is_long("const char* a = \"" + word + " " + word + "\";", "a.h"));
    CHECK_FALSE(is_long(word + word));
    CHECK_FALSE(is_long("- " + word + word));
    CHECK_FALSE(is_long("`" + word + " " + word + "`"));
    CHECK_FALSE(is_long("| " + word + " | " + word + " |"));
    CHECK_FALSE(is_long("# " + word + " " + word));
    CHECK_FALSE(is_long("```\n" + word + " " + word + "\n```"));
    std::string accents;
    for (int i = 0; i < 45; ++i) accents += "é ";
    CHECK_FALSE(is_long(accents));
}
