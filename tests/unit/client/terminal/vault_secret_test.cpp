#include "client/terminal/vault_secret.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "engine/storage/system_files.h"
#include "protocol/printed_key.h"
#include "tests/unit/engine/storage/temporary_directory.h"

using namespace vereda;
using namespace vereda::client;

TEST_CASE("a passphrase is the same in both of Unicode's spellings", "[secret]") {
    const auto composed = compose_passphrase(as_bytes("caf\u00e9"));
    const auto decomposed = compose_passphrase(as_bytes("cafe\u0301"));
    CHECK(composed.equals(decomposed.view()));
    CHECK(as_text(composed.view()) == "caf\u00e9");
}

TEST_CASE("bytes that are no UTF-8 stay a passphrase as they are", "[secret]") {
    const Bytes odd{0x61, 0xff, 0x62};
    CHECK(compose_passphrase(odd).equals(odd));
    CHECK(compose_passphrase({}).empty());
}

namespace {

struct Files {
    vereda::tests::TemporaryDirectory directory;
    engine::SystemFiles files;
    crypto::SystemEntropy entropy;

    std::string with(const std::string& contents) {
        const std::string path = directory / "file";
        files.write(path, as_bytes(contents));
        return path;
    }
};

}  // namespace

TEST_CASE("only the first line of a passphrase file counts", "[secret]") {
    Files world;
    for (const char* const contents :
         {"correct horse\n", "correct horse", "correct horse\r\nmore"}) {
        const auto secret = load_passphrase(world.files, world.with(contents));
        REQUIRE(secret);
        CHECK(as_text(secret->bytes.view()) == "correct horse");
    }
    CHECK(load_passphrase(world.files, world.directory / "none").error().code == "file_missing");
}

TEST_CASE("a key file holds at least 32 bytes", "[secret]") {
    Files world;
    CHECK(load_key_file(world.files, world.with(std::string(32, 'k'))));
    CHECK(
        load_key_file(world.files, world.with(std::string(31, 'k'))).error().code ==
        "key_file_unfit");
    CHECK(
        load_key_file(world.files, world.with(std::string(70'000, 'k'))).error().code ==
        "file_too_large");
}

TEST_CASE("a key file that is not there is made for its owner alone", "[secret]") {
    Files world;
    const std::string path = world.directory / "key";
    const auto made = load_new_secret(world.files, "", path, world.entropy);
    REQUIRE(made);
    CHECK(made->made_file == path);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const auto again = load_new_secret(world.files, "", path, world.entropy);
    REQUIRE(again);
    CHECK(again->made_file.empty());
    CHECK(again->bytes.equals(made->bytes.view()));
}

TEST_CASE("a new passphrase has at least eight bytes", "[secret]") {
    Files world;
    CHECK(load_new_secret(world.files, world.with("12345678"), "", world.entropy));
    const auto refused = load_new_secret(world.files, world.with("1234567"), "", world.entropy);
    CHECK(refused.error().code == "passphrase_too_short");
}

TEST_CASE("a recovery code is told from anything else", "[secret]") {
    Files world;
    ByteArray<16> secret{1, 2, 3};
    const auto code =
        load_recovery_code(world.files, world.with(protocol::print_recovery_code(secret) + "\n"));
    REQUIRE(code);
    CHECK(code->bytes.equals(secret));
    CHECK_FALSE(load_recovery_code(world.files, world.with("no code at all")));
}
