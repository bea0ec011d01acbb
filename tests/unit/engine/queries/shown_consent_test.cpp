#include "engine/queries/shown_consent.h"

#include <catch2/catch.hpp>

#include "engine/schema/fields.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;
using protocol::ConsentMark;
using protocol::ConsentState;

namespace {

/// A contact whose author wrote channels as no program of ours does.
LocalDot add_odd_contact(Desk& desk, std::vector<ConsentMark> consents) {
    const Bytes name = protocol::text_value("Rosa");
    const protocol::ContactCreate event{
        .kind = 1, .values = {{field::name, false, name}}, .consents = std::move(consents)};
    return desk->append(
        desk.north, {.type = protocol::EventType::contact_create, .body = protocol::encode(event)});
}

std::vector<ConsentView> consents_shown(Desk& desk, LocalDot contact) {
    return Queries(*desk).contact(contact)->consents;
}

constexpr std::uint64_t sms = 3;

}  // namespace

TEST_CASE("a channel in words that are a known one's is that channel", "[people][consent]") {
    CHECK(channel_word("sms") == "sms");
    CHECK(channel_word(" SMS ") == "sms");
    CHECK(channel_word("pigeon post") == "pigeon post");
    CHECK(channel_word("Pigeon") == "Pigeon");
}

TEST_CASE("people see one answer a channel, and a withdrawal wins", "[people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot rosa = add_odd_contact(
        desk, {{.channel = {sms, {}}, .state = ConsentState::withdrawn},
               {.channel = {sms, {}}, .purpose = 7, .state = ConsentState::given},
               {.channel = {0, "sms"}, .state = ConsentState::given}});
    const auto shown = consents_shown(desk, rosa);
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].channel == "sms");
    CHECK_FALSE(shown[0].given);
}

TEST_CASE("a withdrawal in words stops a consent by number", "[people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot rosa =
        add_odd_contact(desk, {{.channel = {0, "Sms"}, .state = ConsentState::withdrawn}});
    const auto given = People(*desk).edit_contact(rosa, {.consents = {{"sms", true}}});
    REQUIRE_FALSE(given);
    CHECK(given.error().problem == ActionProblem::withdrawn);
}

TEST_CASE("a lift ends a withdrawal under every spelling and purpose", "[people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot rosa = add_odd_contact(
        desk, {{.channel = {sms, {}}, .state = ConsentState::withdrawn},
               {.channel = {sms, {}}, .purpose = 7, .state = ConsentState::withdrawn},
               {.channel = {0, "sms"}, .state = ConsentState::withdrawn},
               {.channel = {0, "post"}, .state = ConsentState::withdrawn}});
    REQUIRE(People(*desk).lift_consent(rosa, "sms", "asked to be texted"));
    const RecordState state = desk->projection().contacts().load(rosa)->state;
    REQUIRE(shown_consent(state, "sms"));
    CHECK(shown_consent(state, "sms")->given);
    REQUIRE(shown_consent(state, "post"));
    CHECK_FALSE(shown_consent(state, "post")->given);
}

TEST_CASE("a channel that a later version numbered is lifted by its number", "[people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot rosa = add_odd_contact(
        desk, {{.channel = {0, {}}, .state = ConsentState::withdrawn},
               {.channel = {37, {}}, .state = ConsentState::withdrawn}});
    REQUIRE(consents_shown(desk, rosa).size() == 2);
    REQUIRE(People(*desk).lift_consent(rosa, "channel 0", "a form"));
    REQUIRE(People(*desk).lift_consent(rosa, "channel 37", "a form"));
    const auto lifted = consents_shown(desk, rosa);
    REQUIRE(lifted.size() == 2);
    CHECK(lifted[0].given);
    CHECK(lifted[1].given);
}

TEST_CASE("a yes and a no about one channel in one action are refused", "[people][consent]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot rosa = add_person(desk, "Rosa", "Paz");
    const std::vector<ConsentText> both{{"sms", false}, {"SMS", true}};
    const auto edited = People(*desk).edit_contact(rosa, {.consents = both});
    REQUIRE_FALSE(edited);
    CHECK(edited.error().problem == ActionProblem::given_twice);
    const auto added =
        People(*desk).add_contact(desk.north, {.set = {{"name", "Omar"}}, .consents = both});
    REQUIRE_FALSE(added);
    CHECK(added.error().problem == ActionProblem::given_twice);
    CHECK(People(*desk).edit_contact(rosa, {.consents = {{"sms", false}, {"sms", false}}}));
}
