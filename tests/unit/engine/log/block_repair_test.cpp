#include "engine/log/block_repair.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/audit/audit.h"
#include "engine/vault/vault_files.h"
#include "tests/unit/engine/log/block_hand.h"
#include "tests/unit/engine/log/hand.h"

/// What is done about blocks that rot where they are stored.
namespace vereda::tests {
namespace {

using namespace engine;

constexpr protocol::Acceptance accepted{7, {1000}};

std::size_t place_of(ByteView bytes, ByteView part) {
    const auto found = std::ranges::search(bytes, part);
    REQUIRE_FALSE(found.empty());
    return static_cast<std::size_t>(found.begin() - bytes.begin());
}

/// The laptop of somebody whose own log of North has two blocks that the hub has not.
struct Own {
    Office office;
    Desk& desk = office.coordinator();
    LogOrdinal log = write_blocks();

    [[nodiscard]] LogStore& store() { return desk->store(); }
    [[nodiscard]] StoredBlock stored(std::uint64_t block_no) {
        return *store().block(log, block_no);
    }
    [[nodiscard]] protocol::ParsedBlock parsed(ByteView wire) {
        return *protocol::parse_block(desk->roster().workspace(), wire);
    }
    void rot(std::uint64_t block_no, std::size_t byte) {
        StoredBlock block = stored(block_no);
        block.bytes[byte] ^= 1;
        store().replace_block(log, block_no, block.bytes, block.state);
    }
    void rot_payload(std::uint64_t block_no) { rot(block_no, stored(block_no).bytes.size() - 1); }
    void drop_copies() { store().database().exec("DELETE FROM copies"); }

  private:
    LogOrdinal write_blocks() {
        const LogOrdinal own = add_person(desk, "Ana", "Ruiz").log();
        desk->close_blocks();
        static_cast<void>(add_person(desk, "Bo", "Ek"));
        desk->close_blocks();
        return own;
    }
};

// As a flipped bit in the row does it.
void call_damaged_behind_its_index(const std::string& path) {
    Database database({.path = path, .mode = DatabaseOptions::Mode::must_exist, .damaged = true});
    const auto index_states_above = [&](const std::string& from, const std::string& to) {
        database.exec(
            "UPDATE sqlite_schema SET sql = replace(sql, 'state > " + from + "', 'state > " + to +
            "') WHERE name = 'blocks_to_retry'; PRAGMA writable_schema=RESET; PRAGMA "
            "writable_schema=ON");
    };
    index_states_above("0", "9");
    database.exec("UPDATE blocks SET state = 3 WHERE id = (SELECT max(id) FROM copies)");
    index_states_above("9", "0");
}

bool has_damage(Desk& desk) { return desk->mishaps().has_damage(); }

}  // namespace

TEST_CASE("a place of blocks says its last number, and a rotten one says none", "[log][rot]") {
    Office office;
    LogStore& store = office.coordinator()->store();
    constexpr auto never = std::numeric_limits<std::uint64_t>::max();
    const std::string one = block_place(store, {1}, 7), more = blocks_place(store, {1}, 5, 12);
    CHECK(last_block_of(one) == 7);
    CHECK(last_block_of(more) == 12);
    for (const char* tail : {"", "x", " ", " to 9", "99999999999999"})
        CHECK(last_block_of(one + tail + (*tail == 0 ? "," : "")) == never);
    CHECK(last_block_of(more.substr(0, more.size() - 2) + "q2") == never);
    CHECK(last_block_of(more.substr(0, more.size() - 2) + "12 ") == never);
    CHECK(last_block_of(more.substr(0, more.size() - 2) + "1") == never);  // before the first
    CHECK(last_block_of("log 7") == never);
    CHECK(last_block_of("") == never);
}

TEST_CASE("a row follows no bytes that nobody has signed", "[log][rot]") {
    Own own;
    own.drop_copies();
    const protocol::BlockHash before = own.stored(1).hash;
    const auto roster = own.desk->roster().last_hash();
    own.rot(1, place_of(own.stored(1).bytes, ByteView(roster.bytes)));
    own.office.reopen(own.desk);
    CHECK(own.stored(1).hash == before);
    CHECK(own.stored(1).state == BlockState::damaged);
}

TEST_CASE("what has a copy here has not been acknowledged", "[log][rot]") {
    Own own;
    Statement(
        own.store().database(),
        "INSERT INTO pushed(log, next_block) VALUES (?1, 1) ON CONFLICT(log) DO UPDATE SET "
        "next_block = 1")
        .run(own.log);
    own.office.reopen(own.desk);
    CHECK(own.store().pushed(own.log) == 0);
}

TEST_CASE("a copy whose payload rotted as well makes nothing whole", "[log][rot]") {
    Own own;
    own.rot_payload(1);
    own.store().keep_copy(own.log, 1, own.stored(1).bytes);
    own.office.reopen(own.desk);
    CHECK(own.stored(1).state == BlockState::damaged);
    CHECK(has_damage(own.desk));
}

TEST_CASE("a rotten state is put right, though no index knows it", "[log][rot]") {
    Own own;
    own.desk.workspace.reset();
    call_damaged_behind_its_index(vault_path(own.desk.vault, log_file_name));
    own.office.reopen(own.desk);
    CHECK(own.stored(1).state == BlockState::open);
    CHECK_FALSE(own.desk->opening().salvaged);
}

TEST_CASE("an audit finds a signature that rotted, and the copy makes it whole", "[log][rot]") {
    Own own;
    const Bytes before = own.stored(1).bytes;
    own.rot(1, place_of(before, own.parsed(before).signature));
    CHECK(verify_vault(*own.desk).sound());
    CHECK(own.stored(1).bytes == before);
}

TEST_CASE("what the hub served rotten waits for its key, and other rot is damage", "[log][rot]") {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    BlockHand hand(ana);
    const bool served = GENERATE(true, false);
    take(bo, spoilt(hand.first().wire()), served ? std::optional(accepted) : std::nullopt);
    static_cast<void>(verify_vault(*bo));
    const auto stored = bo->store().block(*bo->store().find_log(hand.log()), 0);
    CHECK(stored->state == (served ? BlockState::pending : BlockState::damaged));
    CHECK(has_damage(bo) != served);
}

TEST_CASE("a damaged block is told until it is whole, whatever else comes", "[log][rot]") {
    Own own;
    BlockHand hand(own.desk);
    const MadeBlock other = hand.first();
    const Bytes whole = own.stored(1).bytes;
    own.drop_copies();
    own.rot_payload(1);
    own.office.reopen(own.desk);
    take(own.desk, other.wire());
    CHECK(has_damage(own.desk));
    take(own.desk, whole);
    CHECK_FALSE(has_damage(own.desk));
}

}  // namespace vereda::tests
