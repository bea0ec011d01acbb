#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>

#include "tests/house/source_tree.h"

// The codes of errors that programs rely on (docs/commands.md "Error codes").

using namespace vereda::house;

namespace {

/// A code, and the exit codes that it comes with: "bad_token 2, 5".
using Codes = std::map<std::string, std::set<int>>;

// How the sources name an exit code: by `Exit`, or by a function that makes such a problem.
const std::map<std::string, std::set<int>> exits{
    {"Exit::failed", {1}}, {"failed", {1}},      {"Exit::usage", {2}}, {"usage", {2}},
    {"locked", {3}},       {"not_reached", {4}}, {"said_no", {5}},     {"exit", {129, 130, 143}}};

void add_answered_by(Codes& codes, const std::string& source) {
    static const std::regex code(
        R"re((?:\b(usage|failed|locked|not_reached|said_no)\(|(Exit::[a-z]+|\bexit),)\s*"([a-z_]+)[.a-z_]*")re");
    for (auto at = std::sregex_iterator(source.begin(), source.end(), code);
         at != std::sregex_iterator(); ++at) {
        const auto named = exits.find((*at)[1].str() + (*at)[2].str());
        REQUIRE(named != exits.end());
        codes[(*at)[3]].insert(named->second.begin(), named->second.end());
    }
}

Codes answered() {
    Codes codes;
    for (const SourceFile& file : source_tree()) {
        if (file.path.starts_with("client/") && file.path.ends_with(".cpp"))
            add_answered_by(codes, file.text);
    }
    return codes;
}

std::set<int> numbers_in(const std::string& text) {
    static const std::regex number("[0-9]+");
    std::set<int> found;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), number);
         at != std::sregex_iterator(); ++at)
        found.insert(std::stoi(at->str()));
    return found;
}

std::string section_on_codes() {
    for (const SourceFile& file : source_tree()) {
        if (file.path != "docs/commands.md") continue;
        const std::size_t begin = file.text.find("## Error codes");
        return file.text.substr(begin, file.text.find("\n## ", begin) - begin);
    }
    return {};
}

Codes documented() {
    static const std::regex row(R"(\| `([a-z_]+)` \| ([0-9, ]+) \| [^|]+ \|)");
    const std::string section = section_on_codes();
    Codes codes;
    for (auto at = std::sregex_iterator(section.begin(), section.end(), row);
         at != std::sregex_iterator(); ++at)
        codes[(*at)[1]] = numbers_in((*at)[2]);
    return codes;
}

// The library's own check would print both maps and not where they part.
void check_within(const Codes& some, const Codes& all, const std::string& words) {
    for (const auto& [code, numbers] : some) {
        const auto found = all.find(code);
        if (found == all.end() || found->second != numbers) FAIL_CHECK(code << words);
    }
}

}  // namespace

TEST_CASE("every code of an error is documented with its exit codes, and no other") {
    const Codes in_program = answered();
    CHECK(in_program.size() > 100);
    CHECK(in_program.contains("contact_lost"));
    check_within(in_program, documented(), " is not like that in docs/commands.md");
    check_within(documented(), in_program, " is answered like that by no program");
}
