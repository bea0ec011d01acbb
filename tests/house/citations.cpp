#include "tests/house/citations.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "tests/house/prose.h"

namespace vereda::house {
namespace {

constexpr std::array<std::string_view, 7> endings{".h",  ".cpp", ".py",   ".md",
                                                  ".sh", ".txt", ".cmake"};
constexpr std::array<std::string_view, 9> roots{"client/", "cmake/",   "crypto/",
                                                "docs/",   "engine/",  "protocol/",
                                                "server/", "scripts/", "tests/"};

bool is_of_a_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_of_a_path(char c) {
    return is_of_a_name(c) || std::string_view("./*<>-").find(c) != std::string_view::npos;
}

/// The longest stretches of characters of one sort, each with its place.
template <class IsOf, class Visit>
void visit_words(std::string_view text, IsOf is_of, Visit visit) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t begin = at;
        while (at < text.size() && is_of(text[at])) ++at;
        if (at > begin) visit(begin, text.substr(begin, at - begin));
    }
}

/// What is between the first `open` and the next `close` behind it; nothing without both.
std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
    const std::size_t from = text.find(open);
    if (from == text.npos) return {};
    text.remove_prefix(from + open.size());
    const std::size_t to = text.find(close);
    return to == text.npos ? std::string_view{} : text.substr(0, to);
}

/// "## 3. Merge rules — `engine/merge/record_state.h`": Merge rules.
std::string title_of(std::string_view heading) {
    heading.remove_prefix(std::min(heading.find_first_not_of("# "), heading.size()));
    const std::size_t number = heading.find_first_not_of("0123456789");
    if (number != heading.npos && number > 0 && heading.substr(number).starts_with(". "))
        heading.remove_prefix(number + 2);
    return std::string(heading.substr(0, heading.find(" — ")));
}

/// As the pages of repositories make it: lower case, blanks as hyphens, nothing but letters.
std::string anchor_of(std::string_view heading) {
    heading.remove_prefix(std::min(heading.find_first_not_of("# "), heading.size()));
    std::string anchor;
    for (const char c : heading) {
        if (c >= 'A' && c <= 'Z') anchor += static_cast<char>(c - 'A' + 'a');
        if (c == ' ') anchor += '-';
        if ((is_of_a_name(c) && !(c >= 'A' && c <= 'Z')) || c == '-') anchor += c;
    }
    return anchor;
}

/// True when `path` is `pattern`, in which `*` and `<name>` stand for anything within a folder.
bool is_like(std::string_view path, std::string_view pattern) {
    while (!pattern.empty() && pattern.front() != '*' && pattern.front() != '<') {
        if (path.empty() || path.front() != pattern.front()) return false;
        path.remove_prefix(1);
        pattern.remove_prefix(1);
    }
    if (pattern.empty()) return path.empty();
    pattern.remove_prefix(
        pattern.front() == '*' ? 1 : std::min(pattern.find('>'), pattern.size() - 1) + 1);
    for (;; path.remove_prefix(1)) {
        if (is_like(path, pattern)) return true;
        if (path.empty() || path.front() == '/') return false;
    }
}

bool ends_like(std::string_view path, std::string_view pattern) {
    for (;;) {
        if (is_like(path, pattern)) return true;
        const std::size_t slash = path.find('/');
        if (slash == path.npos) return false;
        path.remove_prefix(slash + 1);
    }
}

std::string normal(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().generic_string();
}

/// Whether a word names a file or a folder of ours at all.
bool is_a_path(std::string_view word) {
    if (word.find("//") != word.npos || word.starts_with('.') || word.starts_with('/'))
        return false;
    const auto begins = [&](std::string_view root) { return word.starts_with(root); };
    const auto ends = [&](std::string_view ending) {
        return word.ends_with(ending) && word.size() > ending.size();
    };
    return std::any_of(roots.begin(), roots.end(), begins) ||
           std::any_of(endings.begin(), endings.end(), ends);
}

using Missing = std::vector<std::string>;

void check_paths(const std::string& text, const Citable& citable, Missing& missing) {
    visit_words(text, is_of_a_path, [&](std::size_t at, std::string_view word) {
        const bool is_of_others =
            at >= 1 && std::string_view(":~$").find(text[at - 1]) != std::string_view::npos;
        while (word.ends_with('.') || word.ends_with('-')) word.remove_suffix(1);
        if (!is_of_others && is_a_path(word) && !citable.has_path(word))
            missing.push_back("no file " + std::string(word));
    });
}

