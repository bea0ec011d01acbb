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

TEST_CASE("the lower never names the higher") {
    CHECK(is_wrong("crypto/hash.h", "#include \"protocol/ids.h\""));
    CHECK(is_wrong("protocol/block.cpp", "#include \"engine/log/local_dot.h\""));
    CHECK(is_wrong("protocol/block.cpp", "#include \"protocol/http/listener.h\""));
    CHECK(is_wrong("engine/sync/session.cpp", "#include \"protocol/http/listener.h\""));
    CHECK(is_wrong("engine/sync/session.cpp", "#include \"server/access.h\""));
    CHECK(is_wrong("protocol/http/listener.cpp", "#include \"engine/clock.h\""));
    CHECK(is_wrong("crypto/hash.cpp", "#include \"tests/house/layering.h\""));
}

TEST_CASE("client and server never meet") {
    CHECK(is_wrong("client/main.cpp", "#include \"server/config.h\""));
    CHECK(is_wrong("server/main.cpp", "#include \"client/sync_link.h\""));
}

TEST_CASE("the arrows of the house are allowed, downwards and within a folder") {
    CHECK_FALSE(is_wrong("crypto/hash.cpp", "#include \"crypto/hash.h\""));
    CHECK_FALSE(is_wrong("protocol/block.h", "#include \"crypto/hash.h\""));
    CHECK_FALSE(is_wrong("protocol/http/paths.h", "#include \"protocol/ids.h\""));
    CHECK_FALSE(is_wrong("engine/clock.h", "#include \"crypto/bytes.h\""));
    CHECK_FALSE(is_wrong("server/main.cpp", "#include \"protocol/http/listener.h\""));
    CHECK_FALSE(is_wrong("client/main.cpp", "#include \"engine/clock.h\""));
    CHECK_FALSE(is_wrong("tests/unit/x_test.cpp", "#include \"server/config.h\""));
}

TEST_CASE("our headers are named from the root") {
    CHECK(is_wrong("crypto/hash.cpp", "#include \"hash.h\""));
    CHECK(is_wrong("crypto/hash.cpp", "#include \"../crypto/hash.h\""));
}

TEST_CASE("every library stays in its home") {
    CHECK(is_wrong("protocol/block.cpp", "#include <sodium.h>"));
    CHECK(is_wrong("engine/vault/vault.cpp", "#include <sodium/utils.h>"));
    CHECK(is_wrong("crypto/hash.h", "#include <sodium.h>"));
    CHECK_FALSE(is_wrong("crypto/hash.cpp", "#include <sodium.h>"));
    CHECK(is_wrong("engine/storage/database.h", "#include <sqlite3.h>"));
    CHECK(is_wrong("client/main.cpp", "#include <sqlite3.h>"));
    CHECK_FALSE(is_wrong("engine/storage/database.cpp", "#include <sqlite3.h>"));
    CHECK_FALSE(is_wrong("server/store/store.cpp", "#include <sqlite3.h>"));
    CHECK(is_wrong("engine/sync/session.cpp", "#include <boost/beast.hpp>"));
    CHECK_FALSE(is_wrong("protocol/http/listener.h", "#include <boost/asio.hpp>"));
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
