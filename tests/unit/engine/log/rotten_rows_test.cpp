#include <catch2/catch.hpp>

#include "engine/audit/audit.h"
#include "engine/queries/lost_work.h"
#include "engine/queries/workspace_status.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

void flip_in(
    Desk& desk, const std::string& table, const std::string& column, const std::string& where) {
    Database& database = desk->store().database();
    Bytes bytes;
    {
        Statement select(database, "SELECT " + column + " FROM " + table + " WHERE " + where);
        Rows rows = select.query();
        REQUIRE(rows.next());
        bytes.assign(rows.blob(0).begin(), rows.blob(0).end());
    }
    bytes[bytes.size() / 2] ^= 4;
    Statement(database, "UPDATE " + table + " SET " + column + " = ?1 WHERE " + where).run(bytes);
}

std::vector<LocalDot> add_visits(Desk& desk, LocalDot contact, int count) {
    std::vector<LocalDot> visits;
    for (int i = 0; i < count; ++i) {
        const auto added =
            People(*desk).add_interaction(contact, {.kind = "door", .outcome = "spoke"});
        REQUIRE(added);
        visits.push_back(*added);
    }
    return visits;
}

std::uint64_t visits_shown(Desk& desk) { return status_of(*desk).interactions; }

// engine/log/keyring.cpp: turf, then the epoch, here the first.
std::string north_key_name(Desk& desk) {
    std::string hex;
    for (const std::uint8_t byte : desk->store().turf(desk.north).bytes) {
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
    }
    return "turf-key/" + hex + "0000000000000001";
}

bool has_finding(const AuditReport& report, const std::string& what) {
    return std::ranges::any_of(
        report.findings, [&](const Finding& finding) { return finding.what == what; });
}

}  // namespace

TEST_CASE("a rotten open entry is set aside and named, and the others go on", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    office.carry_all();
    const auto visits = add_visits(desk, ana, 5);
    flip_in(desk, "open_entries", "sealed", "id = " + std::to_string(visits[2].value));
    office.reopen(desk);

    CHECK(desk->opening().lost_work);
    CHECK(visits_shown(desk) == 4);
    const auto lost = lost_work(*desk);
    REQUIRE(lost.size() == 1);
    CHECK(lost.front().entries == 1);
    REQUIRE(lost.front().ids.size() == 1);
    const AuditReport audit = verify_vault(*desk);
    CHECK_FALSE(audit.sound());
    CHECK(has_finding(audit, "lost"));
    office.carry_all();
    CHECK(visits_shown(other) == 4);
    office.reopen(desk);
    CHECK_FALSE(desk->opening().lost_work);  // once
    CHECK(visits_shown(desk) == 4);
    CHECK(status_of(*desk).digest == status_of(*other).digest);
}

TEST_CASE("an open entry that is gone holds nothing up that comes after it", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const auto visits = add_visits(desk, ana, 5);
    Statement(desk->store().database(), "DELETE FROM open_entries WHERE id = ?1").run(visits[2]);
    office.reopen(desk);
    CHECK(visits_shown(desk) == 4);
    CHECK(lost_work(*desk).size() == 1);
    office.carry_all();
    CHECK(visits_shown(other) == 4);
}

TEST_CASE("a rotten open entry is kept as it is, for a rescuer", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const auto visits = add_visits(desk, add_person(desk, "Ana", "Ruiz"), 1);
    flip_in(desk, "open_entries", "sealed", "id = " + std::to_string(visits[0].value));
    office.reopen(desk);
    Statement kept(desk->store().database(), "SELECT count(*) FROM rotten");
    CHECK(kept.query_integer() == 1);
}

TEST_CASE("a snapshot that shows what was lost is not used again", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const auto visits = add_visits(desk, add_person(desk, "Ana", "Ruiz"), 5);
    desk->save_snapshot(true);
    flip_in(desk, "open_entries", "sealed", "id = " + std::to_string(visits[2].value));
    office.reopen(desk);
    CHECK(visits_shown(desk) == 4);
    office.reopen(desk);
    CHECK(visits_shown(desk) == 4);
}

