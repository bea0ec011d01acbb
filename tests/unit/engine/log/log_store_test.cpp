#include "engine/log/log_store.h"

#include <catch2/catch.hpp>

#include "engine/storage/database.h"

namespace vereda::engine {
namespace {

protocol::BlockHash hash_of(std::uint8_t start, std::uint8_t end) {
    protocol::BlockHash hash;
    hash.bytes.fill(start);
    hash.bytes.back() = end;
    return hash;
}

protocol::BlockHashStart starting(std::uint8_t byte) {
    protocol::BlockHashStart start;
    start.fill(byte);
    return start;
}

struct Store {
    Database database{DatabaseOptions{.path = {}, .in_memory = true}};
    LogStore store = *LogStore::open(database);

    LogOrdinal add_log(std::uint8_t name) {
        LogInfo info;
        info.log.bytes.fill(name);
        const LogOrdinal log = store.ordinal_of(info.log);
        store.describe(log, info);
        return log;
    }
    void append(LogOrdinal log, const protocol::BlockHash& hash, std::uint32_t count) {
        const auto& head = store.head(log);
        StoredBlock block;
        block.log = log;
        block.block_no = head ? head->block_no + 1 : 0;
        block.first_seq = {head ? head->last_seq.value + 1 : 1};
        block.count = count;
        block.hash = hash;
        block.bytes = Bytes{1, 2, 3};
        store.append_block(block);
    }
};

}  // namespace

TEST_CASE("a block is found by the start of its hash, in whichever log it stands", "[log]") {
    Store vault;
    const LogOrdinal first = vault.add_log(1), second = vault.add_log(2);
    vault.append(first, hash_of(0x10, 1), 3);
    vault.append(first, hash_of(0xff, 2), 2);
    vault.append(second, hash_of(0x10, 3), 1);
    const auto alike = vault.store.blocks_beginning_with(starting(0x10));
    REQUIRE(alike.size() == 2);
    CHECK(alike[0].log == first);
    CHECK(alike[1].log == second);
    const auto last = vault.store.blocks_beginning_with(starting(0xff));
    REQUIRE(last.size() == 1);
    CHECK(last[0].block_no == 1);
    CHECK(last[0].first_seq.value == 4);
    CHECK(last[0].count == 2);
    CHECK(last[0].is_read);
    CHECK(vault.store.blocks_beginning_with(starting(0x11)).empty());
    REQUIRE(vault.store.find_block(hash_of(0x10, 3)));
    CHECK(vault.store.find_block(hash_of(0x10, 3))->log == second);
    CHECK_FALSE(vault.store.find_block(hash_of(0x10, 4)));
}

}  // namespace vereda::engine
