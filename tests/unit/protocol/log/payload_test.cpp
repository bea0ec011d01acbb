#include "protocol/log/payload.h"

#include <catch2/catch.hpp>
#include <random>

#include "protocol/domain.h"
#include "protocol/limits.h"
#include "protocol/log/commitment.h"
#include "protocol/log/entry.h"
#include "protocol/log/packing.h"
#include "tests/unit/protocol/format_world.h"

using namespace vereda;
using namespace vereda::protocol;
using test::small_draft;
using test::to_hex;

namespace {

const ByteArray<16> seed{1, 2, 3, 4};

ParsedBlock parsed(const test::FormatWorld& world, const Bytes& wire) {
    return parse_block(world.workspace, wire).value();
}

auto opened(const test::FormatWorld& world, const Bytes& wire) {
    return open_payload(parsed(world, wire), world.keys, world.workspace);
}

PayloadError error_of(const test::FormatWorld& world, const Bytes& wire) {
    const auto result = opened(world, wire);
    REQUIRE_FALSE(result);
    return result.error();
}

/// The parts of a small block before they are put together, each of which a forger may change.
struct Forge {
    test::FormatWorld world = test::format_world();
    BlockDraft draft = small_draft(world, 3);
    std::vector<Salt> cover{Salt{seed}};
    std::vector<Slot> slots;
    Salts salts{};
    std::vector<crypto::Hash> leaves;

    Forge() { commit(); }

    void commit() {
        const auto count = static_cast<std::uint32_t>(draft.entries.size());
        const Salt node{seed};
        REQUIRE(expand_cover({&node, 1}, count, {}, salts));
        LeafHasher hasher(world.log);
        leaves = {hasher.preamble(salts[0], {1}, draft.preamble)};
        slots.clear();
        for (std::size_t i = 0; i < count; ++i) {
            leaves.push_back(hasher.entry(salts[i + 1], {i + 1}, draft.entries[i]));
            slots.push_back({draft.entries[i], true});
        }
    }

    [[nodiscard]] Bytes plain() const { return encode_plain(draft.preamble, cover, slots); }

    /// A properly signed block of whatever was packed.
    [[nodiscard]] Bytes block(const Bytes& packed) const {
        const Core core{
            .device = DeviceId{world.device_key.public_key()},
            .turf = draft.turf,
            .incarnation = draft.incarnation,
            .count = static_cast<std::uint32_t>(leaves.size() - 1),
            .root = RootHash{merkle_root(leaves)}};
        Bytes header = encode_core(core);
        const Bytes payload =
            seal_packed(world.keys, payload_associated(world.workspace, header), packed);
        append(header, payload_hash(payload).view());
        return encode_block(header, sign_block(world.workspace, header, world.device_key), payload);
    }
    [[nodiscard]] Bytes block() const { return block(pack(plain(), 3)); }
    [[nodiscard]] PayloadError error() const { return error_of(world, block()); }
};

}  // namespace

TEST_CASE("a closed block opens to its entries, in every number", "[payload]") {
    const auto world = test::format_world();
    for (const std::size_t count :
         {1u, 2u, 3u, 4u, 15u, 16u, 63u, 64u, 100u, 255u, 256u, 510u, 511u}) {
        const BlockDraft draft = small_draft(world, count);
        const ClosedBlock closed = close_block(draft, world.keys, world.device_key, seed);
        const ParsedBlock block = parsed(world, closed.wire);
        CHECK(verify_block(world.workspace, block));
        CHECK(carries_authors_payload(block));
        CHECK(block.hash == closed.hash);
        CHECK(block.payload_hash == closed.payload_hash);
        CHECK(block.log == closed.log);
        CHECK(block.core == closed.core);
        const auto payload = open_payload(block, world.keys, world.workspace);
        REQUIRE(payload);
        CHECK(payload->empty.none());
        CHECK(payload->cover == std::vector<Salt>{Salt{seed}});
        REQUIRE(payload->slots.size() == count);
        for (std::size_t i = 0; i < count; ++i) {
            REQUIRE(payload->slots[i].present);
            REQUIRE(to_hex(payload->slots[i].bytes) == to_hex(draft.entries[i]));
        }
    }
}

TEST_CASE("the parts of the forge are those of an honest block", "[payload]") {
    const Forge forge;
    REQUIRE(opened(forge.world, forge.block()));
}

TEST_CASE("a moved payload still holds its entries", "[payload]") {
    const auto world = test::format_world();
    const ClosedBlock closed =
        close_block(small_draft(world, 2), world.keys, world.device_key, seed);
    auto first = opened(world, closed.wire);
    const OpenedPayload second = std::move(*first);
    CHECK(to_hex(second.slots[1].bytes) == to_hex(small_draft(world, 2).entries[1]));
}

