#include "protocol/log/seal.h"

#include <catch2/catch.hpp>

#include "protocol/domain.h"
#include "protocol/limits.h"
#include "tests/unit/protocol/format_world.h"

using namespace vereda;
using namespace vereda::protocol;
using test::format_vectors;
using test::hex_at;
using test::id_at;
using test::to_hex;

TEST_CASE("the published seals are ours", "[seal][vectors]") {
    const auto world = test::format_world();
    int seen = 0;
    for (const auto& vector : format_vectors().at("blocks")) {
        if (!vector.contains("seal")) continue;
        CAPTURE(vector.at("name"));
        ++seen;
        const Bytes wire = hex_at(vector, "seal");
        const auto seal = parse_seal(wire);
        REQUIRE(seal);
        CHECK(encode_seal(*seal) == wire);
        CHECK(seal->block == id_at<BlockHash>(vector, "block_hash"));
        CHECK(seal->payload_hash == id_at<PayloadHash>(vector, "payload_hash"));
        CHECK(seal->order_position.value == vector.at("order_position"));
        CHECK(seal_hash(world.workspace, wire) == id_at<SealHash>(vector, "seal_hash"));
        const auto key = crypto::SigningKey::from_seed(hex_at(vector, "sealer_seed"));
        const auto signature = sign_seal(world.workspace, wire, key);
        CHECK(to_hex(signature) == vector.at("seal_signature"));
        CHECK(verify_seal(world.workspace, wire, signature));
        CHECK_FALSE(verify_checked(world.workspace, wire, signature));
        CHECK_FALSE(verify_seal(WorkspaceId{}, wire, signature));
    }
    CHECK(seen == 6);
}

TEST_CASE("a checked object is read, signed and verified as written", "[seal]") {
    const auto world = test::format_world();
    const Checked checked{
        .block = BlockHash{{1}},
        .seal = SealHash{{2}},
        .checker = DeviceId{world.device_key.public_key()},
        .roster_position = {7},
        .roster_hash = RosterHash{{3}}};
    const Bytes wire = encode_checked(checked);
    CHECK(parse_checked(wire) == checked);
    auto signature = sign_checked(world.workspace, wire, world.device_key);
    CHECK(verify_checked(world.workspace, wire, signature));
    signature[0] ^= 1;
    CHECK_FALSE(verify_checked(world.workspace, wire, signature));
}

TEST_CASE("a seal and a checked object are not mistaken for each other", "[seal]") {
    CHECK(parse_checked(encode_seal({})).error() == SealError::malformed);
    CHECK(parse_seal(encode_checked({})).error() == SealError::malformed);
}

TEST_CASE("every prefix and every longer form of a seal is refused", "[seal]") {
    Bytes wire = encode_seal({.order_position = {300}});
    for (std::size_t size = 0; size < wire.size(); ++size) {
        CHECK_FALSE(parse_seal(ByteView(wire).first(size)));
    }
    wire.push_back(0);
    CHECK_FALSE(parse_seal(wire));
    wire.resize(seal_size_max + 1);
    CHECK(parse_seal(wire).error() == SealError::too_large);
}

TEST_CASE("a seal of another version is refused", "[seal]") {
    Bytes wire = encode_seal({});
    wire[1] = 2;
    CHECK_FALSE(parse_seal(wire));
}

TEST_CASE("a signed object travels with its signature", "[seal]") {
    const Bytes object = encode_seal({});
    crypto::Signature signature{};
    signature[5] = 9;
    const Bytes wire = encode_signed(object, signature);
    const auto carried = parse_signed(wire);
    REQUIRE(carried);
    CHECK(to_hex(carried->object) == to_hex(object));
    CHECK(carried->signature == signature);
    CHECK_FALSE(parse_signed(ByteView(wire).first(wire.size() - 1)));
}

TEST_CASE("of two seals the later order stands, then the smaller hash", "[seal]") {
    const Seal early{.order_position = {4}};
    const Seal late{.order_position = {9}};
    const SealHash small{{1}};
    const SealHash large{{2}};
    CHECK(stands_before(late, large, early, small));
    CHECK_FALSE(stands_before(early, small, late, large));
    CHECK(stands_before(early, small, early, large));
    CHECK_FALSE(stands_before(early, large, early, small));
    CHECK_FALSE(stands_before(early, small, early, small));
}

TEST_CASE("the hash of what is carried tells whose fault it is", "[seal]") {
    const auto world = test::format_world();
    const auto& vector = test::block_vector("3 entries, 1 erased, raw");
    const auto seal = parse_seal(hex_at(vector, "seal"));
    const Bytes author_wire = test::block_bytes(test::block_vector("3 entries, raw"));
    const Bytes sealed_wire = test::block_bytes(vector);
    Bytes damaged_wire = sealed_wire;
    damaged_wire.back() ^= 1;
    const auto fault = [&](const Bytes& wire, std::optional<Seal> by = std::nullopt) {
        return payload_fault(parse_block(world.workspace, wire).value(), by);
    };
    CHECK(fault(author_wire) == PayloadFault::author);
    CHECK(fault(author_wire, *seal) == PayloadFault::author);
    CHECK(fault(sealed_wire, *seal) == PayloadFault::sealer);
    CHECK(fault(sealed_wire) == PayloadFault::carrier);
    CHECK(fault(damaged_wire, *seal) == PayloadFault::carrier);
    Seal foreign = *seal;
    foreign.block = BlockHash{};
    CHECK(fault(sealed_wire, foreign) == PayloadFault::carrier);
}
