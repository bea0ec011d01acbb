#include <catch2/catch.hpp>

#include "hub_world.h"
#include "protocol/sync/leaf.h"

using namespace vereda;
using namespace vereda::server;
using namespace vereda::server::test;
using protocol::MessageName;
using protocol::Refusal;
using protocol::Role;

namespace {

protocol::RosterReadAnswer read_roster(
    HubWorld& world, const Laptop& by, std::uint64_t from = 0,
    std::vector<protocol::LogId> logs = {}) {
    const protocol::RosterReadRequest request{{from}, std::move(logs)};
    const auto answer = protocol::parse_roster_read_answer(
        world.ask(by, MessageName::roster_read, encode(request)).body);
    REQUIRE(answer);
    return *answer;
}

protocol::RosterAppendAnswer append(
    HubWorld& world, const engine::WrittenEntry& entry, std::optional<ByteArray<32>> share = {}) {
    protocol::RosterAppendRequest request{entry.wire, entry.wraps, {}};
    if (share) request.share = protocol::InviteShare{*share};
    const auto answer = protocol::parse_roster_append_answer(
        world.ask(world.founder, MessageName::roster_append, encode(request)).body);
    REQUIRE(answer);
    return *answer;
}

}  // namespace

TEST_CASE("a workspace is founded with one token, once", "[hub]") {
    HubWorld world;
    HubWorld other;
    other.tokens.add(other.founding.token);

    SECTION("the same founding again gets the same leaves") {
        world.clock.advance_ms(5000);
        const HubAnswer again =
            world.ask(world.founder, MessageName::found, encode(world.founding));
        REQUIRE(again.status == 200);
        const auto leaves = protocol::parse_found_answer(again.body)->leaves;
        CHECK(leaves.size() == world.founding.entries.size());
        CHECK(leaves[0].accepted.value == world.clock.now().value - 5000);
        CHECK_FALSE(world.tokens.holds(hash_of(world.founding.token)));
    }
    SECTION("a token that is spent founds nothing else") {
        crypto::SeededEntropy entropy(99);
        const Laptop second(entropy);
        const auto recovery = crypto::SigningKey::generate(entropy);
        auto made = engine::found(second.keys, recovery.public_key(), std::nullopt, entropy);
        protocol::FoundRequest request;
        request.token = world.founding.token;
        world.tokens.add(request.token);  // as after a crash between commit and spending it
        for (const auto& entry : made.entries) {
            request.entries.push_back(entry.wire);
            if (!entry.wraps.empty()) request.wraps.push_back({entry.position, entry.wraps});
        }
        const auto ask = [&] {
            return world.hub->handle(
                {MessageName::found, made.workspace, second.keys.http.public_key(),
                 encode(request)});
        };
        CHECK(refusal_of(ask()) == Refusal::bad_token);
        request.token = {entropy.bytes<16>()};
        CHECK(refusal_of(ask()) == Refusal::bad_token);
        world.tokens.add(request.token);
        CHECK(ask().status == 200);  // many workspaces on one hub
    }
    SECTION("nobody repeats another's founding") {
        crypto::SeededEntropy entropy(99);
        const Laptop stranger(entropy);
        CHECK(
            refusal_of(world.ask(stranger, MessageName::found, encode(world.founding))) ==
            Refusal::not_permitted);
    }
    SECTION("a workspace that is not on the hub is unknown") {
        world.workspace.bytes[0] ^= 1;
        CHECK(
            refusal_of(world.ask(
                world.founder, MessageName::roster_read, encode(protocol::RosterReadRequest{}))) ==
            Refusal::unknown_workspace);
    }
}

TEST_CASE("founding needs the wraps that its entries name", "[hub]") {
    crypto::SeededEntropy entropy(5);
    HubWorld world;
    const Laptop second(entropy);
    const auto recovery = crypto::SigningKey::generate(entropy);
    auto made = engine::found(second.keys, recovery.public_key(), std::nullopt, entropy);
    protocol::FoundRequest request;
    request.token = {entropy.bytes<16>()};
    world.tokens.add(request.token);
    for (const auto& entry : made.entries) request.entries.push_back(entry.wire);
    const HubAnswer answer = world.hub->handle(
        {MessageName::found, made.workspace, second.keys.http.public_key(), encode(request)});
    CHECK(refusal_of(answer) == Refusal::wraps_differ);
    CHECK(world.tokens.holds(hash_of(request.token)));
    const std::vector kept = world.store->workspaces().all();
    CHECK(std::ranges::find(kept, made.workspace) == kept.end());
}