TEST_CASE("the same draft and seed close to the same bytes, another seed to others", "[payload]") {
    const auto world = test::format_world();
    const BlockDraft draft = small_draft(world, 5);
    const ClosedBlock once = close_block(draft, world.keys, world.device_key, seed);
    CHECK(close_block(draft, world.keys, world.device_key, seed).wire == once.wire);
    const ClosedBlock other = close_block(draft, world.keys, world.device_key, {9});
    CHECK(other.core.root != once.core.root);
    CHECK(other.hash != once.hash);
}

TEST_CASE("a flipped bit anywhere in a small block never opens it", "[payload]") {
    const auto world = test::format_world();
    const Bytes good = close_block(small_draft(world, 2), world.keys, world.device_key, seed).wire;
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        Bytes wire = good;
        wire[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        const auto block = parse_block(world.workspace, wire);
        if (!block) continue;
        const bool verified = verify_block(world.workspace, *block);
        const bool open = open_payload(*block, world.keys, world.workspace).has_value();
        // A changed hash of the payload or signature leaves the payload as it is, but is signed by
        // nobody.
        REQUIRE_FALSE((verified && open));
    }
}

TEST_CASE("another key, workspace or core does not open a payload", "[payload]") {
    const auto world = test::format_world();
    const Bytes wire = close_block(small_draft(world, 2), world.keys, world.device_key, seed).wire;
    const ParsedBlock block = parsed(world, wire);
    const EpochKeys other = EpochKeys::derive(Bytes(32, 1));
    CHECK(open_payload(block, other, world.workspace).error() == PayloadError::does_not_open);
    CHECK(open_payload(block, world.keys, WorkspaceId{}).error() == PayloadError::does_not_open);
    Core later = block.core;
    later.roster_position = {6};
    Bytes header = encode_core(later);
    append(header, block.payload_hash.view());
    const Bytes moved = encode_block(header, block.signature, block.payload);
    CHECK(error_of(world, moved) == PayloadError::does_not_open);
}

TEST_CASE("payloads shorter or longer than any are refused for their size", "[payload]") {
    const auto world = test::format_world();
    const Bytes wire = close_block(small_draft(world, 2), world.keys, world.device_key, seed).wire;
    const ParsedBlock block = parsed(world, wire);
    for (const std::size_t size : {0ul, 1ul, 40ul, 295ul, packed_size_max + 41}) {
        CHECK(error_of(world, with_payload(block, Bytes(size))) == PayloadError::wrong_size);
    }
    const Bytes cut(block.payload.begin(), block.payload.end() - 1);
    CHECK(error_of(world, with_payload(block, cut)) == PayloadError::wrong_size);
    Bytes longer(block.payload.begin(), block.payload.end());
    longer.push_back(0);
    CHECK(error_of(world, with_payload(block, longer)) == PayloadError::does_not_open);
}

TEST_CASE("a nonce other than the one that the key demands is refused", "[payload]") {
    const Forge forge;
    const Bytes wire = forge.block();
    const ParsedBlock block = parsed(forge.world, wire);
    const Bytes associated = payload_associated(forge.world.workspace, block.core_bytes);
    const crypto::Nonce nonce{1, 2, 3};
    Bytes payload(nonce.begin(), nonce.end());
    append(
        payload,
        crypto::aead_seal(forge.world.keys.payload(), nonce, associated, pack(forge.plain(), 3)));
    CHECK(error_of(forge.world, with_payload(block, payload)) == PayloadError::wrong_nonce);
}

TEST_CASE("a frame that does not unpack keeps its block pending", "[payload]") {
    const Forge forge;
    CHECK(error_of(forge.world, forge.block(Bytes(256))) == PayloadError::bad_frame);
    const Bytes bomb = pack(Bytes(plain_size_max + 1, 'z'), 3);
    REQUIRE(bomb.size() < 1000);
    CHECK(error_of(forge.world, forge.block(bomb)) == PayloadError::bad_frame);
}

TEST_CASE("plain bytes of another shape are refused", "[payload]") {
    const Forge forge;
    const auto error = [&](Bytes plain) {
        return error_of(forge.world, forge.block(pack(plain, 3)));
    };
    Bytes longer = forge.plain();
    longer.push_back(0);
    CHECK(error(longer) == PayloadError::malformed);
    Bytes shorter = forge.plain();
    shorter.pop_back();
    CHECK(error(shorter) == PayloadError::malformed);
    CHECK(error(Bytes{0x80}) == PayloadError::malformed);
    CHECK(error(Bytes{0x83, 0x40, 0x80, 0x80}) == PayloadError::malformed);
}

