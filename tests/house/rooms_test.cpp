#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/house/layering.h"

using namespace vereda::house;

namespace {

constexpr std::size_t lines_max = 4000;
constexpr std::size_t pairs_max = 20;

// They wait for what uses them.
const std::set<std::string> not_used_yet{
    "protocol/log/erase_list.h",  // erasing
    "client/api/openapi.h",       // the page
};

struct Size {
    std::size_t lines = 0;
    std::set<std::string> pairs;
};

std::vector<SourceFile> product() {
    std::vector<SourceFile> files = source_tree();
    std::erase_if(files, [](const SourceFile& file) {
        return !is_cpp(file.path) || file.path.starts_with("tests/");
    });
    return files;
}

std::string without_ending(const std::string& path) { return path.substr(0, path.rfind('.')); }

std::map<std::string, Size> sizes() {
    std::map<std::string, Size> found;
    for (const SourceFile& file : product()) {
        Size& size = found[file.path.substr(0, file.path.rfind('/'))];
        size.lines += static_cast<std::size_t>(std::ranges::count(file.text, '\n'));
        size.pairs.insert(without_ending(file.path));
    }
    return found;
}

/// Headers that a file of the product includes, its own source apart.
std::set<std::string> used_headers() {
    std::set<std::string> used;
    for (const SourceFile& file : product())
        for (const Include& include : includes_of(file.text))
            if (without_ending(include.target) != without_ending(file.path))
                used.insert(include.target);
    return used;
}

}  // namespace

TEST_CASE("no room has more than a reader can hold") {
    for (const auto& [room, size] : sizes()) {
        INFO(room << ": " << size.lines << " lines, " << size.pairs.size() << " pairs of files");
        CHECK(size.lines <= lines_max);
        CHECK(size.pairs.size() <= pairs_max);
    }
}

TEST_CASE("every header is included by another file of the product") {
    const std::set<std::string> used = used_headers();
    for (const SourceFile& file : product()) {
        if (!is_header(file.path)) continue;
        INFO(file.path);
        CHECK(used.contains(file.path) != not_used_yet.contains(file.path));
    }
}
