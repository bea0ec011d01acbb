#include "protocol/domain.h"

#include <catch2/catch.hpp>

#include "protocol/log/epoch_keys.h"
#include "tests/unit/protocol/vectors.h"

/// Known answers worked out with Python's hashlib and PyNaCl from docs/protocol.md alone, for what
/// the published vectors do not show.
using namespace vereda;
using namespace vereda::protocol;
using test::to_hex;

namespace {

const WorkspaceId workspace = WorkspaceId::parse(Bytes(32, 0x11)).value();
const TurfId turf = TurfId::parse(Bytes(16, 0x22)).value();
const OrderId order = OrderId::parse(Bytes(16, 0x66)).value();
const Bytes epoch_key(32, 0x44);

}  // namespace

TEST_CASE("a domain stands before what is hashed", "[domain][vectors]") {
    const Bytes message{'a', 'b', 'c'};
    const auto* expected = "58c9e396348f199e13b0100c348ef6801a83d6aa6c356ec06ed737a8b9ad2341";
    CHECK(to_hex(domain_hash("list", message)) == expected);
    CHECK(
        to_hex(DomainHash("list").update(Bytes{'a'}).update(Bytes{'b', 'c'}).finish()) == expected);
    CHECK(domain_hash("wrap", message) != domain_hash("list", message));
}

TEST_CASE("the turf common is derived from the workspace", "[domain][vectors]") {
    CHECK(to_hex(common_turf(workspace).view()) == "622fedd0610abda781068749372ae4d1");
    CHECK(common_turf(WorkspaceId{}) != common_turf(workspace));
}

TEST_CASE("a checked object is named by workspace and bytes", "[domain][vectors]") {
    const auto* expected = "18f9c4174ae186f17785a53a238cdc112f586598904b3c714da8f4aa7433f9dd";
    CHECK(to_hex(checked_hash(workspace, Bytes{1, 2})) == expected);
}

TEST_CASE("a previous key sealed apart from this code is ours", "[epoch_keys][vectors]") {
    const EpochKeys keys = EpochKeys::derive(epoch_key);
    const Bytes sealed = test::from_hex(
        "0e15c873540b7a3f9b58584ebebafb6454658a726617479500f5490648be9be44ab05e4704401d1b1463c68989"
        "1f428e5b78afaae311eb7c1d634864c6fe38c5837087bdcb394409");
    CHECK(seal_previous_key(keys, Bytes(32, 0x55), workspace, turf, {2}) == sealed);
}

TEST_CASE("an erase list sealed apart from this code is ours", "[epoch_keys][vectors]") {
    const EpochKeys keys = EpochKeys::derive(epoch_key);
    const Bytes sealed = test::from_hex(
        "91eb9a230a6fa719be5979b73d90b05925faf7b599539fd1df3daf0a33ca8881b8983ab5a322dfdff12b21");
    const Bytes list = test::from_hex("828080");
    CHECK(seal_erase_list(keys, list, workspace, order, turf, {2}) == sealed);
}

TEST_CASE("a branch is called by its log and its first block", "[domain][vectors]") {
    const LogId log = LogId::parse(Bytes(32, 0x02)).value();
    const BlockHash first = BlockHash::parse(Bytes(32, 0x03)).value();
    CHECK(
        to_hex(branch_id(workspace, log, first).view()) ==
        "ee01fb72a6220580471612b4209cf0a8e5650b1bc210bb2602311f7c7e491d44");
}
