#include "engine/vault/vault_header.h"

#include <catch2/catch.hpp>

#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

VaultKey test_key() { return VaultKey(crypto::SecretBytes::copy_of(Bytes(32, 7))); }

KeySlot slot(std::uint32_t id, SlotKind kind, crypto::PassphraseCost cost) {
    return KeySlot{.id = {id}, .kind = kind, .cost = cost};
}

/// A header's file with a body of one's own making and any authenticator.
Bytes file_of(ByteView body) {
    Bytes file;
    protocol::CborWriter(file).array(2).byte_string(body).byte_string(Bytes(32));
    return file;
}

/// A body whose slots say what the test wants, however wrong.
Bytes body_of(std::uint64_t version, std::uint64_t next, const std::vector<KeySlot>& slots) {
    Bytes body;
    protocol::CborWriter writer(body);
    writer.array(3).unsigned_integer(version).unsigned_integer(next).array(slots.size());
    for (const KeySlot& each : slots) {
        writer.array(7).unsigned_integer(each.id.value);
        writer.unsigned_integer(static_cast<std::uint64_t>(each.kind));
        writer.unsigned_integer(each.cost.memory_kib).unsigned_integer(each.cost.passes);
        writer.byte_string(each.salt).byte_string(each.sealed_key).byte_string(each.commitment);
    }
    return body;
}

HeaderError refusal(const std::vector<KeySlot>& slots, std::uint64_t next = 100) {
    const auto read = parse_header(file_of(body_of(1, next, slots)));
    REQUIRE_FALSE(read);
    return read.error();
}

TEST_CASE("a header comes back from its bytes and verifies under its key only", "[vault]") {
    VaultHeader header{.next_slot = {4}, .slots = {}};
    header.slots.push_back(slot(1, SlotKind::passphrase, crypto::passphrase_cost_floor));
    header.slots.push_back(slot(3, SlotKind::recovery_code, {0, 0}));
    const VaultKey key = test_key();
    const auto read = parse_header(encode_header(header, key));
    REQUIRE(read);
    CHECK(read->header == header);
    CHECK(verify_header(*read, key));
    CHECK_FALSE(verify_header(*read, VaultKey(crypto::SecretBytes::copy_of(Bytes(32, 8)))));
}

TEST_CASE("a full header fits its limit", "[vault]") {
    VaultHeader header{.next_slot = {UINT32_MAX}, .slots = {}};
    for (std::uint32_t i = 0; i < key_slots_max; ++i) {
        header.slots.push_back(
            slot(UINT32_MAX - 9 + i, SlotKind::passphrase, crypto::passphrase_cost_ceiling));
    }
    const Bytes file = encode_header(header, test_key());
    CHECK(file.size() <= vault_header_size_max);
    CHECK(parse_header(file).has_value());
}

TEST_CASE("a later version's header is told from a damaged one", "[vault]") {
    const auto read = parse_header(file_of(body_of(2, 2, {slot(1, SlotKind::key_file, {0, 0})})));
    REQUIRE_FALSE(read);
    CHECK(read.error() == HeaderError::newer_version);
}

TEST_CASE(
    "passphrase costs outside floor and ceiling are refused before anything is derived",
    "[vault]") {
    const auto floor = crypto::passphrase_cost_floor;
    const auto ceiling = crypto::passphrase_cost_ceiling;
    for (const crypto::PassphraseCost cost :
         {crypto::PassphraseCost{floor.memory_kib - 1, floor.passes},
          crypto::PassphraseCost{ceiling.memory_kib, floor.passes - 1},
          crypto::PassphraseCost{ceiling.memory_kib + 1, floor.passes},
          crypto::PassphraseCost{floor.memory_kib, ceiling.passes + 1}}) {
        CHECK(refusal({slot(1, SlotKind::passphrase, cost)}) == HeaderError::cost_out_of_bounds);
    }
}

TEST_CASE("headers that break a rule of their layout are malformed", "[vault]") {
    const KeySlot good = slot(1, SlotKind::key_file, {0, 0});
    CHECK(refusal({}) == HeaderError::malformed);
    CHECK(refusal({good, good}) == HeaderError::malformed);
    CHECK(refusal({good}, 1) == HeaderError::malformed);
    CHECK(refusal({good}, 1ULL << 32) == HeaderError::malformed);
    CHECK(refusal({slot(0, SlotKind::key_file, {0, 0})}) == HeaderError::malformed);
    CHECK(refusal({slot(1, static_cast<SlotKind>(4), {0, 0})}) == HeaderError::malformed);
    CHECK(refusal({slot(1, SlotKind::key_file, {1, 0})}) == HeaderError::malformed);
    std::vector<KeySlot> nine;
    for (std::uint32_t id = 1; id <= key_slots_max + 1; ++id)
        nine.push_back(slot(id, SlotKind::key_file, {0, 0}));
    CHECK(refusal(nine) == HeaderError::malformed);
}

}  // namespace
}  // namespace vereda::engine
