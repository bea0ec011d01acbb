#include "engine/vault/guard.h"

#include <catch2/catch.hpp>
#include <set>

#include "engine/storage/system_files.h"
#include "engine/vault/vault_files.h"
#include "tests/unit/engine/storage/temporary_directory.h"

namespace vereda::engine {
namespace {

using protocol::BlockHash;
using protocol::Incarnation;
using protocol::LogId;

LogId log(std::uint8_t number) { return LogId{.bytes = {number}}; }
BlockHash block(std::uint8_t number) { return BlockHash{.bytes = {number}}; }

/// A database's own logs, as the test says they are. Block n of a log has the hash `block(n + 1)`.
class FakeLogs final : public OwnLogs {
  public:
    Incarnation current{.bytes = {1}};
    std::set<Incarnation> earlier;
    std::map<LogId, std::vector<BlockHash>> blocks;

    Incarnation incarnation() const override { return current; }
    bool has_log_of(const Incarnation& incarnation) const override {
        return earlier.contains(incarnation);
    }
    GuardedHeads heads() const override {
        GuardedHeads heads;
        for (const auto& [id, hashes] : blocks) heads[id] = {hashes.size() - 1, hashes.back()};
        return heads;
    }
    std::optional<BlockHash> closed_block(const LogId& id, std::uint64_t block_no) const override {
        const auto found = blocks.find(id);
        if (found == blocks.end() || block_no >= found->second.size()) return std::nullopt;
        return found->second[block_no];
    }
    [[nodiscard]] Guard guard() const { return Guard{current, heads()}; }
};

/// A vault directory with a guard that fits its database: two logs with two and one closed blocks.
struct Fixture {
    tests::TemporaryDirectory directory;
    SystemFiles files;
    VaultKey key{crypto::SecretBytes::copy_of(Bytes(32, 7))};
    GuardFile guard{files, directory.path(), key};
    std::string path = vault_path(directory.path(), guard_file_name);
    FakeLogs database;