TEST_CASE("more or fewer slots than the core counts are refused", "[payload]") {
    Forge fewer;
    fewer.slots.pop_back();
    CHECK(fewer.error() == PayloadError::malformed);
    Forge more;
    more.slots.push_back(more.slots[0]);
    CHECK(more.error() == PayloadError::malformed);
}

TEST_CASE("slots are entries within their limits or leaves of 32 bytes", "[payload]") {
    const Bytes nothing;
    const Bytes large(entry_size_max + 1, 'x');
    const Bytes long_leaf(33, 1);
    for (const Slot& slot :
         {Slot{nothing, true}, Slot{large, true}, Slot{long_leaf, false}, Slot{nothing, false}}) {
        Forge forge;
        forge.slots[1] = slot;
        CHECK(forge.error() == PayloadError::malformed);
    }
}

TEST_CASE("entries together stay within their limit", "[payload]") {
    Forge forge;
    forge.draft.entries.assign(4, Bytes(entry_size_max, 'x'));
    forge.commit();
    CHECK(opened(forge.world, forge.block()));
    forge.draft.entries.push_back(Bytes{0});
    forge.commit();
    CHECK(forge.error() == PayloadError::malformed);
}

TEST_CASE("a changed, exchanged or moved entry does not agree with the root", "[payload]") {
    Forge exchanged;
    std::swap(exchanged.slots[0], exchanged.slots[1]);
    CHECK(exchanged.error() == PayloadError::wrong_root);
    Forge changed;
    Bytes entry = changed.draft.entries[2];
    entry.back() ^= 1;
    changed.slots[2].bytes = entry;
    CHECK(changed.error() == PayloadError::wrong_root);
    Forge preamble;
    preamble.draft.preamble = encode_preamble({.base = {0}});
    CHECK(preamble.error() == PayloadError::wrong_root);
    Forge salt;
    salt.cover[0].bytes[0] ^= 1;
    CHECK(salt.error() == PayloadError::wrong_root);
}

TEST_CASE("an empty slot is covered by its leaf and by the right nodes", "[payload]") {
    Forge forge;
    forge.slots[1] = {forge.leaves[2], false};
    CHECK(forge.error() == PayloadError::wrong_cover);  // the seed would still salt it
    const Salt node{seed};
    EmptySlots empty;
    empty.set(2);
    forge.cover = puncture({&node, 1}, 3, {}, empty).value();
    CHECK(opened(forge.world, forge.block()));
    forge.slots[1] = {forge.leaves[1], false};
    CHECK(forge.error() == PayloadError::wrong_root);
    forge.slots[1] = {forge.leaves[2], false};
    forge.cover.push_back(node);
    CHECK(forge.error() == PayloadError::wrong_cover);
    forge.cover.resize(2);
    CHECK(forge.error() == PayloadError::wrong_cover);
    forge.cover.clear();
    CHECK(forge.error() == PayloadError::wrong_cover);
}

TEST_CASE("a cover finer than it must be is refused", "[payload]") {
    Forge forge;
    const auto children = salt_children(Salt{seed});
    forge.cover.assign(children.begin(), children.end());
    CHECK(forge.error() == PayloadError::wrong_cover);
}

TEST_CASE("a preamble that was committed to but is none is refused", "[payload]") {
    Forge forge;
    const auto error_with = [&](Bytes preamble) {
        forge.draft.preamble = std::move(preamble);
        forge.commit();
        return forge.error();
    };
    CHECK(error_with({0x80}) == PayloadError::malformed_preamble);
    const Preamble with_heads{.base = {0}, .heads = std::vector<LogHead>{}};
    CHECK(error_with(encode_preamble(with_heads)) == PayloadError::malformed_preamble);
    const Preamble own_log{.base = {0}, .table = {{forge.world.log, {1}}}};
    CHECK(error_with(encode_preamble(own_log)) == PayloadError::malformed_preamble);
}

TEST_CASE("in the turf common a preamble has heads", "[payload]") {
    const auto world = test::format_world();
    BlockDraft draft = small_draft(world, 1);
    draft.turf = common_turf(world.workspace);
    draft.preamble = encode_preamble({.base = {0}, .heads = {{{world.log, {4}, BlockHash{{1}}}}}});
    const ClosedBlock closed = close_block(draft, world.keys, world.device_key, seed);
    const auto payload = opened(world, closed.wire);
    REQUIRE(payload);
    CHECK(payload->preamble.heads->at(0).last == Seq{4});
}

