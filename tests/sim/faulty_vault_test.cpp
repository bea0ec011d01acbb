#include <catch2/catch.hpp>

#include "engine/vault/guard.h"
#include "engine/vault/key_slots.h"
#include "engine/vault/vault_files.h"
#include "tests/sim/faulty_files.h"

/// The vault's own files, on a disk that loses power at every single operation.
namespace vereda::sim {
namespace {

using namespace vereda::engine;

const std::string vault = "laptop";
const Bytes first_code(16, 1);
const Bytes second_code(16, 2);
const KeySecret first = KeySecret::recovery_code(first_code);
const KeySecret second = KeySecret::recovery_code(second_code);

/// Runs `action` with power failing at operation 1, 2, … until it comes through; after each
/// failure, on a restarted disk, `check`. `prepare` makes what was there before. Returns the number
/// of failures.
template <class Prepare, class Action, class Check>
int at_every_operation(
    std::optional<std::uint64_t> torn, Prepare prepare, Action action, Check check) {
    for (std::uint64_t operation = 1;; ++operation) {
        FaultyDisk disk;
        FaultyFiles files(disk);
        auto prepared = prepare(files);
        disk.lose_power_at(operation, torn ? std::optional(*torn * 100 + operation) : std::nullopt);
        try {
            action(files, prepared);
            return static_cast<int>(operation) - 1;
        } catch (const StorageFailure&) {
            disk.restart();
            check(files, prepared);
        }
    }
}

std::optional<std::uint64_t> any_kind_of_loss() {
    return GENERATE(as<std::optional<std::uint64_t>>(), std::nullopt, 1, 2, 3, 4, 5);
}

OpenedVault create(FaultyFiles& files, const KeySecret& secret) {
    crypto::SeededEntropy entropy(5);
    auto created = KeySlots(files, vault).create(secret, crypto::passphrase_cost_floor, entropy);
    REQUIRE(created);
    return std::move(*created);
}

TEST_CASE(
    "power loss while a secret is replaced leaves a vault that the old or the new one opens",
    "[faulty_disk]") {
    crypto::SeededEntropy entropy(6);
    const int failures = at_every_operation(
        any_kind_of_loss(), [](FaultyFiles& files) { return create(files, first); },
        [&](FaultyFiles& files, OpenedVault& made) {
            (void)KeySlots(files, vault)
                .replace(made.key, made.slot, second, crypto::passphrase_cost_floor, entropy);
        },
        [&](FaultyFiles& files, OpenedVault& made) {
            KeySlots slots(files, vault);
            auto opened = slots.open(first);
            if (!opened) opened = slots.open(second);
            REQUIRE(opened);
            REQUIRE(std::ranges::equal(opened->key.view(), made.key.view()));
            // And it can be tried again.
            REQUIRE(slots.replace(
                opened->key, opened->slot, second, crypto::passphrase_cost_floor, entropy));
            REQUIRE(slots.open(second));
        });
    CHECK(failures >= 8);
}

TEST_CASE(
    "power loss while a vault is made leaves either that vault or room for one", "[faulty_disk]") {
    const int failures = at_every_operation(
        any_kind_of_loss(), [](FaultyFiles&) { return 0; },
        [](FaultyFiles& files, int) { (void)create(files, first); },
        [](FaultyFiles& files, int) {
            KeySlots slots(files, vault);
            if (slots.is_occupied()) {
                REQUIRE(slots.open(first));
            } else {
                (void)create(files, first);
            }
        });
    CHECK(failures >= 4);
}

TEST_CASE("a full disk leaves the old slots", "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    const OpenedVault made = create(files, first);
    const auto header = disk.contents(vault_path(vault, header_file_name));
    disk.set_capacity(header->size() + 10);
    crypto::SeededEntropy entropy(6);
    CHECK_THROWS_AS(
        KeySlots(files, vault)
            .replace(made.key, made.slot, second, crypto::passphrase_cost_floor, entropy),
        StorageFailure);
    CHECK(disk.contents(vault_path(vault, header_file_name)) == header);
    CHECK(KeySlots(files, vault).open(first).has_value());
}

/// Files that read back well twice, and with a flipped bit from then on.
class RottingFiles final : public FileSystem {
  public:
    explicit RottingFiles(FaultyFiles& files) : files_(files) {}
    std::expected<Bytes, ReadFileError> read(
        const std::string& path, std::size_t size_max) override {
        auto contents = files_.read(path, size_max);
        if (contents && ++reads_ > 2) contents->back() ^= 1;
        return contents;
    }
    std::unique_ptr<FileReader> open(const std::string& path) override { return files_.open(path); }
    std::unique_ptr<FileWriter> create(const std::string& path) override {
        return files_.create(path);
    }
    bool remove(const std::string& path) override { return files_.remove(path); }
    bool exists(const std::string& path) override { return files_.exists(path); }
    std::vector<std::string> list(const std::string& path) override { return files_.list(path); }
    void create_directory(const std::string& path) override { files_.create_directory(path); }
    std::expected<FileIdentity, ReadFileError> identity(const std::string& path) override {
        return files_.identity(path);
    }
    std::expected<std::unique_ptr<FileLock>, LockFileError> lock(const std::string& path) override {
        return files_.lock(path);
    }

  private:
    FaultyFiles& files_;
    int reads_ = 0;
};

TEST_CASE(
    "a new secret that does not read back as written leaves the old one in place",
    "[faulty_disk]") {
    FaultyDisk disk;
    FaultyFiles files(disk);
    const OpenedVault made = create(files, first);
    RottingFiles rotting(files);
    crypto::SeededEntropy entropy(6);
    KeySlots slots(rotting, vault);
    CHECK_THROWS_AS(
        slots.replace(made.key, made.slot, second, crypto::passphrase_cost_floor, entropy),
        StorageFailure);
    CHECK(KeySlots(files, vault).open(first).has_value());
}

TEST_CASE(
    "power loss while the guard is rewritten leaves the old guard or the new one",
    "[faulty_disk]") {
    const VaultKey key(crypto::SecretBytes::copy_of(Bytes(32, 7)));
    const Guard old_guard{
        .incarnation = {{1}}, .heads = {{protocol::LogId{{1}}, {4, protocol::BlockHash{{4}}}}}};
    const Guard new_guard{
        .incarnation = {{1}}, .heads = {{protocol::LogId{{1}}, {5, protocol::BlockHash{{5}}}}}};
    const int failures = at_every_operation(
        any_kind_of_loss(),
        [&](FaultyFiles& files) {
            GuardFile(files, vault, key).write(old_guard);
            return 0;
        },
        [&](FaultyFiles& files, int) { GuardFile(files, vault, key).write(new_guard); },
        [&](FaultyFiles& files, int) {
            const auto read = GuardFile(files, vault, key).read();
            REQUIRE(read);
            REQUIRE((*read == old_guard || *read == new_guard));
        });
    CHECK(failures == 5);
}

TEST_CASE(
    "a guard once written is there after a power loss, and the test notices when syncs are left "
    "out",
    "[faulty_disk]") {
    const VaultKey key(crypto::SecretBytes::copy_of(Bytes(32, 7)));
    const Guard guard{.incarnation = {{1}}, .heads = {}};
    const bool without_syncs = GENERATE(false, true);
    FaultyDisk disk;
    FaultyFiles files(disk);
    disk.ignore_syncs(without_syncs);
    GuardFile(files, vault, key).write(guard);
    disk.lose_power();
    disk.restart();
    const auto read = GuardFile(files, vault, key).read();
    CHECK(read.has_value() == !without_syncs);
}

}  // namespace
}  // namespace vereda::sim
