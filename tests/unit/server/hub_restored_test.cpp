#include <catch2/catch.hpp>

#include "hub_world.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::MessageName;
using protocol::Refusal;
using protocol::Role;

namespace {

constexpr std::int64_t day_ms = std::int64_t{24} * 3600 * 1000;

/// The hub of a world, put back to its founding: nothing since is there, and its epoch is 2.
struct PutBack {
    explicit PutBack(HubWorld& world_) : world(world_) {
        auto opened = SqliteStore::open({.path = {}, .in_memory = true});
        REQUIRE(opened);
        store = *std::move(opened);
        tokens.add(world.founding.token);
        start();
        REQUIRE(ask(world.founder, MessageName::found, encode(world.founding)).status == 200);
    }
    void begin_epoch() {
        hub.reset();
        store->workspaces().begin_epoch(2);
        start();
    }
    void start() {
        hub =
            std::make_unique<Hub>(*store, tokens, world.clock, world.hub_key.clone(), HubConfig{});
    }
    HubAnswer ask(const Laptop& by, MessageName name, Bytes body) {
        return hub->handle({name, world.workspace, by.keys.http.public_key(), std::move(body)});
    }
    HubAnswer append(const Laptop& by, const protocol::RosterAppendRequest& request) {
        return ask(by, MessageName::roster_append, encode(request));
    }
    /// One entry of the world's roster, without its parts.
    HubAnswer give(const Laptop& by, protocol::RosterPosition position) {
        const ByteView wire = world.roster.wire_at(position);
        return append(by, {Bytes(wire.begin(), wire.end()), {}, {}});
    }
    /// All that it lacks before `end`, given by the founder.
    void give_before(protocol::RosterPosition end) {
        for (std::uint64_t at = world.founding.entries.size(); at < end.value; ++at) {
            REQUIRE(give(world.founder, {at}).status == 200);
        }
    }

    HubWorld& world;
    std::unique_ptr<SqliteStore> store;
    MemoryTokens tokens;
    std::unique_ptr<Hub> hub;
};

/// Somebody who used an invite at the world's hub, seven days before it would have expired.
struct Newcomer {
    explicit Newcomer(HubWorld& world)
        : invited(world.invite(Role::organiser, {world.east})), laptop(world.entropy) {
        REQUIRE(
            world.ask(laptop, MessageName::enrol, world.enrolment(invited, laptop)).status == 200);
        world.catch_up();
        enrolled = world.roster.last_position();
    }
    /// The enrolment as it stands on the roster.
    [[nodiscard]] Bytes at_its_place(const HubWorld& world) const {
        const ByteView wire = world.roster.wire_at(enrolled);
        return encode(protocol::EnrolRequest{Bytes(wire.begin(), wire.end()), true});
    }
    [[nodiscard]] protocol::RosterAppendRequest kept() const {
        return {invited.entry.wire, invited.entry.wraps, protocol::InviteShare{invited.share}};
    }

    engine::Invited invited;
    Laptop laptop;
    protocol::RosterPosition enrolled;
};

}  // namespace

TEST_CASE("nobody but its signer supplies the parts of a lost entry", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    const protocol::RosterAppendRequest real{
        invited.entry.wire, invited.entry.wraps, protocol::InviteShare{invited.share}};
    protocol::RosterAppendRequest planted = real;
    planted.share->bytes[3] ^= 1;
    PutBack hub(world);
    hub.begin_epoch();
    hub.give_before(invited.entry.position);

    CHECK(refusal_of(hub.append(organiser, planted)) == Refusal::not_permitted);
    REQUIRE(hub.give(organiser, invited.entry.position).status == 200);
    CHECK(hub.append(organiser, planted).status == 200);  // it is there, and nothing was added
    CHECK(hub.append(world.founder, real).status == 200);

    const protocol::RosterReadRequest read{
        world.roster.next_position(), {}, {}, world.roster.last_hash()};
    REQUIRE(
        hub.ask(world.founder, MessageName::roster_read, encode(read)).status == 200);  // confirms
    const Laptop newcomer(world.entropy);
    const HubAnswer answer =
        hub.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer));
    REQUIRE(answer.status == 200);
    CHECK(protocol::parse_enrol_answer(answer.body)->share.bytes == invited.share);
}

TEST_CASE("wraps that do not match their entry are not kept, the right ones later are", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    PutBack hub(world);
    hub.begin_epoch();
    hub.give_before(world.roster.next_position());
    protocol::RosterAppendRequest request{invited.entry.wire, invited.entry.wraps, {}};
    request.wraps[0].wrap[5] ^= 1;
    const auto wraps = [&] {
        const auto box = protocol::invite_box_key(invited.code.secret, invited.share);
        const auto answer = protocol::parse_wraps_read_answer(
            hub.ask(
                   world.founder, MessageName::wraps_read,
                   encode(protocol::WrapsReadRequest{box.public_key()}))
                .body);
        REQUIRE(answer);
        return answer->wraps.size();
    };
    CHECK(hub.append(world.founder, request).status == 200);
    CHECK(wraps() == 0);
    request.wraps = invited.entry.wraps;
    CHECK(hub.append(world.founder, request).status == 200);
    CHECK(wraps() == invited.entry.wraps.size());
}

TEST_CASE("who really enrolled comes back after the invite has expired", "[hub]") {
    HubWorld world;
    const Newcomer newcomer(world);
    PutBack hub(world);
    hub.begin_epoch();
    world.clock.advance_ms(60 * day_ms);
    hub.give_before(newcomer.enrolled);
    SECTION("given back by another") {
        CHECK(hub.give(world.founder, newcomer.enrolled).status == 200);
    }
    SECTION("by itself, at its very place") {
        REQUIRE(hub.append(world.founder, newcomer.kept()).status == 200);
        CHECK(
            hub.ask(newcomer.laptop, MessageName::enrol, newcomer.at_its_place(world)).status ==
            200);
    }
    CHECK(hub.hub->knows(world.workspace, newcomer.laptop.keys.http.public_key()));
}

