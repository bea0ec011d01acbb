#include "server/data/hub_guard.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/storage/system_files.h"
#include "folder.h"
#include "server/data/founding_tokens.h"

using namespace vereda;
using namespace vereda::server;
using test::Folder;

namespace {

const engine::FileIdentity database{12, 34};

}  // namespace

TEST_CASE("a guard file reads back, with the last count", "[guard]") {
    const Folder folder;
    engine::SystemFiles files;
    {
        HubGuard guard(files, folder / "guard", 3, database, 100);
        guard.note(140);
    }
    const auto state = HubGuard::load(files, folder / "guard");
    REQUIRE(state);
    CHECK(state->epoch == 3);
    CHECK(state->leaves == 140);
    CHECK(state->database == database);
    CHECK(state->guard == files.identity(folder / "guard").value());
}

TEST_CASE("a guard vouches for the data it was written beside, and for nothing else", "[guard]") {
    const engine::FileIdentity own{5, 6}, other{7, 6};
    const GuardState guard{3, own, database, 100};
    CHECK(HubGuard::vouches(guard, own, database, 3, 100));
    CHECK(HubGuard::vouches(guard, own, database, 3, 101));  // the machine fell between the two
    CHECK_FALSE(HubGuard::vouches(guard, own, database, 3, 99));
    CHECK_FALSE(HubGuard::vouches(guard, other, database, 3, 100));
    CHECK_FALSE(HubGuard::vouches(guard, own, other, 3, 100));
    CHECK_FALSE(HubGuard::vouches(guard, own, database, 2, 100));
}

TEST_CASE("a copied guard file is told from the original", "[guard]") {
    const Folder folder;
    engine::SystemFiles files;
    { const HubGuard guard(files, folder / "guard", 1, database, 1); }
    std::filesystem::copy_file(folder / "guard", folder / "copy");
    const auto state = HubGuard::load(files, folder / "copy");
    REQUIRE(state);
    CHECK_FALSE(HubGuard::vouches(*state, files.identity(folder / "copy").value(), database, 1, 1));
    std::filesystem::rename(folder / "guard", folder / "moved");
    const auto moved = HubGuard::load(files, folder / "moved");
    CHECK(HubGuard::vouches(*moved, files.identity(folder / "moved").value(), database, 1, 1));
}

TEST_CASE("what is no guard file is none", "[guard]") {
    CHECK_FALSE(parse_guard({}));
    Bytes wire = encode(GuardState{1, {}, {}, 1});
    CHECK(parse_guard(wire));
    wire.push_back(0);
    CHECK_FALSE(parse_guard(wire));
    wire.pop_back();
    wire[0] ^= 1;
    CHECK_FALSE(parse_guard(wire));
}

TEST_CASE("a founding token is kept as a hash, for its owner's eyes, and once", "[tokens]") {
    const Folder folder;
    engine::SystemFiles files;
    crypto::SystemEntropy entropy;
    FileTokens tokens(files, folder / "tokens");
    const auto token = tokens.issue(entropy);
    CHECK(tokens.holds(hash_of(token)));
    for (const auto& file : std::filesystem::directory_iterator(folder / "tokens")) {
        CHECK(file.file_size() == 0);
        CHECK(
            (file.status().permissions() & std::filesystem::perms::mask) ==
            (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }
    FileTokens running_hub(files, folder / "tokens");
    CHECK(running_hub.holds(hash_of(token)));
    running_hub.spend(hash_of(token));
    CHECK_FALSE(tokens.holds(hash_of(token)));
}
