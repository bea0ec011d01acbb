#include <catch2/catch.hpp>

#include "protocol/domain.h"
#include "tests/unit/engine/roster/roster_world.h"

namespace vereda::engine {
namespace {

using protocol::EraseOrder;
using protocol::Role;
using protocol::RosterKind;
using protocol::TurfId;
using test::RosterWorld;

EraseOrder order(std::uint8_t id, const TurfId& turf) {
    EraseOrder body{.turf = turf, .epoch = {1}, .blocks = {{}}, .sealed_list = Bytes(64, id)};
    body.order.bytes.fill(id);
    body.list_hash = protocol::domain_hash("list", body.sealed_list);
    return body;
}

protocol::Propose proposal_of(const protocol::RosterBody& body) {
    return {kind_of(body), encode(body)};
}

/// A workspace where an erasure needs two of its three coordinators.
struct Council {
    RosterWorld world;
    RosterWorld::Joined second, third;
    explicit Council(
        const std::vector<protocol::PolicyRule>& policy =
            {{RosterKind::retired, 3}, {RosterKind::erase_order, 2}})
        : world(3, policy), second(joins()), third(joins()) {}

    /// The same as `join`, by an invite without keys: this founding made none.
    RosterWorld::Joined joins() {
        const InviteOffer offer{.role = Role::coordinator, .turfs = {}, .member = {}};
        if (!world.roster.hub()) REQUIRE(world.say(world.hub));
        return world.join(offer);
    }
    protocol::Approve approval() const { return {world.now(), world.roster.last_hash()}; }
};

}  // namespace

TEST_CASE("an erase order is known once, and supplements follow it in its turf", "[roster]") {
    RosterWorld world;
    const auto turf = world.make_turf();
    const auto other = world.make_turf();
    CHECK(world.say(protocol::Supplement{order(1, turf)}).error() == RosterError::unknown_target);
    REQUIRE(world.say(order(1, turf)));
    CHECK(world.say(order(1, turf)).error() == RosterError::already_exists);
    CHECK(world.say(protocol::Supplement{order(1, other)}).error() == RosterError::contradiction);
    CHECK(world.say(protocol::Supplement{order(1, turf)}));
    REQUIRE(world.roster.orders().size() == 2);
    CHECK(world.roster.orders()[1].position == world.now());
}

TEST_CASE("an erase order names a turf and an epoch that are there", "[roster]") {
    RosterWorld world;
    CHECK(world.say(order(1, TurfId{})).error() == RosterError::unknown_target);
    EraseOrder later = order(1, world.make_turf());
    later.epoch = {2};
    CHECK(world.say(later).error() == RosterError::unknown_target);
}

TEST_CASE("where the policy asks for two, one coordinator's order is refused", "[roster]") {
    Council council;
    const auto turf = council.world.make_turf();
    CHECK(council.world.say(order(1, turf)).error() == RosterError::needs_approval);
    CHECK(council.world.roster.orders().empty());
}

TEST_CASE("a proposal takes effect with the last approval that it needs", "[roster]") {
    Council council;
    RosterWorld& world = council.world;
    const auto turf = world.make_turf();
    REQUIRE(world.say(proposal_of(order(1, turf))));
    const auto approve = council.approval();
    CHECK(world.roster.orders().empty());
    CHECK(world.say(approve).error() == RosterError::already_exists);
    REQUIRE(world.say(council.second.device.signing, approve));
    REQUIRE(world.roster.orders().size() == 1);
    CHECK(world.roster.orders()[0].position == world.now());
    CHECK(world.say(council.third.device.signing, approve).error() == RosterError::already_exists);
}

TEST_CASE("a proposal that took effect does not take effect again", "[roster]") {
    Council council{std::vector<protocol::PolicyRule>{{RosterKind::member_role, 2}}};
    RosterWorld& world = council.world;
    const auto fourth = council.joins();
    const auto carry = [&](Role role) {
        REQUIRE(world.say(proposal_of(protocol::MemberRole{fourth.member, role, {}})));
        const auto approval = council.approval();
        REQUIRE(world.say(council.second.device.signing, approval));
        return approval;
    };
    const auto demotion = carry(Role::auditor);
    carry(Role::coordinator);
    CHECK(world.say(council.third.device.signing, demotion).error() == RosterError::already_exists);
    CHECK(world.roster.role_of(fourth.id()) == Role::coordinator);
}

TEST_CASE("an approval names its proposal by position and hash", "[roster]") {
    Council council;
    REQUIRE(council.world.say(proposal_of(order(1, council.world.make_turf()))));
    auto approve = council.approval();
    approve.hash.bytes[0] ^= 1;
    CHECK(
        council.world.say(council.second.device.signing, approve).error() ==
        RosterError::contradiction);
}

TEST_CASE("the approval of one who is no coordinator any more does not count", "[roster]") {
    Council council;
    RosterWorld& world = council.world;
    const auto turf = world.make_turf();
    REQUIRE(world.say(council.second.device.signing, proposal_of(order(1, turf))));
    const auto approve = council.approval();
    REQUIRE(world.say(protocol::MemberRole{council.second.member, Role::organiser, {}}));
    REQUIRE(world.say(approve));
    CHECK(world.roster.orders().empty());
    REQUIRE(world.say(council.third.device.signing, approve));
    CHECK(world.roster.orders().size() == 1);
}

TEST_CASE("two devices of one coordinator are one voice", "[roster]") {
    Council council;
    RosterWorld& world = council.world;
    const auto further =
        world.join({.role = Role::coordinator, .turfs = {}, .member = world.founder_member});
    REQUIRE(world.say(proposal_of(order(1, world.make_turf()))));
    CHECK(
        world.say(further.device.signing, council.approval()).error() ==
        RosterError::already_exists);
}

TEST_CASE("an approval whose effect would be refused is refused itself", "[roster]") {
    Council council;
    RosterWorld& world = council.world;
    const auto turf = world.make_turf();
    REQUIRE(world.say(proposal_of(order(1, turf))));
    const auto first = council.approval();
    REQUIRE(world.say(proposal_of(order(1, turf))));
    const auto second = council.approval();
    REQUIRE(world.say(council.second.device.signing, first));
    CHECK(world.say(council.second.device.signing, second).error() == RosterError::already_exists);
    CHECK(world.roster.orders().size() == 1);
}

TEST_CASE("what the policy does not name is not proposed", "[roster]") {
    Council council;
    const protocol::MemberRole body{council.second.member, Role::organiser, {}};
    CHECK(council.world.say(proposal_of(body)).error() == RosterError::contradiction);
}

TEST_CASE("the recovery key needs nobody's approval", "[roster]") {
    RosterWorld world(4, {{RosterKind::member_role, 2}});
    REQUIRE(world.say(world.hub));
    const auto second = world.join({.role = Role::coordinator, .turfs = {}, .member = {}});
    const protocol::MemberRole body{second.member, Role::organiser, {}};
    CHECK(world.say(body).error() == RosterError::needs_approval);
    CHECK(world.say(world.recovery, body));
}

}  // namespace vereda::engine
