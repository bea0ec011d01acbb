#include "engine/workspace/kept_roster.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/office.h"
#include "tests/unit/engine/vault/hex.h"

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

/// Two coordinators, each with an entry for the roster's next place.
struct Rivals {
    Office office;
    Desk& carla = office.coordinator();
    Desk& bo = office.join("Bo", protocol::Role::coordinator);
    WrittenEntry hers = create_turf(carla).entries.front();
    WrittenEntry his = create_turf(bo).entries.front();

    std::expected<std::size_t, RosterError> give_carla(const WrittenEntry& entry) {
        return serve_roster(carla, {entry});
    }
};

// Everything that the first version of log.db had not.
void drop_what_came_later(Database& database) {
    std::vector<std::string> drops;
    Statement later(
        database,
        "SELECT 'DROP ' || type || ' IF EXISTS ' || name FROM sqlite_master WHERE sql IS NOT NULL "
        "AND name "
        "NOT IN ('meta', 'secrets', 'roster', 'turfs', 'logs', 'blocks', 'blocks_to_retry', "
        "'waiting', 'misfits', 'guessed', 'open_entries', 'pushed', 'cursors') ORDER BY type DESC");
    for (const Row& row : later.query()) drops.emplace_back(row.text(0));
    for (const std::string& drop : drops) database.exec(drop.c_str());
}

/// Makes the vault what an older program would have left, with a fork of the roster.
void put_roster_in_clear(
    const std::string& vault, const std::vector<Bytes>& entries, const Bytes& fork) {
    Database database({.path = vault + "/log.db"});
    drop_what_came_later(database);
    database.set_user_version(1);
    Statement insert(database, "INSERT INTO roster(position, entry) VALUES (?1, ?2)");
    for (std::size_t at = 0; at < entries.size(); ++at) insert.run(at, entries[at]);
    Statement(database, "INSERT INTO meta(name, value) VALUES ('roster-forks', ?1)").run(fork);
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
    const Bytes fork = entries.at(1);
    desk.workspace.reset();
    put_roster_in_clear(desk.vault, entries, fork);
    REQUIRE(has_clear_entry(desk.vault, entries));
    office.reopen(desk);
    CHECK_FALSE(has_clear_entry(desk.vault, entries));  // at once, not when it is closed
    CHECK(desk->kept_roster() == entries);
    CHECK(desk->roster().size() == entries.size());
    const SecretSealer secrets(desk->vault_key());
    const auto kept = secrets.open("roster-forks", *desk->store().secret("roster-forks"));
    REQUIRE(kept);
    CHECK(std::ranges::equal(kept->view(), fork));
    CHECK_FALSE(desk->store().meta("roster-forks"));
    office.reopen(desk);
    CHECK(desk->kept_roster() == entries);
}

TEST_CASE("an entry of the roster is sealed as docs/protocol/vault.md says", "[vault]") {
    const RosterSealer sealer(VaultKey(crypto::SecretBytes::copy_of(Bytes(32, 0x42))));
    // Computed from docs/protocol/vault.md in Python, with hashlib and PyNaCl.
    CHECK(
        sealer.seal(7, Bytes{1, 2, 3}) ==
        from_hex("29b938aa1399036fe510e6eda6d93fee988bd2f961bd508b"
                 "7a6292cc75f8f07efa54390eb2ac8b0620deb1"));
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

TEST_CASE("a roster that parted is told of after the vault was shut", "[vault]") {
    Rivals rivals;
    REQUIRE(rivals.give_carla(rivals.hers));
    REQUIRE(rivals.give_carla(rivals.his).error() == RosterError::fork);
    rivals.office.reopen(rivals.carla);
    CHECK(rivals.carla->roster().forks().size() == 1);
}

TEST_CASE("a change is kept as long as no other has its place", "[vault]") {
    Rivals rivals;
    const protocol::RosterAppendRequest request{.entry = rivals.hers.wire};
    rivals.carla->keep_change(rivals.hers.position, protocol::encode(request));
    const bool overtaken = GENERATE(false, true);
    REQUIRE(rivals.give_carla(overtaken ? rivals.his : rivals.hers));
    CHECK(rivals.carla->kept_changes().size() == (overtaken ? 0 : 1));
}