/// docs/protocol.md "Forks", or docs/protocol.md, "Forks": the words in quotes behind a document.
void check_headings(const std::string& text, const Citable& citable, Missing& missing) {
    visit_words(text, is_of_a_path, [&](std::size_t at, std::string_view word) {
        if (!word.starts_with("docs/") || !word.ends_with(".md")) return;
        std::string_view behind = std::string_view(text).substr(at + word.size());
        for (const std::string_view each : {"`", ")", ",", " "})
            if (behind.starts_with(each)) behind.remove_prefix(1);
        if (!behind.starts_with('"')) return;
        const std::string heading(between(behind, "\"", "\""));
        if (!citable.has_heading(std::string(word), heading))
            missing.push_back("no \"" + heading + "\" in " + std::string(word));
    });
}

/// [words](target#anchor), as seen from `document`.
void check_links(
    const std::string& document, std::string_view text, const Citable& citable, Missing& missing) {
    for (std::size_t at = text.find("]("); at != text.npos; at = text.find("](", at + 1)) {
        const std::string link(between(text.substr(at), "](", ")"));
        if (link.find("://") != link.npos) continue;
        const std::string target = link.substr(0, link.find('#'));
        const std::string folder = document.substr(0, document.rfind('/') + 1);
        const std::string to = target.empty() ? document : normal(folder + target);
        const bool has_anchor = link.find('#') != link.npos;
        if (!citable.has_path(to) ||
            (has_anchor && !citable.has_anchor(to, link.substr(link.find('#') + 1))))
            missing.push_back("no page for the link " + link);
    }
}

/// `Class::name` in a document: the name, and what it is of.
void check_names(std::string_view text, const Citable& citable, Missing& missing) {
    for (std::size_t at = text.find('`'); at != text.npos;) {
        const std::string_view code = between(text.substr(at), "`", "`");
        if (code.find("::") != code.npos)
            visit_words(code, is_of_a_name, [&](std::size_t, std::string_view word) {
                if (!citable.has_name(std::string(word)))
                    missing.push_back("no name " + std::string(word));
            });
        at = text.find('`', at + code.size() + 2);
    }
}

Missing missing_in(const std::string& path, const std::string& text, const Citable& citable) {
    Missing missing;
    check_paths(text, citable, missing);
    check_headings(text, citable, missing);
    if (!path.ends_with(".md")) return missing;
    check_links(path, text, citable, missing);
    check_names(text, citable, missing);
    return missing;
}

/// A heading, or the bold words that a paragraph begins with, without their full stop.
std::string title_in(const std::string& passage) {
    if (passage.starts_with('#')) return title_of(passage);
    std::string bold(passage.starts_with("**") ? between(passage, "**", "**") : "");
    if (bold.ends_with('.')) bold.pop_back();
    return bold;
}

}  // namespace

Citable::Citable(const std::vector<SourceFile>& files) {
    for (const SourceFile& file : files) {
        paths_.push_back(file.path);
        if (is_cpp(file.path))
            visit_words(file.text, is_of_a_name, [&](std::size_t, std::string_view word) {
                names_.emplace(word);
            });
        if (!file.path.ends_with(".md")) continue;
        for (const Passage& each : passages_of(file)) {
            headings_.emplace(file.path, title_in(each.text));
            if (each.text.starts_with('#')) anchors_.emplace(file.path, anchor_of(each.text));
        }
    }
}

bool Citable::has_path(std::string_view path) const {
    const std::string wanted = path.starts_with("docs/decisions/0") && !path.ends_with(".md")
                                   ? std::string(path) + "-*.md"
                                   : std::string(path);
    const bool is_ours = std::any_of(paths_.begin(), paths_.end(), [&](const std::string& each) {
        return ends_like(each, wanted);
    });
    const bool is_any_folder = wanted.ends_with(">/");
    const std::string on_disk = is_any_folder ? wanted.substr(0, wanted.find('<')) : wanted;
    return is_ours || std::filesystem::exists(VEREDA_SOURCE_DIR "/" + on_disk);
}

bool Citable::has_heading(const std::string& document, const std::string& heading) const {
    return headings_.contains({document, heading});
}

bool Citable::has_anchor(const std::string& document, const std::string& anchor) const {
    return anchors_.contains({document, anchor});
}

std::vector<std::string> dangling(const SourceFile& file, const Citable& citable) {
    std::vector<std::string> found;
    for (const Passage& each : passages_of(file))
        for (const std::string& what : missing_in(file.path, each.text, citable))
            found.push_back(file.path + ":" + std::to_string(each.line) + ": " + what);
    return found;
}

}  // namespace vereda::house
