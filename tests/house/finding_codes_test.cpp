#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "tests/house/source_tree.h"

// What an audit may say is in the document that programs rely on (docs/commands.md).

using namespace vereda::house;

namespace {

using Codes = std::set<std::string>;

Codes codes_in(const std::string& text, const std::string& pattern) {
    Codes found;
    const std::regex code(pattern);
    for (auto at = std::sregex_iterator(text.begin(), text.end(), code);
         at != std::sregex_iterator(); ++at)
        found.insert((*at)[1]);
    return found;
}

bool is_audit(const std::string& path) {
    return path.starts_with("engine/audit/") && path.ends_with("audit.cpp");
}

Codes findings() {
    Codes found;
    for (const SourceFile& file : source_tree()) {
        if (!is_audit(file.path)) continue;
        found.merge(codes_in(file.text, R"((?:fault|note|found)\(\s*(?:report,\s*)?"([a-z_]+)\")"));
        found.merge(codes_in(file.text, R"(finding\.what = "([a-z_]+)\")"));
    }
    return found;
}

std::string text_of(const std::string& path) {
    for (SourceFile& file : source_tree()) {
        if (file.path == path) return file.text;
    }
    return {};
}

Codes mishaps() {
    return codes_in(text_of("engine/log/mishaps.h"), R"(const char\* [a-z_]+ = "([a-z_]+)\")");
}

}  // namespace

TEST_CASE("every code of a finding is documented") {
    const std::string document = text_of("docs/commands.md");
    const Codes codes = findings();
    CHECK(codes.size() > 40);
    CHECK(codes.contains("bad_payload"));
    for (const std::string& code : codes) {
        if (document.find("`" + code + "`") == document.npos)
            FAIL_CHECK(code << " is not in docs/commands.md");
    }
}

TEST_CASE("every part that a disk damages has a name for people, and is documented") {
    const std::string document = text_of("docs/commands.md");
    const std::string names = text_of("engine/audit/damage_audit.cpp");
    const Codes codes = mishaps();
    CHECK(codes.size() > 10);
    CHECK(codes.contains("open_entry"));
    for (const std::string& code : codes) {
        if (document.find("`" + code + "`") == document.npos)
            FAIL_CHECK(code << " is not in docs/commands.md");
        if (names.find("{vault_part::" + code + ",") == names.npos)
            FAIL_CHECK(code << " has no name in damage_audit.cpp");
    }
}
