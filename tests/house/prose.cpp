#include "tests/house/prose.h"

#include <algorithm>

namespace vereda::house {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t last = text.find_last_not_of(' ');
    return last == text.npos ? std::string_view{} : text.substr(first, last + 1 - first);
}

/// Joins lines to passages, as long as they follow on each other and are of one mark.
class Joiner {
  public:
    void add(std::size_t line, std::string_view mark, std::string_view text) {
        text = trimmed(text);
        const bool goes_on = !passages_.empty() && line == last_line_ + 1 && mark == mark_;
        if (goes_on && !text.empty())
            passages_.back().text.append(" ").append(text);
        else if (!text.empty())
            passages_.push_back({line, std::string(text)});
        if (!text.empty()) last_line_ = line;
        mark_ = mark;
    }
    [[nodiscard]] std::vector<Passage> take() { return std::move(passages_); }

  private:
    std::vector<Passage> passages_;
    std::size_t last_line_ = 0;
    std::string_view mark_;
};

/// True when `at` lies inside double quotes.
bool is_quoted(std::string_view line, std::size_t at) {
    bool quoted = false;
    for (std::size_t i = 0; i < at; ++i)
        if (line[i] == '"' && (i == 0 || (line[i - 1] != '\\' && line[i - 1] != '\'')))
            quoted = !quoted;
    return quoted;
}

/// Where a comment begins: first in its line, or behind code and a blank.
std::size_t comment_at(std::string_view line) {
    const std::size_t first = line.find_first_not_of(' ');
    if (first != line.npos && line.substr(first).starts_with("//")) return first;
    const std::size_t behind = line.find(" //");
    return behind == line.npos || is_quoted(line, behind) ? line.npos : behind + 1;
}

std::string_view mark_of(std::string_view comment) {
    for (const std::string_view mark : {"///<", "///", "//"})
        if (comment.starts_with(mark)) return mark;
    return {};
}

std::vector<Passage> comments_of(std::string_view text) {
    Joiner joiner;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(text)) {
        ++number;
        const std::size_t at = comment_at(line);
        if (at == line.npos) continue;
        const std::string_view mark = mark_of(line.substr(at));
        joiner.add(number, mark, line.substr(at + mark.size()));
    }
    return joiner.take();
}

bool is_fence(std::string_view line) { return trimmed(line).starts_with("```"); }

/// Not of a table, a heading or an indented block of code.
bool is_of_a_paragraph(std::string_view line) {
    const std::string_view text = trimmed(line);
    return !line.starts_with("    ") && !text.starts_with('|') && !text.starts_with('#');
}

/// Paragraphs of a document, without its blocks of code; a heading or the row of a table is one.
std::vector<Passage> paragraphs_of(std::string_view document) {
    Joiner joiner;
    bool in_code = false;
    std::size_t number = 0;
    for (std::string_view line : lines_of(document)) {
        ++number;
        if (is_fence(line)) in_code = !in_code;
        if (in_code || is_fence(line)) continue;
        line = trimmed(line);
        const bool is_alone = line.starts_with('|') || line.starts_with('#');
        joiner.add(number, is_alone ? line : std::string_view{}, line);
    }
    return joiner.take();
}

/// The lines of a script that begin with #, and what Python has between three quotes.
std::vector<Passage> remarks_of(std::string_view script) {
    Joiner joiner;
    bool in_quotes = false;
    std::size_t number = 0;
    for (std::string_view line : lines_of(script)) {
        ++number;
        line = trimmed(line);
        const std::size_t quotes = line.find("\"\"\"");
        const bool both = quotes != line.npos && line.find("\"\"\"", quotes + 3) != line.npos;
        const bool is_remark = in_quotes || quotes != line.npos || line.starts_with('#');
        if (quotes != line.npos && !both) in_quotes = !in_quotes;
        line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
        if (is_remark) joiner.add(number, "#", line);
    }
    return joiner.take();
}

}  // namespace

std::vector<Passage> passages_of(const SourceFile& file) {
    if (is_cpp(file.path)) return comments_of(file.text);
    return file.path.ends_with(".md") ? paragraphs_of(file.text) : remarks_of(file.text);
}

std::vector<Passage> quotes_of(const SourceFile& file) {
    std::vector<Passage> quotes;
    if (!is_cpp(file.path) && !file.path.ends_with(".json")) return quotes;
    std::size_t number = 0;
    for (std::string_view line : lines_of(file.text)) {
        ++number;
        line = line.substr(0, comment_at(line));
        const std::size_t first = line.find('"');
        const std::size_t last = line.rfind('"');
        if (first == last) continue;
        quotes.push_back({number, std::string(line.substr(first, last + 1 - first))});
    }
    return quotes;
}

std::vector<Passage> wrapped_lines_of(const SourceFile& file) {
    std::vector<Passage> lines;
    bool in_code = false;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
        ++number;
        if (is_fence(line)) in_code = !in_code;
        const bool is_prose = is_cpp(file.path) ? trimmed(line).starts_with("//")
                                                : !in_code && is_of_a_paragraph(line);
        if (is_prose) lines.push_back({number, std::string(line)});
    }
    return lines;
}

}  // namespace vereda::house
