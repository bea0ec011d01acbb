#include "engine/sync/session.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/log/block_hand.h"

/// A session by itself: no hub, only answers made by hand.
namespace vereda::tests {
namespace {

using namespace engine;
using engine::sync::Message;
using engine::sync::Session;
using engine::sync::Trouble;
using protocol::MessageName;
using protocol::Refusal;

// One that has used its invite.
Desk& settled(Desk& desk) {
    desk->set_beginnings({});
    return desk;
}

struct Talk {
    Office office;
    Desk& desk = settled(office.join("Ana"));
    DirectOpener opener;
    Session session{*desk, opener, {}};
};

/// A laptop that may only send, whose log of North has twelve closed blocks; the last is the only
/// one that the hub has not acknowledged.
struct Push : Talk {
    static constexpr std::uint64_t last = 11;

    Push() {
        for (std::uint64_t block = 0; block <= last; ++block) {
            static_cast<void>(add_person(desk, "Bo", std::to_string(block)));
            desk->close_blocks();
        }
        for (const LogOrdinal log : desk->writer().own_logs()) {
            const bool is_north = desk->store().info(log).turf == desk.north;
            const std::uint64_t end = desk->store().head(log)->block_no + 1;
            desk->store().set_pushed(log, is_north ? last : end);
        }
        REQUIRE(session.next());
        session.receive(std::unexpected(Refusal::not_permitted));
    }

    /// The blocks that are pushed next; none when nothing is.
    std::vector<protocol::ParsedBlock> next_blocks() {
        message = session.next();
        if (!message || message->name != MessageName::push) return {};
        request = *protocol::parse_push_request(message->body);
        std::vector<protocol::ParsedBlock> blocks;
        for (const Bytes& block : request.blocks)
            blocks.push_back(*protocol::parse_block(desk->roster().workspace(), block));
        return blocks;
    }
    /// The hub says the same of each block.
    void answer(const protocol::BlockVerdict& verdict) {
        const std::vector<protocol::BlockVerdict> verdicts(request.blocks.size(), verdict);
        session.receive(protocol::encode(protocol::PushAnswer{.verdicts = verdicts}));
    }
    /// It has the log up to `block_no` and no further.
    static protocol::BlockVerdict has_only(std::uint64_t block_no) {
        return {
            .outcome = protocol::PushOutcome::predecessor_unknown,
            .head = protocol::LogTip{.block_no = block_no}};
    }

