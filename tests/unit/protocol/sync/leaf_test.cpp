#include "protocol/sync/leaf.h"

#include <catch2/catch.hpp>

#include "protocol/domain.h"
#include "tests/unit/protocol/format_world.h"

using namespace vereda;
using namespace vereda::protocol;
using test::format_vectors;
using test::hex_at;
using test::id_at;
using test::to_hex;

namespace {

Leaf a_leaf() {
    return {
        .kind = LeafKind::block,
        .workspace = WorkspaceId{{1}},
        .stream = TurfId{{2}},
        .stream_seq = 1,
        .accepted = {1'800'000'000'000},
        .object_hash = {3},
        .payload_hash = PayloadHash{{4}}};
}

}  // namespace

TEST_CASE("the published leaves, chain and stream head are ours", "[leaf][vectors]") {
    const auto world = test::format_world();
    const auto& hub = format_vectors().at("hub");
    ChainHash chain =
        chain_start(world.workspace, hub.at("epoch").get<std::uint64_t>(), world.turf);
    CHECK(chain == id_at<ChainHash>(hub, "chain_0"));
    for (const std::string n : {"1", "2"}) {
        const Bytes wire = hex_at(hub, ("leaf_" + n).c_str());
        const auto leaf = parse_leaf(wire);
        REQUIRE(leaf);
        CHECK(to_hex(encode_leaf(*leaf)) == to_hex(wire));
        CHECK(leaf->workspace == world.workspace);
        CHECK(leaf->stream == world.turf);
        CHECK(std::to_string(leaf->stream_seq) == n);
        chain = chain_next(chain, encode_leaf(*leaf));
        CHECK(chain == id_at<ChainHash>(hub, ("chain_" + n).c_str()));
    }
    const Bytes wire = hex_at(hub, "stream_head");
    const auto head = parse_stream_head(wire);
    REQUIRE(head);
    CHECK(encode_stream_head(*head) == wire);
    CHECK(head->turf_chain == chain);
    const auto key = crypto::SigningKey::from_seed(hex_at(hub, "hub_seed"));
    const auto signature = sign_stream_head(world.workspace, wire, key);
    CHECK(to_hex(signature) == hub.at("stream_head_signature"));
    CHECK(verify_stream_head(world.workspace, wire, signature, key.public_key()));
    CHECK_FALSE(verify_stream_head(WorkspaceId{}, wire, signature, key.public_key()));
}

TEST_CASE("the published leaves are those of published blocks", "[leaf][vectors]") {
    const auto& hub = format_vectors().at("hub");
    const auto check = [](const Bytes& wire, std::string_view name) {
        const auto& vector = test::block_vector(name);
        const auto leaf = parse_leaf(wire);
        REQUIRE(leaf);
        CHECK(leaf->kind == LeafKind::block);
        CHECK(to_hex(leaf->object_hash) == vector.at("block_hash"));
        CHECK(leaf->payload_hash == id_at<PayloadHash>(vector, "payload_hash"));
    };
    check(hex_at(hub, "leaf_1"), "3 entries, raw");
    check(hex_at(hub, "leaf_2"), "second block of the log, one entry of exactly 32 bytes, raw");
}

TEST_CASE("a leaf of each kind is read as written", "[leaf]") {
    for (const auto kind : {LeafKind::block, LeafKind::seal, LeafKind::checked, LeafKind::roster}) {
        Leaf leaf = a_leaf();
        leaf.kind = kind;
        if (kind >= LeafKind::checked) leaf.payload_hash = {};
        if (kind == LeafKind::roster) leaf.stream = {};
        CHECK(parse_leaf(encode_leaf(leaf)) == leaf);
    }
}

TEST_CASE("a leaf that contradicts its kind is refused", "[leaf]") {
    constexpr std::size_t kind_at = 15;
    constexpr std::size_t seq_at = 15 + 1 + 32 + 16;
    const LeafBytes good = encode_leaf(a_leaf());
    const auto with = [&](std::size_t at, std::uint8_t value) {
        LeafBytes changed = good;
        changed[at] = value;
        return parse_leaf(changed).has_value();
    };
    CHECK(with(kind_at, 2));
    CHECK_FALSE(with(kind_at, 0));
    CHECK_FALSE(with(kind_at, 5));
    CHECK_FALSE(with(kind_at, 3));        // checked has no payload hash
    CHECK_FALSE(with(kind_at, 4));        // the roster is no turf
    CHECK_FALSE(with(seq_at + 7, 0));     // stream_seq 0
    CHECK_FALSE(with(seq_at + 8, 0x80));  // a time before 1970
    CHECK_FALSE(with(0, 'w'));
}

TEST_CASE("the roster alone has no stream of its own name", "[leaf]") {
    constexpr std::size_t kind_at = 15;  // behind "vereda/leaf/v1" and its zero
    Leaf in_turf = a_leaf();
    in_turf.kind = LeafKind::checked;
    in_turf.payload_hash = {};
    LeafBytes wire = encode_leaf(in_turf);
    REQUIRE(parse_leaf(wire));
    wire[kind_at] = static_cast<std::uint8_t>(LeafKind::roster);
    CHECK_FALSE(parse_leaf(wire));

    Leaf of_roster = in_turf;
    of_roster.kind = LeafKind::roster;
    of_roster.stream = {};
    wire = encode_leaf(of_roster);
    REQUIRE(parse_leaf(wire));
    wire[kind_at] = static_cast<std::uint8_t>(LeafKind::checked);
    CHECK_FALSE(parse_leaf(wire));
}

TEST_CASE("a leaf of another length is refused", "[leaf]") {
    const LeafBytes good = encode_leaf(a_leaf());
    Bytes longer(good.begin(), good.end());
    longer.push_back(0);
    CHECK_FALSE(parse_leaf(longer));
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_FALSE(parse_leaf(ByteView(good).first(size)));
    }
}

TEST_CASE("every bit of a leaf moves the chain", "[leaf]") {
    const LeafBytes good = encode_leaf(a_leaf());
    const ChainHash start{};
    const ChainHash next = chain_next(start, good);
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        LeafBytes changed = good;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        REQUIRE(chain_next(start, changed) != next);
    }
}

TEST_CASE("a stream head is refused when cut, lengthened or of epoch zero", "[leaf]") {
    Bytes wire = encode_stream_head({.hub_epoch = 1, .turf_seq = 1000});
    for (std::size_t size = 0; size < wire.size(); ++size) {
        CHECK_FALSE(parse_stream_head(ByteView(wire).first(size)));
    }
    CHECK_FALSE(parse_stream_head(encode_stream_head({.hub_epoch = 0})));
    wire.push_back(0);
    CHECK_FALSE(parse_stream_head(wire));
}

TEST_CASE("what a block has seen is the head that the hub signed", "[leaf]") {
    const auto world = test::format_world();
    const auto hub_key = crypto::SigningKey::from_seed(Bytes(32, 9));
    const StreamHead head{.hub_epoch = 2, .turf = world.turf, .turf_seq = 5, .time = {77}};
    const auto signature = sign_stream_head(world.workspace, encode_stream_head(head), hub_key);
    const Seen seen{.hub_epoch = 2, .turf_seq = 5, .time = {77}, .signature = signature};
    const Bytes again = encode_stream_head(head_of(seen, world.turf));
    CHECK(verify_stream_head(world.workspace, again, seen.signature, hub_key.public_key()));
}
