#include "protocol/log/block.h"

#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "tests/unit/protocol/format_world.h"

using namespace vereda;
using namespace vereda::protocol;
using test::block_bytes;
using test::block_vector;

namespace {

/// A first block's claims, all in order.
Core good_core() {
    Core core;
    core.count = 3;
    core.roster_position = {5};
    return core;
}

bool parses(const Core& core) { return parse_core(encode_core(core)).has_value(); }

}  // namespace

TEST_CASE("a core is read as written, with what was seen and without", "[block]") {
    Core core = good_core();
    CHECK(parse_core(encode_core(core)) == core);
    core.seen = Seen{.hub_epoch = 1, .turf_seq = 9, .time = {-3}};
    CHECK(parse_core(encode_core(core)) == core);
    core.seen->checkpoint = SeenCheckpoint{.tree_size = 70'000};
    CHECK(parse_core(encode_core(core)) == core);
    CHECK(encode_core(core).size() <= core_size_max);
}

TEST_CASE("a block holds one to 511 entries", "[block]") {
    Core core = good_core();
    for (const std::uint32_t count : {1u, 511u}) {
        core.count = count;
        CHECK(parses(core));
    }
    for (const std::uint32_t count : {0u, 512u, 100'000u}) {
        core.count = count;
        CHECK_FALSE(parses(core));
    }
}

TEST_CASE("seqs stay within their limit", "[block]") {
    Core core = good_core();
    core.block_no = 7;
    core.previous = BlockHash{{1}};
    core.first_seq = {seq_max - 2};
    CHECK(parses(core));
    CHECK(core.last_seq() == Seq{seq_max});
    core.first_seq = {seq_max - 1};
    CHECK_FALSE(parses(core));
    core.first_seq = {std::uint64_t{1} << 62};
    CHECK_FALSE(parses(core));
}

TEST_CASE("only the first block of a log starts it", "[block]") {
    Core core = good_core();
    core.first_seq = {2};
    CHECK_FALSE(parses(core));
    core.previous = BlockHash{{1}};
    CHECK_FALSE(parses(core));
    core.block_no = 1;
    CHECK(parses(core));
    core.previous = {};
    CHECK_FALSE(parses(core));
    core.previous = BlockHash{{1}};
    core.block_no = 2;  // two blocks before the second entry
    CHECK_FALSE(parses(core));
    core.block_no = 1;
    core.first_seq = {1};
    CHECK_FALSE(parses(core));
}

TEST_CASE("epochs begin at one", "[block]") {
    Core core = good_core();
    core.epoch = {0};
    CHECK_FALSE(parses(core));
    core = good_core();
    core.seen = Seen{.hub_epoch = 0};
    CHECK_FALSE(parses(core));
}

TEST_CASE("a core of another version, cut or lengthened is refused", "[block]") {
    Bytes wire = encode_core(good_core());
    for (std::size_t size = 0; size < wire.size(); ++size) {
        CHECK_FALSE(parse_core(ByteView(wire).first(size)));
    }
    Bytes version = wire;
    version[1] = 2;
    CHECK_FALSE(parse_core(version));
    wire.push_back(0xf6);
    CHECK_FALSE(parse_core(wire));
    CHECK(parse_core(Bytes(core_size_max + 1)).error() == BlockError::too_large);
}

TEST_CASE("a block cut anywhere or lengthened is refused", "[block]") {
    const auto world = test::format_world();
    Bytes wire = block_bytes(block_vector("1 entries, raw"));
    for (std::size_t size = 0; size < wire.size(); ++size) {
        REQUIRE_FALSE(parse_block(world.workspace, ByteView(wire).first(size)));
    }
    wire.push_back(0);
    CHECK_FALSE(parse_block(world.workspace, wire));
}

TEST_CASE("a block beyond its limit is refused", "[block]") {
    const auto world = test::format_world();
    const Bytes small = block_bytes(block_vector("1 entries, raw"));
    const auto block = parse_block(world.workspace, small);
    REQUIRE(block);
    const std::size_t overhead =
        with_payload(*block, Bytes(block_size_max / 2)).size() - block_size_max / 2;
    const auto padded = [&](std::size_t size) {
        return with_payload(*block, Bytes(size - overhead - 2));
    };
    const Bytes largest = padded(block_size_max);
    REQUIRE(largest.size() <= block_size_max);
    CHECK(parse_block(world.workspace, largest));
    CHECK(
        parse_block(world.workspace, padded(block_size_max + 10)).error() == BlockError::too_large);
}

TEST_CASE("a header must be followed by the hash of its payload", "[block]") {
    const auto world = test::format_world();
    for (const std::size_t size : {0u, 31u, 32u}) {
        const Bytes wire = encode_block(Bytes(size), {}, Bytes(300));
        CHECK(parse_block(world.workspace, wire).error() == BlockError::malformed);
    }
}

TEST_CASE("a signature is good for one workspace, one device and one header", "[block]") {
    const auto world = test::format_world();
    const Bytes wire = block_bytes(block_vector("3 entries, raw"));
    auto block = parse_block(world.workspace, wire).value();
    CHECK(verify_block(world.workspace, block));
    CHECK_FALSE(verify_block(WorkspaceId{}, block));
    auto other_device = block;
    other_device.core.device =
        DeviceId{test::array_at<32>(test::format_vectors()["world"], "coordinator_1")};
    CHECK_FALSE(verify_block(world.workspace, other_device));
    auto other_signature = block;
    other_signature.signature[0] ^= 1;
    CHECK_FALSE(verify_block(world.workspace, other_signature));
}

TEST_CASE("a block in another workspace has another name and log", "[block]") {
    const auto world = test::format_world();
    const Bytes wire = block_bytes(block_vector("3 entries, raw"));
    const auto here = parse_block(world.workspace, wire).value();
    const auto there = parse_block(WorkspaceId{}, wire).value();
    CHECK(here.hash != there.hash);
    CHECK(here.log != there.log);
}

TEST_CASE("another payload changes neither the name of a block nor its signature", "[block]") {
    const auto world = test::format_world();
    const Bytes wire = block_bytes(block_vector("3 entries, raw"));
    const auto author = parse_block(world.workspace, wire).value();
    const Bytes changed = with_payload(author, Bytes(300, 7));
    const auto other = parse_block(world.workspace, changed).value();
    CHECK(other.hash == author.hash);
    CHECK(verify_block(world.workspace, other));
    CHECK(carries_authors_payload(author));
    CHECK_FALSE(carries_authors_payload(other));
}