TEST_CASE("an invite that had expired before the backup was made enrols nobody", "[hub]") {
    HubWorld world;
    const Newcomer newcomer(world);
    world.clock.advance_ms(10 * day_ms);
    PutBack hub(world);  // its newest leaf is of this day
    hub.begin_epoch();
    hub.give_before(newcomer.enrolled);
    REQUIRE(hub.append(world.founder, newcomer.kept()).status == 200);
    CHECK(refusal_of(hub.give(world.founder, newcomer.enrolled)) == Refusal::invite_expired);
    CHECK(
        refusal_of(hub.ask(newcomer.laptop, MessageName::enrol, newcomer.at_its_place(world))) ==
        Refusal::invite_expired);
    CHECK_FALSE(hub.hub->knows(world.workspace, newcomer.laptop.keys.http.public_key()));
}

TEST_CASE("a newcomer waits until a coordinator stands at a restored hub's end", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    PutBack hub(world);
    hub.begin_epoch();
    hub.give_before(invited.entry.position);
    REQUIRE(
        hub.append(
               world.founder,
               {invited.entry.wire, invited.entry.wraps, protocol::InviteShare{invited.share}})
            .status == 200);
    const Laptop newcomer(world.entropy);
    const auto enrol = [&] {
        return hub.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer));
    };
    const auto read = [&](const Laptop& by, const protocol::RosterReadRequest& request) {
        REQUIRE(hub.ask(by, MessageName::roster_read, encode(request)).status == 200);
    };
    const protocol::RosterReadRequest at_the_end{
        world.roster.next_position(), {}, {}, world.roster.last_hash()};
    read(organiser, at_the_end);
    CHECK(refusal_of(enrol()) == Refusal::restored);
    read(world.founder, {});
    CHECK(refusal_of(enrol()) == Refusal::restored);
    read(world.founder, at_the_end);
    CHECK(enrol().status == 200);
}

TEST_CASE("who would come back to a place that is not the next is told so", "[hub]") {
    HubWorld world;
    const Newcomer newcomer(world);
    PutBack hub(world);
    hub.begin_epoch();
    hub.give_before(newcomer.invited.entry.position);
    CHECK(
        refusal_of(hub.ask(newcomer.laptop, MessageName::enrol, newcomer.at_its_place(world))) ==
        Refusal::roster_differs);
}

TEST_CASE("an invite whose share the hub has lost enrols nobody", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    PutBack hub(world);
    hub.begin_epoch();
    hub.give_before(world.roster.next_position());
    const protocol::RosterReadRequest at_the_end{
        world.roster.next_position(), {}, {}, world.roster.last_hash()};
    REQUIRE(hub.ask(world.founder, MessageName::roster_read, encode(at_the_end)).status == 200);
    const Laptop newcomer(world.entropy);
    CHECK(
        refusal_of(hub.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer))) ==
        Refusal::invite_unknown);
    CHECK_FALSE(hub.hub->knows(world.workspace, newcomer.keys.http.public_key()));
}

TEST_CASE("an enrolment does not come by roster-append, past expiry and share", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    const Laptop newcomer(world.entropy);
    auto entry = engine::make_enrolment(invited.code, newcomer.member, newcomer.keys);
    entry.position = world.roster.next_position();
    entry.predecessor = world.roster.last_hash();
    const protocol::RosterAppendRequest request{encode(entry), {}, {}};
    CHECK(
        refusal_of(world.ask(world.founder, MessageName::roster_append, encode(request))) ==
        Refusal::not_permitted);
    CHECK_FALSE(world.hub->knows(world.workspace, newcomer.keys.http.public_key()));
}

TEST_CASE("nobody founds a workspace with another's genesis, nor spends its token", "[hub]") {
    HubWorld world;
    auto opened = SqliteStore::open({.path = {}, .in_memory = true});
    REQUIRE(opened);
    MemoryTokens tokens;
    tokens.add(world.founding.token);
    Hub fresh(**opened, tokens, world.clock, world.hub_key.clone(), HubConfig{});
    const Laptop stranger(world.entropy);
    const auto found = [&](const Laptop& by) {
        return fresh.handle(
            {MessageName::found, world.workspace, by.keys.http.public_key(),
             encode(world.founding)});
    };
    CHECK(refusal_of(found(stranger)) == Refusal::not_permitted);
    CHECK(tokens.holds(hash_of(world.founding.token)));
    CHECK(found(world.founder).status == 200);
}

TEST_CASE("a founding with one entry changed is not the same founding", "[hub]") {
    HubWorld world;
    protocol::FoundRequest changed = world.founding;
    changed.entries.back().back() ^= 1;
    CHECK(
        refusal_of(world.ask(world.founder, MessageName::found, encode(changed))) ==
        Refusal::entry_refused);
    protocol::FoundRequest longer = world.founding;
    longer.entries.push_back(longer.entries.back());
    CHECK(
        refusal_of(world.ask(world.founder, MessageName::found, encode(longer))) ==
        Refusal::entry_refused);
}

TEST_CASE("a caller whose roster is another branch is told so", "[hub]") {
    HubWorld world;
    protocol::RosterReadRequest request{
        world.roster.next_position(), {}, {}, world.roster.last_hash()};
    CHECK(world.ask(world.founder, MessageName::roster_read, encode(request)).status == 200);
    request.known->bytes[0] ^= 1;
    CHECK(
        refusal_of(world.ask(world.founder, MessageName::roster_read, encode(request))) ==
        Refusal::roster_differs);
}