TEST_CASE("resealing leaves out exactly the entries named, in one step or two", "[payload]") {
    const auto random_seed = std::random_device{}();
    CAPTURE(random_seed);
    std::mt19937 random(random_seed);
    const auto world = test::format_world();
    for (const std::size_t count : {1u, 3u, 40u, 511u}) {
        const Bytes author =
            close_block(small_draft(world, count), world.keys, world.device_key, seed).wire;
        const ParsedBlock block = parsed(world, author);
        EmptySlots first;
        first.set(1 + random() % count);
        EmptySlots both = first;
        both.set(1 + random() % count);
        const auto whole = opened(world, author);
        const Bytes once =
            with_payload(block, reseal_payload(block, *whole, first, world.keys, world.workspace));
        const auto punctured = opened(world, once);
        REQUIRE(punctured);
        CHECK(punctured->empty == first);
        const Bytes at_once = reseal_payload(block, *whole, both, world.keys, world.workspace);
        const Bytes later =
            reseal_payload(parsed(world, once), *punctured, both, world.keys, world.workspace);
        CHECK(at_once == later);
        const Bytes twice = with_payload(block, later);
        const auto last = opened(world, twice);
        REQUIRE(last);
        CHECK(last->empty == both);
        for (std::size_t i = 0; i < count; ++i) {
            REQUIRE(last->slots[i].present == !both[i + 1]);
            if (both[i + 1]) continue;
            REQUIRE(to_hex(last->slots[i].bytes) == to_hex(whole->slots[i].bytes));
        }
    }
}

TEST_CASE(
    "a resealed payload is the same whoever seals it and differs from the author's", "[payload]") {
    const auto world = test::format_world();
    const Bytes author =
        close_block(small_draft(world, 3), world.keys, world.device_key, seed).wire;
    const ParsedBlock block = parsed(world, author);
    const auto whole = opened(world, author);
    EmptySlots empty;
    empty.set(3);
    const Bytes payload = reseal_payload(block, *whole, empty, world.keys, world.workspace);
    CHECK(payload == reseal_payload(block, *whole, empty, world.keys, world.workspace));
    CHECK(to_hex(payload).substr(0, 48) != to_hex(block.payload).substr(0, 48));
}

TEST_CASE("a budget says no before a limit is passed", "[payload]") {
    BlockBudget by_count;
    for (int i = 0; i < 511; ++i) REQUIRE(by_count.add(10));
    CHECK_FALSE(by_count.add(10));
    BlockBudget by_size;
    for (int i = 0; i < 4; ++i) REQUIRE(by_size.add(entry_size_max));
    CHECK_FALSE(by_size.add(1));
    BlockBudget by_entry;
    CHECK_FALSE(by_entry.add(entry_size_max + 1));
    CHECK(by_entry.add(entry_size_max));
    BlockBudget by_table;
    CHECK(by_table.add(10, 1000));
    CHECK_FALSE(by_table.add(10, 1000));
    CHECK(by_table.add(10, 100));
    BlockBudget by_heads(700);
    CHECK_FALSE(by_heads.add(10, 500));
    CHECK(by_heads.add(10, 10));
}

TEST_CASE("the largest draft that a budget allows closes and opens, however random", "[payload]") {
    const auto random_seed = std::random_device{}();
    CAPTURE(random_seed);
    std::mt19937 random(random_seed);
    const auto world = test::format_world();
    BlockDraft draft = small_draft(world, 0);
    BlockBudget budget;
    Preamble preamble{.base = {0}};
    for (std::size_t n = 0; n < 1000; ++n) {
        TableRow row{.seen = {seq_max}};
        row.log.bytes = {static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n)};
        for (std::size_t i = 2; i < 32; ++i) row.log.bytes[i] = static_cast<std::uint8_t>(random());
        preamble.table.push_back(row);
    }
    draft.preamble = encode_preamble(preamble);
    const std::size_t size = entries_size_max / block_entries_max;
    for (std::size_t rows = 1000; budget.add(size, rows); rows = 0) {
        Bytes entry(size);
        for (auto& byte : entry) byte = static_cast<std::uint8_t>(random());
        draft.entries.push_back(std::move(entry));
    }
    REQUIRE(draft.entries.size() == block_entries_max);
    const ClosedBlock closed = close_block(draft, world.keys, world.device_key, seed);
    CHECK(closed.wire.size() <= block_size_max);
    CHECK(opened(world, closed.wire));
}