    std::optional<Message> message;
    protocol::PushRequest request;
};

void add_turf(Desk& desk) { REQUIRE(serve_roster(desk, create_turf(desk).entries)); }

/// By the first message of a session that has nothing to send.
std::vector<protocol::PullCursor> turfs_asked_for(Desk& desk) {
    DirectOpener opener;
    Session session(*desk, opener, {.close = false, .push = false});
    const auto message = session.next();
    REQUIRE(message);
    const auto request = protocol::parse_roster_read_request(message->body);
    REQUIRE(request);
    REQUIRE(request->pull);
    return request->pull->cursors;
}

}  // namespace

TEST_CASE("a session begins with the roster, and closes nothing before", "[sync]") {
    Talk talk;
    static_cast<void>(add_person(talk.desk, "Bo", "Ek"));
    const auto open = talk.desk->store().open_count();
    const auto message = talk.session.next();
    REQUIRE(message);
    CHECK(message->name == MessageName::roster_read);
    CHECK(talk.desk->store().open_count() == open);
    const auto request = protocol::parse_roster_read_request(message->body);
    REQUIRE(request);
    CHECK(request->from == talk.desk->roster().next_position());
    CHECK_FALSE(request->pull);  // there is work to send first
    CHECK_FALSE(talk.session.is_over());
}

TEST_CASE(
    "a device that may read nothing any more sends what it has and asks for nothing", "[sync]") {
    Talk talk;
    static_cast<void>(add_person(talk.desk, "Bo", "Ek"));
    REQUIRE(talk.session.next());
    talk.session.receive(std::unexpected(Refusal::not_permitted));
    const auto message = talk.session.next();
    REQUIRE(message);
    CHECK(message->name == MessageName::push);
    const auto push = protocol::parse_push_request(message->body);
    REQUIRE(push);
    CHECK_FALSE(push->blocks.empty());
    CHECK_FALSE(push->pull);
    CHECK(talk.desk->store().open_count() == 0);
}

TEST_CASE("a block that waits for open work to be closed is taken in by the next sync", "[sync]") {
    Talk talk;
    BlockHand hand(talk.office.join("Bo"));
    take(talk.desk, hand.first().wire());
    static_cast<void>(add_person(talk.desk, "Bo", "Ek"));
    take(talk.desk, hand.first().wire());  // beside the other one: the log parts
    REQUIRE(talk.desk->store().waiting_count() == 1);
    REQUIRE(talk.session.next());
    talk.session.receive(std::unexpected(Refusal::not_permitted));
    REQUIRE(talk.session.next());
    CHECK(talk.desk->store().waiting_count() == 0);
}

TEST_CASE("an answer that is none ends the conversation and changes nothing", "[sync]") {
    Talk talk;
    static_cast<void>(add_person(talk.desk, "Bo", "Ek"));
    REQUIRE(talk.session.next());
    talk.session.receive(Bytes{0x01, 0x02});
    CHECK(talk.session.report().trouble == Trouble::nonsense);
    CHECK(talk.session.is_over());
    CHECK_FALSE(talk.session.next());
    CHECK(talk.desk->store().open_count() != 0);
}

TEST_CASE("a refusal ends the conversation and is told", "[sync]") {
    Talk talk;
    REQUIRE(talk.session.next());
    talk.session.receive(std::unexpected(Refusal::too_fast));
    CHECK(talk.session.report().trouble == Trouble::refused);
    CHECK(talk.session.report().refusal == Refusal::too_fast);
    CHECK_FALSE(talk.session.next());
}

TEST_CASE("a roster that brings nothing new and promises more is nonsense", "[sync]") {
    Talk talk;
    REQUIRE(talk.session.next());
    const ByteView known = talk.desk->roster().wire_at({0});
    protocol::RosterReadAnswer answer;
    answer.entries.push_back({.entry = Bytes(known.begin(), known.end()), .leaf = {1, {1}}});
    answer.more = true;
    answer.head.head = Bytes(40);
    talk.session.receive(protocol::encode(answer));
    CHECK(talk.session.report().trouble == Trouble::nonsense);
    CHECK_FALSE(talk.session.next());
}

TEST_CASE("one message asks for no more turfs than it may", "[sync]") {
    Office office;
    Desk& desk = settled(office.coordinator());
    for (std::size_t i = 0; i < protocol::pull_turfs_max; ++i) add_turf(desk);
    const auto asked = turfs_asked_for(desk);
    CHECK(asked.size() == protocol::pull_turfs_max);
}

TEST_CASE("one message names no more ranges of leaves than it may", "[sync]") {
    Office office;
    Desk& desk = settled(office.join("Ana"));
    Transaction transaction(desk->store().database());
    for (std::uint64_t i = 0; i <= protocol::pull_held_max; ++i)
        desk->store().hub_places().note_given(desk.north, 2 * i + 1, 0, {});
    transaction.commit();
    const auto asked = turfs_asked_for(desk);
    const protocol::TurfId& north = desk->store().turf(desk.north);
    const auto cursor = std::ranges::find(asked, north, &protocol::PullCursor::turf);
    REQUIRE(cursor != asked.end());
    CHECK(cursor->held.size() == protocol::pull_held_max);
}

TEST_CASE("a block that the hub refuses is offered once in a conversation", "[sync]") {
    Push push;
    REQUIRE_FALSE(push.next_blocks().empty());
    push.answer({.reason = protocol::BlockRefusal{1}});
    CHECK(push.session.report().refused_blocks != 0);
    CHECK(push.next_blocks().empty());
}

TEST_CASE("a hub that asks for what it was just sent is not asked again", "[sync]") {
    Push push;
    REQUIRE_FALSE(push.next_blocks().empty());
    push.answer(Push::has_only(99));
    CHECK(push.next_blocks().empty());
}

TEST_CASE("a hub that knows less of a log each time is not offered more for ever", "[sync]") {
    Push push;
    int pushes = 0;
    for (auto sent = push.next_blocks(); !sent.empty(); sent = push.next_blocks()) {
        ++pushes;
        REQUIRE(pushes < 20);
        const std::uint64_t first = sent.front().core.block_no;
        push.answer(Push::has_only(first < 2 ? 0 : first - 2));
    }
    CHECK(pushes == 8);
}

}  // namespace vereda::tests