TEST_CASE("an open entry whose number alone is rotten comes back", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    desk->close_blocks();
    const auto visits = add_visits(desk, ana, 3);
    desk->store().database().exec(
        "UPDATE open_entries SET id = id + 64 WHERE id = " + std::to_string(visits[2].value));
    office.reopen(desk);
    CHECK(visits_shown(desk) == 3);
    CHECK(lost_work(*desk).empty());
    const AuditReport audit = verify_vault(*desk);
    CHECK(audit.sound());
    CHECK(has_finding(audit, "healed"));
}

TEST_CASE("what befell a vault is told for ninety days, and what is lost is a fault", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const auto visits = add_visits(desk, ana, 2);
    flip_in(desk, "open_entries", "sealed", "id = " + std::to_string(visits[0].value));
    office.reopen(desk);
    CHECK_FALSE(verify_vault(*desk).sound());
    office.clock.advance_ms(Mishaps::kept_ms + 1);
    office.reopen(desk);
    const AuditReport later = verify_vault(*desk);
    CHECK(later.sound());
    CHECK_FALSE(has_finding(later, "healed"));
}

TEST_CASE("a secret that rots comes back from its copy, the vault's identity too", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    const std::string name =
        GENERATE(std::string("name = 'identity'"), std::string("name LIKE 'turf-key/%'"));
    // By the row alone, as a disk does it: no trigger hears of that.
    desk->store().database().exec("DROP TRIGGER copy_secret_again");
    flip_in(desk, "secrets", "sealed", name);
    office.reopen(desk);
    CHECK(status_of(*desk).contacts == 1);
    CHECK(has_finding(verify_vault(*desk), "healed"));
}

TEST_CASE("a turf key that rotted twice is damage until it comes again", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const protocol::TurfId turf = desk->store().turf(desk.north);
    const ByteView key = desk->keyring().find(turf, {1})->epoch_key();
    const Bytes north(key.begin(), key.end());
    desk->store().database().exec("DROP TRIGGER copy_secret_again");
    const std::string name = north_key_name(desk);
    flip_in(desk, "secrets", "sealed", "name = '" + name + "'");
    flip_in(desk, "secret_copies", "sealed", "name = '" + name + "'");
    office.reopen(desk);
    CHECK(desk->keyring().find(turf, {1}) == nullptr);
    CHECK(desk->mishaps().has_damage());
    REQUIRE(desk->add_key(turf, {1}, north));
    office.reopen(desk);
    CHECK_FALSE(desk->mishaps().has_damage());
}

TEST_CASE("a rotten place in the small tables is outvoted by its twins", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    desk->close_blocks();
    const std::string change = GENERATE(
        std::string("UPDATE pushed SET next_block = 77"),
        std::string("UPDATE logs SET turf = 5 WHERE ordinal = 1"),
        std::string("UPDATE logs SET device = NULL WHERE ordinal = 1"),
        std::string("UPDATE turfs SET turf = X'00112233445566778899AABBCCDDEEFF' WHERE number = 1"),
        std::string("UPDATE twins SET copy = 'x' WHERE in_table = 'logs'"),
        std::string("UPDATE twins SET copy = key || ',77' WHERE in_table = 'pushed'"),
        std::string("UPDATE twins SET key = '8' WHERE in_table = 'turfs' AND key = '1'"));
    desk->store().set_pushed({1}, 0);
    for (const char* table : {"pushed", "logs", "turfs"}) {
        desk->store().database().exec(std::string("DROP TRIGGER twin_") + table + "_changed");
    }
    desk->store().database().exec(change);
    office.reopen(desk);
    CHECK(desk->store().mended_tables().size() == 1);
    CHECK(status_of(*desk).contacts == 1);
    CHECK(desk->store().pushed({1}) == 0);
    CHECK(has_finding(verify_vault(*desk), "healed"));
}

TEST_CASE("what is said of lost work is outvoted by its twins where it rots", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const auto log = desk->store().info({1}).log;
    desk->mishaps().note(
        Mishap::Kind::lost, vault_part::block, "log A block 3", Mishap::Entries{log, {4}, 2});
    desk->store().database().exec("DROP TRIGGER twin_mishaps_changed");
    const std::string change = GENERATE(
        std::string("kind = 1"), std::string("entries = 1 << 50"), std::string("first_seq = -5"),
        std::string("log = NULL"), std::string("place = 'log' || char(0) || 'A block 3'"));
    desk->store().database().exec("UPDATE mishaps SET " + change);
    office.reopen(desk);
    CHECK(desk->store().mended_tables() == std::vector<std::string>{"mishaps"});
    CHECK(desk->mishaps().all().size() == 2);  // and that it was mended
    const auto lost = lost_work(*desk);
    REQUIRE(lost.size() == 1);
    CHECK(lost.front().place == "log A block 3");
    CHECK(lost.front().entries == 2);
}

