#include "tests/house/layering.h"

#include <algorithm>

namespace vereda::house {
namespace {

struct Layer {
    std::string_view folder;
    std::vector<std::string_view> may_include;  // besides itself
};

/// The more special folder first: the first that a path begins with is its layer.
const std::vector<Layer> layers{
    {"crypto/", {}},
    {"protocol/http/", {"protocol/", "crypto/"}},
    {"protocol/", {"crypto/"}},
    {"engine/", {"protocol/", "crypto/"}},
    {"server/", {"engine/", "protocol/http/", "protocol/", "crypto/"}},
    {"client/", {"engine/", "protocol/http/", "protocol/", "crypto/"}},
};

struct Library {
    std::string_view header;  // or the beginning of its headers
    std::vector<std::string_view> homes;
    bool in_sources_only = false;
};

const std::vector<Library> libraries{
    {"sodium", {"crypto/"}, true},
    {"zstd", {"protocol/", "engine/"}, true},
    {"sqlite3", {"engine/", "server/"}, true},
    {"unicode/", {"engine/", "client/"}, true},
    {"uchardet", {"engine/"}, true},
    {"boost/", {"protocol/http/", "server/", "client/"}},
    {"openssl/", {"protocol/http/", "server/", "client/"}},
    {"nlohmann/", {"server/", "client/"}},
    {"curl/", {"client/"}, true},
    {"qrencode", {"client/"}, true},
    {"CLI/", {"server/", "client/"}},
};

const Layer* layer_of(std::string_view path) {
    const auto found = std::find_if(layers.begin(), layers.end(), [&](const Layer& layer) {
        return path.starts_with(layer.folder);
    });
    return found == layers.end() ? nullptr : &*found;
}

bool contains(const std::vector<std::string_view>& folders, std::string_view folder) {
    return std::find(folders.begin(), folders.end(), folder) != folders.end();
}

std::optional<std::string> wrong_own(const Layer& from, const std::string& target) {
    const Layer* to = layer_of(target);
    if (to == nullptr) return "\"" + target + "\" is no header of a layer, named from the root";
    if (to == &from || contains(from.may_include, to->folder)) return std::nullopt;
    return std::string(from.folder) + " may not include " + std::string(to->folder);
}

std::optional<std::string> wrong_library(
    const Layer& from, std::string_view path, const std::string& target) {
    const auto library = std::find_if(libraries.begin(), libraries.end(), [&](const Library& each) {
        return target.starts_with(each.header);
    });
    if (library == libraries.end()) return std::nullopt;
    if (!contains(library->homes, from.folder))
        return "<" + target + "> has no home in " + std::string(from.folder);
    if (library->in_sources_only && is_header(path))
        return "<" + target + "> belongs into a .cpp, not into a header";
    return std::nullopt;
}

std::string_view without_spaces(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
}

bool take(std::string_view& text, std::string_view word) {
    text = without_spaces(text);
    if (!text.starts_with(word)) return false;
    text = without_spaces(text.substr(word.size()));
    return true;
}

}  // namespace

std::vector<Include> includes_of(std::string_view text) {
    std::vector<Include> includes;
    std::size_t number = 0;
    for (std::string_view line : lines_of(text)) {
        ++number;
        if (!take(line, "#") || !take(line, "include") || line.empty()) continue;
        const bool own = line.front() == '"';
        const std::size_t end = line.find(own ? '"' : '>', 1);
        if (end != line.npos)
            includes.push_back({std::string(line.substr(1, end - 1)), own, number});
    }
    return includes;
}

std::optional<std::string> wrong_arrow(std::string_view path, const Include& include) {
    const Layer* from = layer_of(path);
    if (from == nullptr) return std::nullopt;
    return include.own ? wrong_own(*from, include.target)
                       : wrong_library(*from, path, include.target);
}

std::vector<std::string> wrong_arrows(const SourceFile& file) {
    std::vector<std::string> wrong;
    for (const Include& include : includes_of(file.text))
        if (const auto why = wrong_arrow(file.path, include))
            wrong.push_back(file.path + ":" + std::to_string(include.line) + ": " + *why);
    return wrong;
}

}  // namespace vereda::house
