#include "engine/merge/record_state.h"

#include <catch2/catch.hpp>
#include <set>

#include "engine/merge/consent.h"
#include "engine/schema/fields.h"
#include "protocol/log/event.h"

using namespace vereda;
using namespace vereda::engine;

namespace {

class Applied final : public AppliedDots {
  public:
    [[nodiscard]] bool applied(LocalDot dot) const override { return dots.contains(dot); }
    std::set<LocalDot> dots;
};

class ByNumber final : public DotOrder {
  public:
    [[nodiscard]] bool before(LocalDot a, LocalDot b) const override { return a < b; }
};

/// As where ordinals of logs say nothing about the order that all laptops share.
class Backwards final : public DotOrder {
  public:
    [[nodiscard]] bool before(LocalDot a, LocalDot b) const override { return b < a; }
};

LocalDot dot(std::uint32_t log, std::uint64_t seq) { return LocalDot::of({log}, {seq}); }

constexpr RecordState::Slot name{field::name, {}};
constexpr RecordState::Slot red_tag{field::tags, "red"};

std::vector<std::string> shown(const RecordState& state, std::uint32_t code) {
    std::vector<std::string> values;
    for (const RecordState::Item* item : state.live(code, ByNumber()))
        values.push_back(item->value);
    return values;
}

}  // namespace

TEST_CASE("a register keeps every concurrent value and shows the latest first", "[merge]") {
    RecordState state;
    state.add(name, dot(1, 1), "Ana", {}, 100);
    state.add(name, dot(2, 1), "Anna", {}, 200);
    CHECK(shown(state, field::name) == std::vector<std::string>{"Anna", "Ana"});
    CHECK(state.conflicts() == std::vector<std::uint32_t>{field::name});
}

TEST_CASE("of values of one time the last in the shared order shows first", "[merge]") {
    RecordState state;
    state.add(name, dot(1, 1), "Ana", {}, 100);
    state.add(name, dot(2, 1), "Anna", {}, 100);
    CHECK(state.live(field::name, ByNumber()).front()->value == "Anna");
    CHECK(state.live(field::name, Backwards()).front()->value == "Ana");
}

TEST_CASE("equal concurrent values are no conflict", "[merge]") {
    RecordState state;
    state.add(name, dot(1, 1), "Ana", {}, 100);
    state.add(name, dot(2, 1), "Ana", {}, 200);
    CHECK(state.conflicts().empty());
}

TEST_CASE("writing over all values ends a conflict", "[merge]") {
    RecordState state;
    const Applied log;
    state.add(name, dot(1, 1), "Ana", {}, 100);
    state.add(name, dot(2, 1), "Anna", {}, 200);
    for (const LocalDot seen : state.dots(name)) state.remove(name, seen, {}, log);
    state.add(name, dot(3, 1), "Anna", {}, 300);
    CHECK(state.conflicts().empty());
    CHECK(shown(state, field::name) == std::vector<std::string>{"Anna"});
}

TEST_CASE("a removal that comes first meets its value when it comes", "[merge]") {
    RecordState state;
    const Applied log;
    state.remove(name, dot(1, 1), {}, log);
    CHECK(state.early().size() == 1);
    state.add(name, dot(1, 1), "Ana", {}, 100);
    CHECK(state.empty());
}

TEST_CASE("a removal of what was applied and is gone is not remembered", "[merge]") {
    RecordState state;
    Applied log;
    log.dots.insert(dot(1, 1));
    state.remove(name, dot(1, 1), {}, log);
    CHECK(state.empty());
}

TEST_CASE("an element stays while an add lives that no removal has seen", "[merge]") {
    RecordState state;
    const Applied log;
    state.add(red_tag, dot(1, 1), {}, {}, 100);
    state.add(red_tag, dot(2, 1), {}, {}, 100);
    state.remove(red_tag, dot(1, 1), {}, log);
    CHECK(state.elements(field::tags) == std::vector<std::string_view>{"red"});
    state.remove(red_tag, dot(2, 1), {}, log);
    CHECK(state.elements(field::tags).empty());
}

