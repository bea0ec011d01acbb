#include "tests/house/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace vereda::house {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> folders{".ci",    "client",   "cmake",   "crypto", "docs",
                                    "engine", "protocol", "scripts", "server", "tests"};
const std::set<std::string> of_others{
    "tests/corpus", "tests/data", "tests/fuzz/corpus", "tests/vectors"};
const std::set<std::string> extensions{".h",     ".cpp", ".py",  ".sh",
                                       ".cmake", ".md",  ".txt", ".json"};

bool is_ours(const fs::path& file) {
    if (file.extension().empty()) {
        const std::string folder = *file.begin();  // scripts have no extension
        return folder == "scripts" || folder == ".ci";
    }
    return extensions.contains(file.extension());
}

std::string read(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::vector<SourceFile> source_tree() {
    const fs::path root = VEREDA_SOURCE_DIR;
    std::vector<SourceFile> files;
    for (auto entry = fs::recursive_directory_iterator(root); entry != end(entry); ++entry) {
        const fs::path path = entry->path().lexically_relative(root);
        if (entry->is_directory()) {
            const bool at_root = entry.depth() == 0;
            const bool wanted = at_root ? folders.contains(path.filename())
                                        : path.filename() != "__pycache__" &&
                                              !of_others.contains(path.generic_string());
            if (!wanted) entry.disable_recursion_pending();
        } else if (is_ours(path)) {
            files.push_back({path.generic_string(), read(entry->path())});
        }
    }
    std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return a.path < b.path; });
    return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool is_header(std::string_view path) { return path.ends_with(".h"); }
bool is_cpp(std::string_view path) { return is_header(path) || path.ends_with(".cpp"); }

}  // namespace vereda::house