TEST_CASE("the roster is served as it was appended, with a signed head", "[hub]") {
    HubWorld world;
    const auto answer = read_roster(world, world.founder);
    REQUIRE(answer.entries.size() == world.roster.size());
    engine::Roster copy(world.workspace);
    auto chain = protocol::chain_start(world.workspace, 1, {});
    for (const protocol::ServedEntry& served : answer.entries) {
        REQUIRE(copy.append(served.entry));
        chain = protocol::chain_next(
            chain, protocol::encode_leaf(
                       {protocol::LeafKind::roster,
                        world.workspace,
                        {},
                        served.leaf.stream_seq,
                        served.leaf.accepted,
                        copy.last_hash().bytes,
                        {}}));
    }
    CHECK(copy.last_hash() == world.roster.last_hash());
    CHECK_FALSE(answer.more);
    const auto head = protocol::parse_stream_head(answer.head.head);
    REQUIRE(head);
    CHECK(head->turf_chain == chain);
    CHECK(head->turf_seq == world.roster.size());
    CHECK(protocol::verify_stream_head(
        world.workspace, answer.head.head, answer.head.signature, world.hub_key.public_key()));
    world.restart();
    CHECK(read_roster(world, world.founder).entries == answer.entries);
    CHECK(read_roster(world, world.founder, 3).entries.size() == world.roster.size() - 3);
    CHECK(read_roster(world, world.founder, 1000).entries.empty());
}

TEST_CASE("two coordinators' entries on one end: the second is told what came first", "[hub]") {
    HubWorld world;
    auto first = world.writer().create_turf();
    auto second = world.writer().create_turf();
    REQUIRE(first);
    REQUIRE(second);
    const auto appended = append(world, first->entries[0]);
    REQUIRE(std::holds_alternative<protocol::RosterAppended>(appended));
    const auto conflict = append(world, second->entries[0]);
    REQUIRE(std::holds_alternative<protocol::RosterConflict>(conflict));
    CHECK(std::get<protocol::RosterConflict>(conflict).length == world.roster.size() + 1);
    CHECK(append(world, first->entries[0]) == appended);  // a lost reply
}

TEST_CASE("an entry behind another one than the hub's last is told so", "[hub]") {
    HubWorld world;
    auto here = world.writer().create_turf();
    auto elsewhere = world.writer().create_turf();
    REQUIRE(here);
    REQUIRE(elsewhere);
    REQUIRE(std::holds_alternative<protocol::RosterAppended>(append(world, here->entries[0])));
    // Its place is the next one, and what it follows is another turf.
    const auto conflict = append(world, elsewhere->entries[1]);
    REQUIRE(std::holds_alternative<protocol::RosterConflict>(conflict));
    CHECK(std::get<protocol::RosterConflict>(conflict).length == world.roster.size() + 1);
}

TEST_CASE("an entry with wraps, sent again after a lost reply, is answered alike", "[hub]") {
    HubWorld world;
    const auto made = world.writer().create_turf();
    REQUIRE(made);
    static_cast<void>(append(world, made->entries[0]));
    REQUIRE_FALSE(made->entries[1].wraps.empty());
    const auto appended = append(world, made->entries[1]);
    REQUIRE(std::holds_alternative<protocol::RosterAppended>(appended));
    CHECK(append(world, made->entries[1]) == appended);
}

TEST_CASE("an entry that its signer may not write is refused", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    const engine::RosterWriter forger(world.roster, organiser.keys.signing, world.entropy);
    CHECK_FALSE(forger.create_turf().has_value());
    protocol::RosterEntry entry{
        world.roster.next_position(),
        world.roster.last_hash(),
        protocol::TurfCreated{{world.entropy.bytes<16>()}},
        {}};
    entry.signatures.push_back(
        {organiser.keys.signing.public_key(),
         organiser.keys.signing.sign(protocol::message_to_sign(world.workspace, entry))});
    const protocol::RosterAppendRequest request{encode(entry), {}, {}};
    CHECK(
        refusal_of(world.ask(organiser, MessageName::roster_append, encode(request))) ==
        Refusal::entry_refused);
    CHECK(read_roster(world, world.founder).entries.size() == world.roster.size());
}

TEST_CASE("an invite without its share or its wraps is refused", "[hub]") {
    HubWorld world;
    const auto no_keys = [](const protocol::TurfId&, protocol::Epoch) {
        return static_cast<const crypto::SecretBytes*>(nullptr);
    };
    CHECK_FALSE(world.writer().invite({}, no_keys, world.clock).has_value());
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    // The same again at its place is idempotent; as a new entry it lacks what belongs to it.
    auto made = world.writer().create_turf();
    REQUIRE(made);
    world.append(made->entries[0]);
    engine::WrittenEntry epoch = made->entries[1];
    epoch.wraps.clear();
    protocol::RosterAppendRequest request{epoch.wire, epoch.wraps, {}};
    CHECK(
        refusal_of(world.ask(world.founder, MessageName::roster_append, encode(request))) ==
        Refusal::wraps_differ);
    request.wraps = made->entries[1].wraps;
    request.share = protocol::InviteShare{invited.share};
    CHECK(
        refusal_of(world.ask(world.founder, MessageName::roster_append, encode(request))) ==
        Refusal::wraps_differ);
}

