#include "engine/workspace/kept_roster.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/people/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

std::vector<Bytes> clear_roster(const Workspace& workspace) {
    std::vector<Bytes> entries;
    for (std::uint64_t at = 0; at < workspace.roster().size(); ++at) {
        const ByteView wire = workspace.roster().wire_at({at});
        entries.emplace_back(wire.begin(), wire.end());
    }
    return entries;
}

/// Makes the vault what an older program would have left.
void put_roster_in_clear(const std::string& vault, const std::vector<Bytes>& entries) {
    Database database({.path = vault + "/log.db"});
    database.exec("DELETE FROM sealed_roster");
    Statement insert(database, "INSERT INTO roster(position, entry) VALUES (?1, ?2)");
    for (std::size_t at = 0; at < entries.size(); ++at) insert.run(at, entries[at]);
}

bool has_clear_entry(const std::string& vault, const std::vector<Bytes>& entries) {
    const auto log = SystemFiles{}.read(vault + "/log.db", 64 << 20);
    REQUIRE(log);
    return std::ranges::any_of(
        entries, [&](const Bytes& entry) { return !std::ranges::search(*log, entry).empty(); });
}

}  // namespace

TEST_CASE("no entry of the roster lies in a vault in clear", "[vault]") {
    Office office;
    Desk& desk = office.join("Omar");
    const auto entries = clear_roster(*desk);
    REQUIRE(entries.size() > 2);
    desk.workspace.reset();
    CHECK_FALSE(has_clear_entry(desk.vault, entries));
    office.reopen(desk);
    CHECK(clear_roster(*desk) == entries);
    CHECK(desk->kept_roster() == entries);
}

TEST_CASE("the clear roster of an older vault is sealed when it is opened", "[vault]") {
    Office office;
    Desk& desk = office.join("Omar");
    const auto entries = clear_roster(*desk);
    desk.workspace.reset();
    put_roster_in_clear(desk.vault, entries);
    REQUIRE(has_clear_entry(desk.vault, entries));
    office.reopen(desk);
    CHECK(desk->kept_roster() == entries);
    CHECK(desk->roster().size() == entries.size());
    desk.workspace.reset();
    CHECK_FALSE(has_clear_entry(desk.vault, entries));
    office.reopen(desk);
    CHECK(desk->kept_roster() == entries);
}

TEST_CASE("an entry of the roster opens in its own position alone", "[vault]") {
    crypto::SeededEntropy entropy(1);
    const RosterSealer sealer(VaultKey::generate(entropy));
    const Bytes entry{1, 2, 3};
    Bytes sealed = sealer.seal(4, entry);
    CHECK(sealer.open(4, sealed) == entry);
    CHECK_FALSE(sealer.open(5, sealed));
    sealed.back() ^= 1;
    CHECK_FALSE(sealer.open(4, sealed));
}
