#include "engine/sync/session.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/people/office.h"

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

}  // namespace vereda::tests
