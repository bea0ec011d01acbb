#include "engine/vault/key_slots.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <optional>

#include "engine/storage/system_files.h"
#include "engine/vault/vault_files.h"
#include "tests/unit/engine/storage/temporary_directory.h"
#include "tests/unit/engine/vault/hex.h"

namespace vereda::engine {
namespace {

constexpr auto floor_cost = crypto::passphrase_cost_floor;
const Bytes code(16, 0x11);
const Bytes other_code(16, 0x12);
const Bytes key_file(40, 0x33);

KeySecret passphrase(std::string_view text) { return KeySecret::passphrase(as_bytes(text)); }

/// A vault directory on the real file system, and its slots.
struct Fixture {
    tests::TemporaryDirectory directory;
    SystemFiles files;
    crypto::SeededEntropy entropy{7};
    std::string vault = directory / "vault";
    KeySlots slots{files, vault};

    OpenedVault create(const KeySecret& secret) {
        auto created = slots.create(secret, floor_cost, entropy);
        REQUIRE(created);
        return std::move(*created);
    }
    [[nodiscard]] std::string header_path() const { return vault_path(vault, header_file_name); }
    [[nodiscard]] Bytes header() { return files.read(header_path(), 100000).value(); }
};

bool same(const VaultKey& a, const VaultKey& b) { return std::ranges::equal(a.view(), b.view()); }

TEST_CASE("a vault opens with the passphrase it was made with and no other", "[vault]") {
    Fixture fixture;
    const OpenedVault made = fixture.create(passphrase("six plain words for one vault"));
    const auto opened = fixture.slots.open(passphrase("six plain words for one vault"));
    REQUIRE(opened);
    CHECK(same(opened->key, made.key));
    CHECK(opened->slot == made.slot);
    CHECK(
        fixture.slots.open(passphrase("six plain words for one vaulT")).error() ==
        OpenVaultError::wrong_secret);
    CHECK(fixture.slots.open(passphrase("")).error() == OpenVaultError::wrong_secret);
}

TEST_CASE("two slots of one secret have different salts", "[vault]") {
    crypto::SeededEntropy entropy(7);
    const VaultKey key = VaultKey::generate(entropy);
    const KeySecret secret = KeySecret::key_file(key_file);
    const auto first = make_slot({1}, secret, floor_cost, key, entropy);
    const auto second = make_slot({2}, secret, floor_cost, key, entropy);
    REQUIRE((first && second));
    CHECK(first->salt != second->salt);
    CHECK(first->commitment != second->commitment);
}

TEST_CASE("recovery code and key file open the same vault", "[vault]") {
    Fixture fixture;
    const OpenedVault made = fixture.create(KeySecret::recovery_code(code));
    REQUIRE(
        fixture.slots.add(made.key, KeySecret::key_file(key_file), floor_cost, fixture.entropy));
    CHECK(same(fixture.slots.open(KeySecret::recovery_code(code))->key, made.key));
    CHECK(same(fixture.slots.open(KeySecret::key_file(key_file))->key, made.key));
    CHECK(
        fixture.slots.open(KeySecret::recovery_code(other_code)).error() ==
        OpenVaultError::wrong_secret);
    CHECK(fixture.slots.open(passphrase("x")).error() == OpenVaultError::no_such_slot);
}

TEST_CASE("two slots of one secret have salts of their own", "[vault]") {
    Fixture fixture;
    const VaultKey key = VaultKey::generate(fixture.entropy);
    const auto first =
        make_slot({1}, KeySecret::key_file(key_file), floor_cost, key, fixture.entropy);
    const auto second =
        make_slot({2}, KeySecret::key_file(key_file), floor_cost, key, fixture.entropy);
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->salt != second->salt);
    CHECK(first->commitment != second->commitment);
}

TEST_CASE("a secret of one kind does not open a slot of another", "[vault]") {
    Fixture fixture;
    (void)fixture.create(KeySecret::key_file(key_file));
    CHECK(
        fixture.slots.open(KeySecret::recovery_code(code)).error() == OpenVaultError::no_such_slot);
}

/// A header made from docs/protocol/vault.md alone (Python, hashlib and libsodium's AEAD): vault
/// key 00…1f; slots: passphrase "correct horse", recovery code 64…73, key file 00…27.
constexpr std::string_view published_header =
    "8259018e830104838701011a0001000003500101010101010101010101010101010158482ee5123060e418498156"
    "50048b6a77d05b24563af51a690ad1d56ecfef7d6ff7862da584ffc74267444c0d1289587138803b6a6ac58c7e7e"
    "c673a33fb211318e5193bbad06982bd05820c933f0b8d6777ed76ad611290f540af2fb7d9d4ef85d46f2ca3538ba"
    "0f5ea090870202000050020202020202020202020202020202025848255dd2e2d5982ff93509f67ddef28d0c69b3"
    "b32e0ea76c701a98aa340ef542b5e7608fd1366dc28cf32fbbaa839af708e4b2ce2f9d1f720deee2ac5f33866029"
    "e25f1607e796d277582052190d5bfe87eb4a054430ce219ea6aefbc0ed0a6e03e7cae80569c8ac8d505f87030300"
    "005003030303030303030303030303030303584858a869bee911e5d929fc6ca09f4c2c07a8fd3fd9ee9653f28e7e"
    "f4276c12331328180e08fb5bbae618887b1885f4e24c6578c1551c8496f63437701fafb7c9cb41207646b8b4dee0"
    "582081a43fadbbecbba8e94d1e70217dac14cf5c708f8defc6f1c9e614ebccbf05365820ae5c6092105fe963637f"
    "8edf6e55f2987989813bd35583efb42d281c6c4faafe";

/// `count` bytes: first, first + 1, …
Bytes counting(std::uint8_t first, std::uint8_t count) {
    Bytes bytes(count);
    std::iota(bytes.begin(), bytes.end(), first);
    return bytes;
}

TEST_CASE(
    "a header made by someone else from the document opens with each of its secrets", "[vault]") {
    Fixture fixture;
    fixture.files.create_directory(fixture.vault);
    fixture.files.write(fixture.header_path(), tests::from_hex(published_header));
    const Bytes published_code = counting(100, 16);
    const Bytes published_file = counting(0, 40);
    for (const KeySecret& secret :
         {passphrase("correct horse"), KeySecret::recovery_code(published_code),
          KeySecret::key_file(published_file)}) {
        const auto opened = fixture.slots.open(secret);
        REQUIRE(opened);
        CHECK(std::ranges::equal(opened->key.view(), counting(0, 32)));
    }
}

TEST_CASE("a vault that is not there is missing, and nothing is made", "[vault]") {
    Fixture fixture;
    CHECK(fixture.slots.open(passphrase("x")).error() == OpenVaultError::missing);
    CHECK_FALSE(fixture.files.exists(fixture.vault));
}

TEST_CASE("secrets of a size that their kind does not allow are refused", "[vault]") {
    Fixture fixture;
    const auto create = [&](const KeySecret& secret) {
        return fixture.slots.create(secret, floor_cost, fixture.entropy).error();
    };
    CHECK(create(passphrase("")) == CreateVaultError::unfit_secret);
    CHECK(create(KeySecret::passphrase(Bytes(1025))) == CreateVaultError::unfit_secret);
    CHECK(create(KeySecret::recovery_code(Bytes(15))) == CreateVaultError::unfit_secret);
    CHECK(create(KeySecret::key_file(Bytes(31))) == CreateVaultError::unfit_secret);
    CHECK(create(KeySecret::key_file(Bytes(64 * 1024 + 1))) == CreateVaultError::unfit_secret);
    CHECK_FALSE(fixture.files.exists(fixture.vault));
}

TEST_CASE("a passphrase that would cost too little or too much is refused", "[vault]") {
    Fixture fixture;
    auto cheap = floor_cost;
    cheap.memory_kib -= 1;
    auto dear = floor_cost;
    dear.passes = crypto::passphrase_cost_ceiling.passes + 1;
    for (const auto cost : {cheap, dear}) {
        const auto refused = fixture.slots.create(passphrase("x"), cost, fixture.entropy);
        REQUIRE_FALSE(refused);
        CHECK(refused.error() == CreateVaultError::cost_out_of_bounds);
    }
}

TEST_CASE("a vault is never replaced by a new one, readable or not", "[vault]") {
    Fixture fixture;
    (void)fixture.create(KeySecret::recovery_code(code));
    Bytes damaged = fixture.header();
    damaged[20] ^= 1;
    const std::vector<std::optional<Bytes>> headers{
        fixture.header(), damaged, Bytes(), std::nullopt};
    for (const auto& header : headers) {
        if (header) {
            fixture.files.write(fixture.header_path(), *header);
        } else {
            fixture.files.remove(fixture.header_path());  // the log alone still belongs to a vault
            fixture.files.write(vault_path(fixture.vault, "log.db"), as_bytes("irreplaceable"));
        }
        const auto refused =
            fixture.slots.create(KeySecret::recovery_code(other_code), floor_cost, fixture.entropy);
        REQUIRE_FALSE(refused);
        CHECK(refused.error() == CreateVaultError::occupied);
        if (header) CHECK(fixture.header() == *header);
    }
    CHECK_FALSE(fixture.files.exists(fixture.header_path()));
    CHECK(fixture.files.read(vault_path(fixture.vault, "log.db"), 100).value().size() == 13);
}

TEST_CASE("a directory that cannot be looked into is not taken for an empty one", "[vault]") {
    Fixture fixture;
    fixture.files.write(fixture.vault, as_bytes("a file where the directory should be"));
    CHECK_THROWS_AS(
        fixture.slots.create(KeySecret::recovery_code(code), floor_cost, fixture.entropy),
        StorageFailure);
    CHECK_THROWS_AS(fixture.slots.open(KeySecret::recovery_code(code)), StorageFailure);
}

TEST_CASE("every flipped bit of the header is refused", "[vault]") {
    Fixture fixture;
    const OpenedVault made = fixture.create(KeySecret::recovery_code(code));
    // The passphrase slot's bytes are covered by the authenticator: opening with the code must
    // notice them as well.
    REQUIRE(fixture.slots.add(made.key, passphrase("x"), floor_cost, fixture.entropy));
    const Bytes good = fixture.header();
    int opened = 0;
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes bad = good;
        bad[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        const auto read = parse_header(bad);
        if (!read) continue;
        for (const KeySlot& slot : read->header.slots) {
            const auto key = open_slot(slot, KeySecret::recovery_code(code));
            if (key && verify_header(*read, *key)) ++opened;
        }
    }
    CHECK(opened == 0);
    CHECK(fixture.slots.open(KeySecret::recovery_code(code)).has_value());
}

TEST_CASE("every shortened or lengthened header is refused as damaged", "[vault]") {
    Fixture fixture;
    (void)fixture.create(KeySecret::recovery_code(code));
    Bytes header = fixture.header();
    header.push_back(0);
    for (std::size_t size = 0; size <= header.size(); ++size) {
        if (size == header.size() - 1) continue;
        fixture.files.write(fixture.header_path(), ByteView(header).first(size));
        const auto refused = fixture.slots.open(KeySecret::recovery_code(code));
        REQUIRE_FALSE(refused);
        REQUIRE(refused.error() == OpenVaultError::damaged);
    }
    fixture.files.write(fixture.header_path(), Bytes(1 << 20));
    CHECK(fixture.slots.open(KeySecret::recovery_code(code)).error() == OpenVaultError::damaged);
}

TEST_CASE("another vault's slot moved into a header is refused", "[vault]") {
    Fixture first;
    Fixture second;
    const OpenedVault made = first.create(KeySecret::recovery_code(code));
    second.entropy = crypto::SeededEntropy(8);
    (void)second.create(KeySecret::recovery_code(other_code));
    const auto foreign = parse_header(second.header())->header;
    first.files.write(first.header_path(), encode_header(foreign, made.key));
    CHECK(
        first.slots.open(KeySecret::recovery_code(other_code)).error() == OpenVaultError::damaged);
}

TEST_CASE("a replaced passphrase opens no more and the new one does", "[vault]") {
    Fixture fixture;
    const OpenedVault made = fixture.create(passphrase("old"));
    REQUIRE(
        fixture.slots.add(made.key, KeySecret::recovery_code(code), floor_cost, fixture.entropy));
    const auto slot =
        fixture.slots.replace(made.key, made.slot, passphrase("new"), floor_cost, fixture.entropy);
    REQUIRE(slot);
    CHECK(*slot != made.slot);
    CHECK(fixture.slots.open(passphrase("old")).error() == OpenVaultError::wrong_secret);
    CHECK(same(fixture.slots.open(passphrase("new"))->key, made.key));
    CHECK(same(fixture.slots.open(KeySecret::recovery_code(code))->key, made.key));
    CHECK(fixture.slots.list()->size() == 2);
}

TEST_CASE("an unfit new secret leaves the old slot in place", "[vault]") {
    Fixture fixture;
    const OpenedVault made = fixture.create(KeySecret::recovery_code(code));
    const Bytes before = fixture.header();
    CHECK(
        fixture.slots.replace(made.key, made.slot, passphrase(""), floor_cost, fixture.entropy)
            .error() == ChangeSlotsError::unfit_secret);
    CHECK(
        fixture.slots.replace(made.key, SlotId{9}, passphrase("x"), floor_cost, fixture.entropy)
            .error() == ChangeSlotsError::no_such_slot);
    CHECK(fixture.header() == before);
}

TEST_CASE("the last slot cannot be removed, and no more than eight are kept", "[vault]") {
    Fixture fixture;
    const OpenedVault made = fixture.create(KeySecret::recovery_code(code));
    CHECK(fixture.slots.remove(made.key, made.slot).error() == ChangeSlotsError::last_slot);
    CHECK(fixture.slots.remove(made.key, SlotId{5}).error() == ChangeSlotsError::no_such_slot);
    for (std::size_t slot = 1; slot < key_slots_max; ++slot) {
        REQUIRE(fixture.slots.add(
            made.key, KeySecret::key_file(key_file), floor_cost, fixture.entropy));
    }
    CHECK(
        fixture.slots.add(made.key, KeySecret::key_file(key_file), floor_cost, fixture.entropy)
            .error() == ChangeSlotsError::no_room);
}

TEST_CASE("a slot's id is not used again", "[vault]") {
    Fixture fixture;
    const OpenedVault made = fixture.create(KeySecret::recovery_code(code));
    const auto second =
        fixture.slots.add(made.key, KeySecret::key_file(key_file), floor_cost, fixture.entropy);
    REQUIRE(fixture.slots.remove(made.key, *second));
    const auto third =
        fixture.slots.add(made.key, KeySecret::key_file(key_file), floor_cost, fixture.entropy);
    CHECK(third->value > second->value);
}

TEST_CASE("slots are not changed under a key that is not the vault's", "[vault]") {
    Fixture fixture;
    (void)fixture.create(KeySecret::recovery_code(code));
    const VaultKey stranger = VaultKey::generate(fixture.entropy);
    const Bytes before = fixture.header();
    CHECK(
        fixture.slots.add(stranger, KeySecret::key_file(key_file), floor_cost, fixture.entropy)
            .error() == ChangeSlotsError::cannot_read);
    CHECK(fixture.header() == before);
}

}  // namespace
}  // namespace vereda::engine
