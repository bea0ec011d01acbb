#include "engine/workspace/log_salvage.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/log/mishaps.h"
#include "engine/vault/vault_files.h"
#include "protocol/leaf.h"
#include "tests/unit/engine/people/office.h"

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