TEST_CASE("an invite's share is released once, and again to the same device", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    const Laptop newcomer(world.entropy), thief(world.entropy);
    const HubAnswer first =
        world.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer));
    REQUIRE(first.status == 200);
    const auto enrolled = protocol::parse_enrol_answer(first.body);
    REQUIRE(enrolled);
    CHECK(enrolled->share.bytes == invited.share);

    world.clock.advance_ms(1000);
    CHECK(
        world.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer)).body ==
        first.body);
    CHECK(
        refusal_of(world.ask(thief, MessageName::enrol, world.enrolment(invited, thief))) ==
        Refusal::invite_used);
    world.restart();
    CHECK(
        world.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer)).body ==
        first.body);
    CHECK(
        refusal_of(world.ask(thief, MessageName::enrol, world.enrolment(invited, thief))) ==
        Refusal::invite_used);
    CHECK(read_roster(world, newcomer).entries.size() == world.roster.size() + 1);
}

TEST_CASE("an enrolment lands behind whatever was appended since the invite", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    auto made = world.writer().create_turf();
    REQUIRE(made);
    for (const auto& entry : made->entries) world.append(entry);
    const Laptop newcomer(world.entropy);
    const auto answer = protocol::parse_enrol_answer(
        world.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer)).body);
    REQUIRE(answer);
    CHECK(answer->position == world.roster.next_position());
    world.catch_up();
    CHECK(world.roster.is_active(newcomer.keys.device()));
}

TEST_CASE("an invite that has expired by the hub's clock enrols nobody", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    const Laptop newcomer(world.entropy);
    world.clock.advance_ms(8 * 24 * 3600 * std::int64_t{1000});
    CHECK(
        refusal_of(world.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer))) ==
        Refusal::invite_expired);
}

TEST_CASE("to name its place brings nobody in late at a hub that lost nothing", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    const Laptop newcomer(world.entropy);
    const auto entry = engine::placed(
        engine::make_enrolment(invited.code, newcomer.member, newcomer.keys), world.roster);
    world.clock.advance_ms(8 * 24 * 3600 * std::int64_t{1000});
    const protocol::EnrolRequest request{encode(entry), true};
    CHECK(
        refusal_of(world.ask(newcomer, MessageName::enrol, encode(request))) ==
        Refusal::invite_expired);
}

TEST_CASE("a cancelled or unknown invite enrols nobody", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    const auto invites = world.roster.open_invites();
    REQUIRE(invites.size() == 1);
    protocol::RosterEntry entry{
        world.roster.next_position(),
        world.roster.last_hash(),
        protocol::InviteCancelled{invites[0].body.id},
        {}};
    entry.signatures.push_back(
        {world.founder.keys.signing.public_key(),
         world.founder.keys.signing.sign(protocol::message_to_sign(world.workspace, entry))});
    const Laptop newcomer(world.entropy);
    engine::Invited elsewhere{invited.entry, invited.code, invited.share};
    elsewhere.code.position.value = 1;
    CHECK(
        refusal_of(world.ask(newcomer, MessageName::enrol, world.enrolment(elsewhere, newcomer))) ==
        Refusal::invite_unknown);
    world.append({entry.position, encode(entry), {}});
    CHECK(
        refusal_of(world.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer))) ==
        Refusal::invite_cancelled);
}

TEST_CASE("an enrolment is only taken from the device that it names", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    const Laptop newcomer(world.entropy), other(world.entropy);
    CHECK(
        refusal_of(world.ask(other, MessageName::enrol, world.enrolment(invited, newcomer))) ==
        Refusal::not_permitted);
}

TEST_CASE("a newcomer opens its turf keys with code and share", "[hub]") {
    HubWorld world;
    const engine::Invited invited = world.invite(Role::organiser, {world.east});
    const Laptop newcomer(world.entropy);
    REQUIRE(
        world.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer)).status == 200);
    world.catch_up();
    const auto box = protocol::invite_box_key(invited.code.secret, invited.share);
    const auto answer = protocol::parse_wraps_read_answer(
        world
            .ask(
                newcomer, MessageName::wraps_read,
                encode(protocol::WrapsReadRequest{box.public_key()}))
            .body);
    REQUIRE(answer);
    REQUIRE(answer->wraps.size() == 2);  // `common` and the turf
    const auto& root =
        std::get<protocol::Invite>(world.roster.entry_at(answer->wraps[0].position).body).wraps;
    for (const protocol::ServedWrap& served : answer->wraps) {
        const protocol::WrapPlace place{
            world.workspace, served.turf, served.epoch, box.public_key(), served.position};
        const auto key = protocol::open_wrap(box, place, served.wrap);
        CHECK(key.has_value());
        const protocol::SealedWrap wrap{served.turf, served.epoch, box.public_key(), served.wrap};
        CHECK(protocol::verify_wrap_path(root, wrap, served.index, served.path));
        CHECK(served.count == root.count);
    }
}