TEST_CASE(
    "a vault from before what befell it had twins gets them, and nothing is mended", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    desk->mishaps().note(Mishap::Kind::lost, vault_part::block, "log A block 3");
    Database& database = desk->store().database();
    database.exec("DELETE FROM twins WHERE in_table = 'mishaps'");
    database.set_user_version(7);
    office.reopen(desk);
    CHECK(desk->store().mended_tables().empty());
    Statement twins(
        desk->store().database(), "SELECT count(*) FROM twins WHERE in_table = 'mishaps'");
    CHECK(twins.query_integer() == 1);
    CHECK(lost_work(*desk).size() == 1);
}

TEST_CASE("a twin of no table is noticed, and goes", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    desk->store().database().exec("INSERT INTO twins VALUES ('lags', '1', '1', '1')");
    office.reopen(desk);
    CHECK(desk->store().mended_tables() == std::vector<std::string>{"twins"});
    office.reopen(desk);
    CHECK(desk->store().mended_tables().empty());
}

TEST_CASE("a place of the roster that rots twice is cut there and read again", "[rot]") {
    Office office;
    Desk& desk = office.join("Omar");
    Desk& founder = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    office.carry_all();
    const auto digest = status_of(*desk).digest;
    const std::uint64_t size = desk->roster().size();
    flip_in(desk, "sealed_roster", "sealed", "position = 2");
    flip_in(desk, "roster_copies", "sealed", "position = 2");
    office.reopen(desk);

    CHECK(desk->roster().size() == 2);
    CHECK(desk->opening().cut_roster);
    CHECK_FALSE(verify_vault(*desk).sound());
    CHECK(desk->close_blocks().blocks == 0);  // nothing that had seen less than the one before
    std::vector<protocol::ServedEntry> again;
    for (std::uint64_t at = 0; at < founder->roster().size(); ++at) {
        const ByteView wire = founder->roster().wire_at({at});
        again.push_back({.entry = Bytes(wire.begin(), wire.end())});
    }
    REQUIRE(desk->extend_roster(again));
    CHECK(desk->roster().size() == size);
    CHECK(status_of(*desk).digest == digest);
    const AuditReport audit = verify_vault(*desk);
    CHECK(audit.sound());
    CHECK(has_finding(audit, "healed"));
}

TEST_CASE("a roster of which the last place is gone is one that was cut", "[rot]") {
    Office office;
    Desk& desk = office.join("Omar");
    const std::uint64_t size = desk->roster().size();
    for (const char* table : {"sealed_roster", "roster_copies"}) {
        Statement(
            desk->store().database(), std::string("DELETE FROM ") + table + " WHERE position = ?1")
            .run(size - 1);
    }
    office.reopen(desk);
    CHECK(desk->roster().size() == size - 1);
    CHECK(desk->opening().cut_roster);
}

TEST_CASE("a schema version that is rotten alone is put right", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    const std::int64_t version = desk->store().database().user_version();
    desk->store().database().set_user_version(GENERATE(0, 1, 2, 7, 9, 1000));
    office.reopen(desk);
    CHECK(status_of(*desk).contacts == 1);
    CHECK(desk->store().database().user_version() == version);
}

TEST_CASE("a block whose row says a rotten hash is met again, and its log does not fork", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    desk->close_blocks();
    static_cast<void>(add_visits(desk, ana, 1));
    office.carry_all();
    const auto head = other->store().find_log(desk->store().info(ana.log()).log);
    REQUIRE(head);
    flip_in(
        other, "blocks", "hash",
        "id = " + std::to_string(std::int64_t{head->value} << LocalDot::seq_bits));
    office.carry(desk, other);
    CHECK(status_of(*other).forks == 0);
    CHECK(verify_vault(*other).sound());
}
