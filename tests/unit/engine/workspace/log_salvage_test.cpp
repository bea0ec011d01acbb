#include "engine/workspace/log_salvage.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "engine/audit/audit.h"
#include "engine/log/block_repair.h"
#include "engine/log/log_schema.h"
#include "engine/log/mishaps.h"
#include "engine/queries/workspace_status.h"
#include "engine/vault/vault_files.h"
#include "protocol/sync/leaf.h"
#include "tests/unit/engine/office.h"

/// A log.db that is written again from what still reads.
namespace vereda::tests {
namespace {

using namespace engine;

/// Files of which the write-ahead log never goes: as where SQLite cannot copy it into its file.
class WithLastingWal final : public FileSystem {
  public:
    std::expected<Bytes, ReadFileError> read(const std::string& path, std::size_t max) override {
        return files_.read(path, max);
    }
    std::unique_ptr<FileReader> open(const std::string& path) override { return files_.open(path); }
    std::unique_ptr<FileWriter> create(const std::string& path) override {
        return files_.create(path);
    }
    bool remove(const std::string& path) override { return files_.remove(path); }
    bool exists(const std::string& path) override {
        return path.ends_with("-wal") || files_.exists(path);
    }
    std::vector<std::string> list(const std::string& directory) override {
        return files_.list(directory);
    }
    void create_directory(const std::string& path) override { files_.create_directory(path); }
    std::expected<FileIdentity, ReadFileError> identity(const std::string& path) override {
        return files_.identity(path);
    }
    std::expected<std::unique_ptr<FileLock>, LockFileError> lock(const std::string& path) override {
        return files_.lock(path);
    }

  private:
    SystemFiles files_;
};

struct Salvaged {
    Office office;
    Desk& desk = office.coordinator();