    Fixture() {
        database.blocks[log(1)] = {block(1), block(2)};
        database.blocks[log(2)] = {block(9)};
        guard.write(database.guard());
    }
    GuardVerdict verdict() { return judge_guard(guard.read(), database); }
};

TEST_CASE("a guard that tells the database's story is fine", "[guard]") {
    Fixture fixture;
    CHECK(fixture.guard.read().value() == fixture.database.guard());
    CHECK(fixture.verdict() == GuardVerdict::fine);
    CHECK_FALSE(needs_new_incarnation(fixture.verdict()));
}

TEST_CASE("a guard without logs is fine for a database without closed blocks", "[guard]") {
    Fixture fixture;
    fixture.database.blocks.clear();
    fixture.guard.write(fixture.database.guard());
    CHECK(fixture.verdict() == GuardVerdict::fine);
}

TEST_CASE("a lost guard asks for a new incarnation", "[guard]") {
    Fixture fixture;
    fixture.files.remove(fixture.path);
    CHECK(fixture.verdict() == GuardVerdict::missing);
    CHECK(needs_new_incarnation(fixture.verdict()));
}

TEST_CASE("a moved vault keeps its incarnation", "[guard]") {
    Fixture fixture;
    const std::string elsewhere = fixture.directory / "elsewhere";
    fixture.files.create_directory(elsewhere);
    std::filesystem::rename(fixture.path, vault_path(elsewhere, guard_file_name));
    GuardFile moved(fixture.files, elsewhere, fixture.key);
    CHECK(judge_guard(moved.read(), fixture.database) == GuardVerdict::fine);
}

TEST_CASE("a copied vault is told from one with a damaged guard", "[guard]") {
    Fixture fixture;
    const std::string elsewhere = fixture.directory / "elsewhere";
    fixture.files.create_directory(elsewhere);
    std::filesystem::copy_file(fixture.path, vault_path(elsewhere, guard_file_name));
    GuardFile copied(fixture.files, elsewhere, fixture.key);
    CHECK(judge_guard(copied.read(), fixture.database) == GuardVerdict::copied);
    CHECK(needs_new_incarnation(GuardVerdict::copied));
    CHECK(needs_new_incarnation(GuardVerdict::doubtful));
}

TEST_CASE(
    "a guard restored from a backup is a copy, even when its bytes are put back in place",
    "[guard]") {
    Fixture fixture;
    const Bytes backup = fixture.files.read(fixture.path, 10000).value();
    fixture.database.blocks[log(1)].push_back(block(3));
    fixture.guard.write(fixture.database.guard());
    fixture.database.blocks[log(1)].pop_back();
    SECTION("into the file that is there") {
        const std::unique_ptr<FILE, int (*)(FILE*)> file(
            std::fopen(fixture.path.c_str(), "wb"), &std::fclose);
        REQUIRE(std::fwrite(backup.data(), 1, backup.size(), file.get()) == backup.size());
    }
    SECTION("as a new file") { fixture.files.write(fixture.path, backup); }
    CHECK(fixture.verdict() == GuardVerdict::copied);
}

TEST_CASE("every writing of the guard makes another file", "[guard]") {
    Fixture fixture;
    const FileIdentity before = fixture.files.identity(fixture.path).value();
    fixture.guard.write(fixture.database.guard());
    CHECK(fixture.files.identity(fixture.path).value() != before);
}

TEST_CASE(
    "a database that closed a block just before a crash is ahead of its guard, and goes on",
    "[guard]") {
    Fixture fixture;
    SECTION("in a known log") { fixture.database.blocks[log(1)].push_back(block(3)); }
    SECTION("in a log that is new") { fixture.database.blocks[log(3)] = {block(1)}; }
    CHECK(fixture.verdict() == GuardVerdict::behind);
    CHECK_FALSE(needs_new_incarnation(fixture.verdict()));
}

TEST_CASE("a database that went back in time is behind its guard", "[guard]") {
    Fixture fixture;
    SECTION("a block is gone") { fixture.database.blocks[log(1)].pop_back(); }
    SECTION("a whole log is gone") { fixture.database.blocks.erase(log(2)); }
    SECTION("another block stands in its place") {
        fixture.database.blocks[log(1)].back() = block(7);
    }
    SECTION("another branch has grown longer") {
        fixture.database.blocks[log(1)].back() = block(7);
        fixture.database.blocks[log(1)].push_back(block(8));
    }
    SECTION("one log went on and another went back") {
        fixture.database.blocks[log(1)].push_back(block(3));
        fixture.database.blocks.erase(log(2));
    }
    CHECK(fixture.verdict() == GuardVerdict::database_behind_guard);
    CHECK(needs_new_incarnation(fixture.verdict()));
}

TEST_CASE("a guard of an earlier incarnation is doubtful", "[guard]") {
    Fixture fixture;
    fixture.database.earlier.insert(fixture.database.current);
    fixture.database.current = Incarnation{.bytes = {2}};
    CHECK(fixture.verdict() == GuardVerdict::doubtful);
}

TEST_CASE("a database is behind a guard of an incarnation that it does not know", "[guard]") {
    Fixture fixture;
    if (GENERATE(false, true)) fixture.database.blocks.clear();
    fixture.guard.write(fixture.database.guard());
    fixture.database.current = Incarnation{.bytes = {2}};
    CHECK(fixture.verdict() == GuardVerdict::database_behind_guard);
    CHECK(needs_new_incarnation(fixture.verdict()));
}

TEST_CASE("a guard of another vault is doubtful", "[guard]") {
    Fixture fixture;
    GuardFile other(
        fixture.files, fixture.directory.path(),
        VaultKey(crypto::SecretBytes::copy_of(Bytes(32, 8))));
    CHECK(other.read().error() == GuardReadError::doubtful);
    other.write(fixture.database.guard());
    CHECK(fixture.verdict() == GuardVerdict::doubtful);
}

TEST_CASE("every flipped bit and every cut of the guard makes it doubtful", "[guard]") {
    Fixture fixture;
    const Bytes good = fixture.files.read(fixture.path, 10000).value();
    // In place: the file keeps its identity, so that only its bytes can tell.
    const auto put = [&](ByteView bytes) {
        const std::unique_ptr<FILE, int (*)(FILE*)> file(
            std::fopen(fixture.path.c_str(), "wb"), &std::fclose);
        REQUIRE(std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size());
    };
    put(good);
    REQUIRE(fixture.verdict() == GuardVerdict::fine);
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes bad = good;
        bad[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        put(bad);
        REQUIRE(fixture.verdict() == GuardVerdict::doubtful);
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
        put(ByteView(good).first(size));
        REQUIRE(fixture.verdict() == GuardVerdict::doubtful);
    }
    put(Bytes(1 << 20));
    CHECK(fixture.verdict() == GuardVerdict::doubtful);
}

}  // namespace
}  // namespace vereda::engine
