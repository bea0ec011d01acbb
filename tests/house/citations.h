#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/house/source_tree.h"

/// What comments and documents send a reader to: files, headings of documents, links, names of the
/// code. A citation that leads nowhere costs a reader more than none.
namespace vereda::house {

/// What can be cited.
class Citable {
  public:
    explicit Citable(const std::vector<SourceFile>& files);

    /// True for a file or a folder, named from the root or by the end of its path. `*` and `<name>`
    /// stand for anything, and a decision goes by its number.
    [[nodiscard]] bool has_path(std::string_view path) const;
    /// True when the document, named from the root, has this heading, or a paragraph that begins
    /// with it in bold.
    [[nodiscard]] bool has_heading(const std::string& document, const std::string& heading) const;
    /// True when the document has a heading of which a link goes by this anchor.
    [[nodiscard]] bool has_anchor(const std::string& document, const std::string& anchor) const;
    /// True for a word of the C++ sources.
    [[nodiscard]] bool has_name(const std::string& name) const { return names_.contains(name); }

  private:
    std::vector<std::string> paths_;
    std::set<std::string> names_;
    std::set<std::pair<std::string, std::string>> headings_;
    std::set<std::pair<std::string, std::string>> anchors_;
};

/// Every citation of a file that leads nowhere, as "path:line: what".
[[nodiscard]] std::vector<std::string> dangling(const SourceFile& file, const Citable& citable);

}  // namespace vereda::house