    void salvage() {
        desk->salvage_when_opened();
        office.reopen(desk);
        CHECK(desk->opening().salvaged);
    }
    /// Another kind of page where the root of `table` is; then the vault is opened again.
    void tear(const std::string& table) {
        const std::size_t root = root_of(table);
        desk.workspace.reset();
        flip(root, 0x40);
        reopen_twice();
    }
    /// The same where the last rows of these tables are.
    void tear_ends(const std::vector<std::string>& tables) {
        std::vector<std::size_t> pages;
        for (const std::string& table : tables) pages.push_back(root_of(table));
        desk.workspace.reset();
        for (std::size_t page : pages) {
            while (byte_at(page) == 5) page = last_child(page);  // not a leaf yet
            flip(page, 0x40);
        }
        reopen_twice();
    }
    /// Where in the file.
    std::size_t root_of(const std::string& table) {
        Statement root(
            desk->store().database(), "SELECT rootpage FROM sqlite_schema WHERE name = ?1");
        return static_cast<std::size_t>(*root.query_integer(table) - 1) * log_page_size;
    }
    std::size_t last_child(std::size_t page) {
        std::size_t number = 0;
        for (std::size_t at = 8; at < 12; ++at) number = number << 8 | byte_at(page + at);
        return (number - 1) * log_page_size;
    }
    std::size_t byte_at(std::size_t at) {
        std::ifstream file(vault_path(desk.vault, log_file_name), std::ios::binary);
        file.seekg(static_cast<std::streamoff>(at));
        return static_cast<std::size_t>(file.get());
    }
    void close_visits() {
        for (int i = 0; i < 20; ++i) {
            static_cast<void>(add_person(desk, "Ana", "Ruiz"));
            desk->close_blocks();
        }
    }
    /// Of twenty own blocks the sixth, behind which the hub has nothing.
    [[nodiscard]] LogOrdinal lose_block_that_was_sent() {
        close_visits();
        const LogOrdinal log = desk->writer().own_logs().back();
        LogStore& store = desk->store();
        store.set_acceptance(log, 5, {5, {1000}});
        store.set_pushed(log, 6);
        store.drop_row(log, 5);
        return log;
    }
    [[nodiscard]] std::vector<std::string> places_of_lost(const std::string& part) {
        std::vector<std::string> places;
        for (const Mishap& mishap : desk->mishaps().all()) {
            if (mishap.kind == Mishap::Kind::lost && mishap.what == part)
                places.push_back(mishap.place);
        }
        return places;
    }
    void flip(std::size_t at, int bits) {
        std::fstream file(
            vault_path(desk.vault, log_file_name), std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(at));
        const int byte = file.get();
        file.seekp(static_cast<std::streamoff>(at));
        file.put(static_cast<char>(byte ^ bits));
    }
    /// As commands do: what meets the damage, and the one after it.
    void reopen_twice() {
        office.reopen(desk);
        if (!desk->opening().salvaged && !verify_vault(*desk).sound()) office.reopen(desk);
    }
    [[nodiscard]] bool has_damaged_file() const {
        return std::filesystem::exists(vault_path(desk.vault, damaged_log_file_name));
    }
};

}  // namespace

TEST_CASE("the damaged log.db is kept as long as what befell it is told", "[rot]") {
    Salvaged vault;
    vault.salvage();
    CHECK(vault.has_damaged_file());
    vault.office.clock.advance_ms(Mishaps::kept_ms + 1);
    vault.office.reopen(vault.desk);
    CHECK_FALSE(vault.has_damaged_file());
}

TEST_CASE("after a salvage the hub's streams are read from their beginning", "[rot]") {
    Salvaged vault;
    LogStore& store = vault.desk->store();
    const protocol::StreamHead head{
        .hub_epoch = 1, .turf = store.turf(vault.desk.north), .turf_seq = 5};
    store.set_cursor(
        vault.desk.north,
        {.turf = head.turf, .hub_epoch = head.hub_epoch, .turf_seq = head.turf_seq},
        {.head = protocol::encode_stream_head(head)});
    vault.office.reopen(vault.desk);
    CHECK(vault.desk->store().cursor(vault.desk.north));
    vault.salvage();
    CHECK_FALSE(vault.desk->store().cursor(vault.desk.north));
}

TEST_CASE("a torn table of open entries is told as work that may be lost", "[rot]") {
    Salvaged vault;
    static_cast<void>(add_person(vault.desk, "Ana", "Ruiz"));
    vault.tear("open_entries");
    CHECK(vault.desk->opening().salvaged);
    CHECK(vault.desk->opening().may_have_lost_work);
    const auto lost = status_of(*vault.desk).lost;
    REQUIRE_FALSE(lost.empty());
    CHECK(lost.back().place == "log.db open_entries");
    CHECK(lost.back().entries == 0);
}

TEST_CASE("a torn table that had nothing in it is no alarm", "[rot]") {
    Salvaged vault;
    const std::string table = GENERATE("set_aside", "open_entries");
    static_cast<void>(add_person(vault.desk, "Ana", "Ruiz"));
    vault.desk->close_blocks();
    vault.tear(table);
    CHECK(vault.desk->opening().salvaged);
    CHECK_FALSE(vault.desk->opening().may_have_lost_work);
    CHECK(status_of(*vault.desk).lost.empty());
    CHECK(verify_vault(*vault.desk).sound());
}

TEST_CASE("nothing is called healed before the hub has served what was torn", "[rot]") {
    Salvaged vault;
    vault.close_visits();
    vault.tear("blocks");
    CHECK(vault.desk->opening().salvaged);
    const AuditReport torn = verify_vault(*vault.desk);
    CHECK_FALSE(torn.sound());
    CHECK(torn.advice() == Remedy::sync);
    for (const Finding& finding : torn.findings)
        CHECK((finding.what != "healed" || finding.part == "missing_block"));
    CHECK(status_of(*vault.desk).has_damage);
    vault.desk->note_streams_read();
    CHECK_FALSE(status_of(*vault.desk).has_damage);
}

TEST_CASE("unsent blocks that were torn with their copies are told as lost", "[rot]") {
    Salvaged vault;
    vault.close_visits();
    std::filesystem::remove(vault_path(vault.desk.vault, guard_file_name));
    vault.tear_ends({"blocks", "copies"});
    CHECK(status_of(*vault.desk).contacts < 20);
    CHECK(vault.desk->opening().may_have_lost_work);
    vault.desk->note_streams_read();
    CHECK(vault.places_of_lost("rows") == std::vector<std::string>{"log.db copies"});
    CHECK_FALSE(status_of(*vault.desk).lost.empty());
    CHECK_FALSE(verify_vault(*vault.desk).sound());
}

TEST_CASE("copies that were torn while every block is whole are no alarm", "[rot]") {
    Salvaged vault;
    vault.close_visits();
    vault.tear_ends({"copies"});
    CHECK(vault.desk->opening().salvaged);
    CHECK_FALSE(vault.desk->opening().may_have_lost_work);
    CHECK(status_of(*vault.desk).contacts == 20);
    CHECK(verify_vault(*vault.desk).sound());
}

TEST_CASE("blocks that only the guard knows of are missing, and lost after a sync", "[rot]") {
    Salvaged vault;
    vault.close_visits();
    const LogOrdinal log = vault.desk->writer().own_logs().back();
    const std::uint64_t last = vault.desk->store().end_of(log) - 1;
    vault.tear_ends({"copies"});
    vault.tear_ends({"blocks"});
    const std::uint64_t left = status_of(*vault.desk).contacts;
    CHECK(left < 20);
    CHECK(vault.desk->opening().why_new_log == WhyNewLog::log_went_back);
    CHECK(status_of(*vault.desk).has_damage);
    vault.desk->note_streams_read();
    const auto places = vault.places_of_lost("missing_block");
    REQUIRE(places.size() == 1);
    CHECK(places.front() == blocks_place(vault.desk->store(), log, left, last));
    CHECK_FALSE(verify_vault(*vault.desk).sound());
}

TEST_CASE("unsent blocks that only the guard knows are missed behind a gap, too", "[rot]") {
    Salvaged vault;
    const LogOrdinal log = vault.lose_block_that_was_sent();
    LogStore& store = vault.desk->store();
    const std::uint64_t last = store.end_of(log) - 1;
    store.database().exec("DELETE FROM copies");
    store.drop_row(log, last);
    vault.salvage();
    vault.desk->note_streams_read();
    const auto places = vault.places_of_lost("missing_block");
    CHECK(
        places ==
        std::vector{
            block_place(vault.desk->store(), log, last), block_place(vault.desk->store(), log, 5)});
}

TEST_CASE("an old copy whose own log lacks a block is still told to be one", "[rot]") {
    Salvaged vault;
    static_cast<void>(vault.lose_block_that_was_sent());
    const bool is_copy = GENERATE(true, false);
    if (is_copy) std::filesystem::remove(vault_path(vault.desk.vault, guard_file_name));
    vault.salvage();
    CHECK(vault.desk->opening().new_incarnation);
    CHECK(status_of(*vault.desk).old_copy == is_copy);
    CHECK(
        vault.desk->opening().why_new_log ==
        (is_copy ? WhyNewLog::guard_gone : WhyNewLog::lost_blocks));
}

TEST_CASE("a write version that rotted is damage and no write protection", "[rot]") {
    Salvaged vault;
    const LocalDot person = add_person(vault.desk, "Ana", "Ruiz");
    vault.desk.workspace.reset();
    const std::size_t byte = GENERATE(18U, 19U);
    vault.flip(byte, GENERATE(0x40, 0x01));
    vault.office.reopen(vault.desk);
    CHECK(shown(vault.desk, person, "given_name") == "Ana");
    CHECK(status_of(*vault.desk).lost.empty());
}

TEST_CASE("a vault whose log is missing or empty says so and is left as it is", "[rot]") {
    Salvaged vault;
    vault.desk.workspace.reset();
    const std::string log = vault_path(vault.desk.vault, log_file_name);
    const bool is_empty = GENERATE(true, false);
    is_empty ? std::filesystem::resize_file(log, 0)
             : static_cast<void>(std::filesystem::remove(log));
    SystemFiles files;
    CHECK(find_no_vault(files, vault.desk.vault) == WorkspaceError::log_missing);
    CHECK(std::filesystem::exists(log) == is_empty);
}

TEST_CASE("where the log is missing, a damaged one that was left is told", "[rot]") {
    Salvaged vault;
    vault.desk.workspace.reset();
    const std::string log = vault_path(vault.desk.vault, log_file_name);
    std::filesystem::rename(log, vault_path(vault.desk.vault, damaged_log_file_name));
    SystemFiles files;
    CHECK(find_no_vault(files, vault.desk.vault) == WorkspaceError::log_left_damaged);
}

TEST_CASE("what is left of a vault without its header is no empty directory", "[rot]") {
    Salvaged vault;
    vault.desk.workspace.reset();
    SystemFiles files;
    for (const auto name : {header_file_name, log_file_name})
        std::filesystem::remove(vault_path(vault.desk.vault, name));
    CHECK(find_no_vault(files, vault.desk.vault) == WorkspaceError::damaged);
    std::filesystem::remove(vault_path(vault.desk.vault, guard_file_name));
    CHECK(find_no_vault(files, vault.desk.vault) == WorkspaceError::no_vault);
}

TEST_CASE("beside a write-ahead log that stays nothing is written again", "[rot]") {
    Office office;
    Desk& desk = office.coordinator();
    desk.workspace.reset();
    WithLastingWal files;
    crypto::SeededEntropy entropy(1);
    const Environment environment{.files = files, .clock = office.clock, .entropy = entropy};
    CHECK_FALSE(salvage_log(environment, desk.vault));
    CHECK_FALSE(has_damaged_log(files, desk.vault));
    office.reopen(desk);
}

}  // namespace vereda::tests