TEST_CASE("a person's write leaves the sheet's value as its baseline", "[merge]") {
    RecordState state;
    const Applied log;
    state.add(name, dot(1, 1), "Ana", "roll", 100);
    state.remove(name, dot(1, 1), {}, log);
    state.add(name, dot(2, 1), "Anita", {}, 200);
    CHECK(shown(state, field::name) == std::vector<std::string>{"Anita"});
    REQUIRE(state.baseline(field::name, "roll").size() == 1);
    CHECK(state.baseline(field::name, "roll").front()->value == "Ana");
    CHECK(state.conflicts().empty());
    state.remove(name, dot(1, 1), "roll", log);
    CHECK(state.baseline(field::name, "roll").empty());
}

TEST_CASE("a baseline is the same whichever removal came first", "[merge]") {
    const Applied log;
    for (const bool person_first : {true, false}) {
        RecordState state;
        state.remove(name, dot(1, 1), person_first ? "" : "roll", log);
        state.remove(name, dot(1, 1), person_first ? "roll" : "", log);
        state.add(name, dot(1, 1), "Ana", "roll", 100);
        CHECK(state.empty());
    }
}

TEST_CASE("a sheet's own removal takes its value whole, whoever else removed it", "[merge]") {
    const Applied log;
    RecordState state;
    for (const char* source : {"list", "roll", "sheet"}) state.remove(name, dot(1, 1), source, log);
    state.add(name, dot(1, 1), "Ana", "roll", 100);
    CHECK(state.empty());
}

TEST_CASE("two states that turn out to be one meet each other's removals", "[merge]") {
    const Applied log;
    RecordState whole;
    whole.add(name, dot(1, 1), "Ana", {}, 100);
    whole.remove(name, dot(2, 1), {}, log);  // not here: in the other one
    RecordState other;
    other.add(name, dot(2, 1), "Anna", {}, 100);
    whole.absorb(std::move(other));
    CHECK(shown(whole, field::name) == std::vector<std::string>{"Ana"});
    CHECK(whole.early().empty());
}

TEST_CASE("what one of two states has removed early, both have once they are one", "[merge]") {
    const Applied log;
    RecordState whole, other;
    other.remove(name, dot(1, 1), {}, log);
    whole.absorb(std::move(other));
    whole.add(name, dot(1, 1), "Ana", {}, 100);
    CHECK(whole.empty());
}

TEST_CASE("a state survives its encoding", "[merge]") {
    RecordState state;
    const Applied log;
    state.add(name, dot(1, 1), "Ana", "roll", -5);
    state.add(red_tag, dot(2, 9), {}, {}, 100);
    state.remove(name, dot(1, 1), {}, log);
    state.remove(name, dot(7, 7), "list", log);
    const RecordState again = RecordState::decode(state.encode());
    CHECK(again.encode() == state.encode());
    REQUIRE(again.items().size() == 2);
    CHECK_FALSE(again.items().begin()->live);
    CHECK(again.items().begin()->at_ms == -5);
    CHECK(again.early() == state.early());
}

TEST_CASE("a withdrawal wins over consent given later, until a lift names it", "[merge][consent]") {
    const protocol::CodeOrText sms{*code_of(Vocabulary::channel, "sms"), {}};
    const std::string element = consent_element(sms, 0);
    const RecordState::Slot slot{consent_slot, element};
    const Applied log;
    RecordState state;
    state.add(slot, dot(1, 1), consent_value(protocol::ConsentState::withdrawn), {}, 100);
    state.add(slot, dot(2, 1), consent_value(protocol::ConsentState::given), {}, 900);
    const auto withdrawn = consent_of(state, sms, 0);
    REQUIRE(withdrawn);
    CHECK(withdrawn->state == protocol::ConsentState::withdrawn);
    CHECK(withdrawn->withdrawals == std::vector<LocalDot>{dot(1, 1)});
    for (const LocalDot named : withdrawn->withdrawals) state.remove(slot, named, {}, log);
    CHECK(consent_of(state, sms, 0)->state == protocol::ConsentState::given);
}

TEST_CASE("a channel's purposes are separate", "[merge][consent]") {
    const protocol::CodeOrText sms{*code_of(Vocabulary::channel, "sms"), {}};
    RecordState state;
    const std::string element = consent_element(sms, 7);
    state.add(
        {consent_slot, element}, dot(1, 1), consent_value(protocol::ConsentState::withdrawn), {},
        1);
    CHECK_FALSE(consent_of(state, sms, 0));
    CHECK(consent_of(state, sms, 7));
}
