#include "tests/house/layering.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace vereda::house;

namespace {

bool is_wrong(std::string path, std::string line) {
    return !wrong_arrows({std::move(path), "#pragma once\n" + std::move(line) + "\n"}).empty();
}

}  // namespace

TEST_CASE("no file of the layers includes against the arrows") {
    std::vector<std::string> wrong;
    std::size_t read = 0;
    for (const SourceFile& file : source_tree()) {
        if (!is_cpp(file.path)) continue;
        ++read;
        for (std::string& each : wrong_arrows(file)) wrong.push_back(std::move(each));
    }
    CHECK(read > 40);
    for (const std::string& each : wrong) FAIL_CHECK(each);
}

TEST_CASE("every file of the product is in a room of the table") {
    for (const SourceFile& file : source_tree()) {
        if (!is_cpp(file.path) || file.path.starts_with("tests/")) continue;
        INFO(file.path);
        CHECK(is_in_a_room(file.path));
    }
}

TEST_CASE("each room's main header begins with what lives here, where to begin, what not to know") {
    const std::vector<SourceFile> files = source_tree();
    for (const std::string& header : main_headers()) {
        INFO(header);
        const auto file = std::ranges::find(files, header, &SourceFile::path);
        REQUIRE(file != files.end());
        const std::size_t lives = file->text.find("#pragma once\n\n// Lives here: ");
        const std::size_t begin = file->text.find("\n// Begin: ");
        const std::size_t not_known = file->text.find("\n// Must not know: ");
        CHECK(lives == 0);
        CHECK(begin < not_known);
        CHECK(not_known < 500);
    }
}

TEST_CASE("the table has no arrow up, and so no circle") {
    for (const std::string& each : arrows_up()) FAIL_CHECK(each);
}

TEST_CASE("the lower never names the higher") {
    CHECK(is_wrong("crypto/hash.h", "#include \"protocol/ids.h\""));
    CHECK(is_wrong("protocol/log/block.cpp", "#include \"engine/log/local_dot.h\""));
    CHECK(is_wrong("protocol/log/block.cpp", "#include \"protocol/http/paths.h\""));
    CHECK(is_wrong("protocol/log/block.cpp", "#include \"protocol/sync/leaf.h\""));
    CHECK(is_wrong("protocol/ids.h", "#include \"protocol/log/block.h\""));
    CHECK(is_wrong("engine/log/log_store.h", "#include \"engine/projection/action.h\""));
    CHECK(is_wrong("engine/queries/queries.h", "#include \"engine/actions/actions.h\""));
    CHECK(is_wrong("server/hub/hub.h", "#include \"server/routes/routes.h\""));
    CHECK(is_wrong("engine/sync/session.cpp", "#include \"protocol/http/paths.h\""));
    CHECK(is_wrong("engine/sync/session.cpp", "#include \"server/hub/hub.h\""));
    CHECK(is_wrong("protocol/http/paths.cpp", "#include \"engine/clock.h\""));
    CHECK(is_wrong("crypto/hash.cpp", "#include \"tests/house/layering.h\""));
}

TEST_CASE("client and server never meet") {
    CHECK(is_wrong("client/main.cpp", "#include \"server/config.h\""));
    CHECK(is_wrong("server/main.cpp", "#include \"client/line/sync_link.h\""));
}

TEST_CASE("the arrows of the house are allowed, downwards and within a folder") {
    CHECK_FALSE(is_wrong("crypto/hash.cpp", "#include \"crypto/hash.h\""));
    CHECK_FALSE(is_wrong("protocol/log/block.h", "#include \"crypto/hash.h\""));
    CHECK_FALSE(is_wrong("protocol/http/paths.h", "#include \"protocol/ids.h\""));
    CHECK_FALSE(is_wrong("engine/clock.h", "#include \"crypto/bytes.h\""));
    CHECK_FALSE(is_wrong("server/main.cpp", "#include \"protocol/http/listener/server.h\""));
    CHECK_FALSE(is_wrong("client/main.cpp", "#include \"engine/clock.h\""));
    CHECK_FALSE(is_wrong("tests/unit/x_test.cpp", "#include \"server/config.h\""));
}

TEST_CASE("our headers are named from the root") {
    CHECK(is_wrong("crypto/hash.cpp", "#include \"hash.h\""));
    CHECK(is_wrong("crypto/hash.cpp", "#include \"../crypto/hash.h\""));
}

TEST_CASE("every library stays in its home") {
    CHECK(is_wrong("protocol/log/block.cpp", "#include <sodium.h>"));
    CHECK(is_wrong("engine/vault/vault.cpp", "#include <sodium/utils.h>"));
    CHECK(is_wrong("crypto/hash.h", "#include <sodium.h>"));
    CHECK_FALSE(is_wrong("crypto/hash.cpp", "#include <sodium.h>"));
    CHECK(is_wrong("engine/storage/database.h", "#include <sqlite3.h>"));
    CHECK(is_wrong("client/main.cpp", "#include <sqlite3.h>"));
    CHECK_FALSE(is_wrong("engine/storage/database.cpp", "#include <sqlite3.h>"));
    CHECK(is_wrong("server/store/sqlite/sqlite_store.cpp", "#include <sqlite3.h>"));
    CHECK(is_wrong("engine/sync/session.cpp", "#include <boost/beast.hpp>"));
    CHECK_FALSE(is_wrong("protocol/http/listener/server.h", "#include <boost/asio.hpp>"));
    CHECK(is_wrong("crypto/signature.cpp", "#include <openssl/evp.h>"));
}

TEST_CASE("an include is found however it is spaced, and not in a comment") {
    CHECK(is_wrong("crypto/hash.h", "  #  include\t\"engine/clock.h\"  // why not"));
    CHECK_FALSE(is_wrong("crypto/hash.h", "// #include \"engine/clock.h\""));
    const auto includes = includes_of("#include <span>\n\n#include \"a/b.h\"");
    REQUIRE(includes.size() == 2);
    CHECK(includes[1].target == "a/b.h");
    CHECK(includes[1].line == 3);
}
