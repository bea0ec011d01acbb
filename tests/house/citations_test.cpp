#include "tests/house/citations.h"

#include <catch2/catch.hpp>

using namespace vereda::house;

namespace {

/// A small house: one document, one header.
const Citable& house() {
    static const Citable citable({
        {"docs/a.md", "# A\n\n## 2. Some rules — `engine/a.h`\n\n**Bold.** It is.\n"},
        {"docs/decisions/0004-why.md", "# Why\n"},
        {"engine/people/a.h", "#pragma once\nstruct Role { int organiser; };\n"},
    });
    return citable;
}

bool dangles(std::string path, std::string text) {
    return !dangling({std::move(path), std::move(text)}, house()).empty();
}

}  // namespace

TEST_CASE("what comments and documents cite is there: files, headings, links, names") {
    const std::vector<SourceFile> files = source_tree();
    const Citable citable(files);
    for (const SourceFile& file : files)
        for (const std::string& each : dangling(file, citable)) FAIL_CHECK(each);
}

TEST_CASE("a file is cited from the root or by the end of its path") {
    CHECK_FALSE(dangles("x.h", "/// See engine/people/a.h."));
    CHECK_FALSE(dangles("x.h", "int a;  ///< As there (people/a.h)."));
    CHECK_FALSE(dangles("x.h", "// a.h, engine/people/*.h and docs/<page>.md"));
    CHECK_FALSE(dangles("x.h", "/// docs/decisions/0004."));
    CHECK_FALSE(dangles("docs/x.md", "| role | `people/a.h` |"));
    CHECK(dangles("x.h", "/// See engine/a.h."));
    CHECK(dangles("x.h", "int a;  ///< As there (people/b.h)."));
    CHECK(dangles("x.h", "/// docs/decisions/0005."));
    CHECK(dangles("docs/x.md", "Shown by `unit/b_test.cpp`."));
}

TEST_CASE("a heading is cited in quotes behind its document, also over the end of a line") {
    CHECK_FALSE(dangles("x.h", "/// docs/a.md \"Some rules\""));
    CHECK_FALSE(dangles("x.h", "/// docs/a.md, \"Some\n/// rules\""));
    CHECK_FALSE(dangles("x.h", "/// docs/a.md, \"Bold\""));
    CHECK(dangles("x.h", "/// docs/a.md \"Rules\""));
    CHECK(dangles("x.h", "/// docs/a.md, \"Some\n/// laws\""));
    CHECK(dangles("docs/x.md", "`docs/a.md`, \"Imports\""));
}

TEST_CASE("a link leads to a page and its heading") {
    CHECK_FALSE(dangles("docs/x.md", "[why](decisions/0004-why.md)"));
    CHECK_FALSE(dangles("docs/decisions/x.md", "[rules](../a.md#2-some-rules--engineah)"));
    CHECK_FALSE(dangles("docs/a.md", "[here](#a) [there](https://example.org)"));
    CHECK(dangles("docs/x.md", "[why](0004-why.md)"));
    CHECK(dangles("docs/a.md", "[here](#b)"));
}

TEST_CASE("a name of a class in a document is a name of the code") {
    CHECK_FALSE(dangles("docs/x.md", "| organiser | `Role::organiser` |"));
    CHECK(dangles("docs/x.md", "| auditor | `Role::auditor` |"));
}

TEST_CASE("code, and what others wrote, is no citation") {
    CHECK_FALSE(dangles("docs/x.md", "```\nengine/b.h\n```"));
    CHECK_FALSE(dangles("x.h", "const char* path = \"engine/b.h\";"));
    CHECK_FALSE(dangles("x.h", "// https://example.org/docs/b.md"));
}