TEST_CASE("the roster comes with the turfs asked for beside it", "[hub]") {
    HubWorld world;
    BlockLog log(world, world.founder, world.east);
    const Bytes block = log.next();
    world.push(world.founder, {block});
    protocol::PullRequest pull;
    pull.cursors.emplace_back().turf = world.east;
    const auto answer = protocol::parse_roster_read_answer(
        world
            .ask(
                world.founder, MessageName::roster_read,
                encode(protocol::RosterReadRequest{{0}, {}, pull}))
            .body);
    REQUIRE(answer);
    CHECK(answer->entries.size() == world.roster.size());
    REQUIRE(answer->turfs.size() == 1);
    REQUIRE(answer->turfs[0].blocks.size() == 1);
    CHECK(answer->turfs[0].blocks[0].block == block);
    CHECK(protocol::verify_stream_head(
        world.workspace, answer->turfs[0].head.head, answer->turfs[0].head.signature,
        world.hub_key.public_key()));
}

TEST_CASE("a key that is on no roster gets nothing", "[hub]") {
    HubWorld world;
    const Laptop stranger(world.entropy);
    for (const auto& [name, body] : std::vector<std::pair<MessageName, Bytes>>{
             {MessageName::roster_read, encode(protocol::RosterReadRequest{})},
             {MessageName::push, encode(protocol::PushRequest{})},
             {MessageName::pull, encode(protocol::PullRequest{})},
             {MessageName::wraps_read, encode(protocol::WrapsReadRequest{})}}) {
        CHECK(refusal_of(world.ask(stranger, name, body)) == Refusal::bad_signature);
    }
    CHECK_FALSE(world.hub->knows(world.workspace, stranger.keys.http.public_key()));
    CHECK(world.hub->knows(world.workspace, world.founder.keys.http.public_key()));
    CHECK_FALSE(world.hub->knows({}, world.founder.keys.http.public_key()));
}

TEST_CASE("an enrolled device is known to the gate at once", "[hub]") {
    HubWorld world;
    const Laptop organiser = world.organiser({world.east});
    CHECK(world.hub->knows(world.workspace, organiser.keys.http.public_key()));
}

TEST_CASE("a body that is not the message is malformed", "[hub]") {
    HubWorld world;
    for (const MessageName name :
         {MessageName::found, MessageName::roster_read, MessageName::roster_append,
          MessageName::enrol, MessageName::wraps_read, MessageName::push, MessageName::pull}) {
        CHECK(refusal_of(world.ask(world.founder, name, {0x01})) == Refusal::malformed);
    }
    CHECK(
        refusal_of(
            world.ask(world.founder, MessageName::push, Bytes(protocol::message_size_max + 1))) ==
        Refusal::too_large);
}

TEST_CASE("a restored hub takes the entries that it lost from those who have them", "[hub]") {
    HubWorld world;
    const auto invited = world.invite(Role::organiser, {world.east});
    const Laptop newcomer(world.entropy);
    REQUIRE(
        world.ask(newcomer, MessageName::enrol, world.enrolment(invited, newcomer)).status == 200);
    world.catch_up();

    // The restored hub: the same founding, and nothing since.
    const auto backup = SqliteStore::open({.path = {}, .in_memory = true});
    REQUIRE(backup);
    MemoryTokens tokens;
    tokens.add(world.founding.token);
    std::optional<Hub> hub;
    hub.emplace(**backup, tokens, world.clock, world.hub_key.clone(), HubConfig{});
    const auto ask = [&](MessageName name, Bytes body) {
        return hub->handle(
            {name, world.workspace, world.founder.keys.http.public_key(), std::move(body)});
    };
    REQUIRE(ask(MessageName::found, encode(world.founding)).status == 200);
    hub.reset();
    (*backup)->workspaces().begin_epoch(2);
    hub.emplace(**backup, tokens, world.clock, world.hub_key.clone(), HubConfig{});

    for (std::uint64_t at = world.founding.entries.size(); at < world.roster.size(); ++at) {
        const ByteView wire = world.roster.wire_at({at});
        const protocol::RosterAppendRequest request{Bytes(wire.begin(), wire.end()), {}, {}};
        CHECK(ask(MessageName::roster_append, encode(request)).status == 200);
    }
    CHECK(hub->knows(world.workspace, newcomer.keys.http.public_key()));
}
