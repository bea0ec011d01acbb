#include "client/api/batch_line.h"

#include <catch2/catch.hpp>

#include "client/api/write_verbs.h"
#include "client/words/catalogue.h"

using namespace vereda;
using namespace vereda::client;

namespace {

constexpr protocol::Millis now{1'770'000'000'000};

template <class Kind>
Kind read(std::string_view line) {
    auto parsed = parse_batch_line(line, now);
    INFO((parsed ? "" : in_words(parsed.error()).error));
    REQUIRE(parsed);
    REQUIRE(std::holds_alternative<Kind>(*parsed));
    return std::get<Kind>(*parsed);
}

std::string refused(std::string_view line) {
    const auto parsed = parse_batch_line(line, now);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().exit == Exit::usage);
    CHECK(parsed.error().code == "malformed");
    return in_words(parsed.error()).error;
}

}  // namespace

TEST_CASE("a contact comes with key, fields and elements", "[batch]") {
    const auto action = read<AddContact>(
        R"({"do":"contact.add","turf":"North","key":17,"set":{"name":"Rosa"},"add":{"tags":["a","b"],"phones":"+571"},"consent":{"sms":"withdrawn"}})");
    CHECK(action.turf == "North");
    REQUIRE(action.draft.key);
    CHECK(action.draft.key->source == "batch");
    CHECK(action.draft.key->key == "17");
    REQUIRE(action.draft.set.size() == 1);
    CHECK(action.draft.set[0].value == "Rosa");
    CHECK(action.draft.add.size() == 3);
    REQUIRE(action.draft.consents.size() == 1);
    CHECK_FALSE(action.draft.consents[0].given);
}

TEST_CASE("a number that has lost digits is no text", "[batch]") {
    for (const std::string set :
         {R"("set":{"phone":5.73E+11})", R"("set":{"notes":1.5})",
          R"("key":5.73E+11,"set":{"name":"Rosa"})"}) {
        const auto why = refused(R"({"do":"contact.add","turf":"North",)" + set + "}");
        CHECK(why.find("write it as text") != std::string::npos);
    }
    const auto whole =
        read<AddContact>(R"({"do":"contact.add","turf":"North","set":{"phone":573015550101}})");
    CHECK(whole.draft.set[0].value == "573015550101");
}

TEST_CASE("a line may name the source of its keys", "[batch]") {
    const auto action =
        read<AddContact>(R"({"do":"contact.add","turf":"N","key":"1","source":"roll"})");
    CHECK(action.draft.key->source == "roll");
}

TEST_CASE("a visit's time may be milliseconds or ISO 8601", "[batch]") {
    const auto number = read<AddInteraction>(
        R"({"do":"interaction.add","contact":"key:1","kind":"door","outcome":"spoke","at":1700000000000})");
    CHECK(number.draft.at == protocol::Millis{1'700'000'000'000});
    const auto text = read<AddInteraction>(
        R"({"do":"interaction.add","contact":"key:1","kind":"door","at":"2023-11-14T22:13:20Z"})");
    CHECK(text.draft.at == protocol::Millis{1'700'000'000'000});
    CHECK(
        refused(R"({"do":"interaction.add","contact":"1","kind":"door","at":"soon"})").find("at") !=
        std::string::npos);
}

TEST_CASE("every action of a person has its line", "[batch]") {
    CHECK(read<HideContact>(R"({"do":"contact.retract","contact":"a"})").restore == false);
    CHECK(read<HideContact>(R"({"do":"contact.restore","contact":"a"})").restore);
    CHECK(read<HideInteraction>(R"({"do":"interaction.restore","interaction":"a"})").restore);
    CHECK(read<ReleaseContact>(R"({"do":"contact.release","contact":"a"})").contact.typed == "a");
    CHECK(
        read<LiftConsent>(
            R"({"do":"consent.lift","contact":"a","channel":"sms","evidence":"said so"})")
            .channel == "sms");
    CHECK(
        read<CorrectInteraction>(R"({"do":"interaction.correct","interaction":"a","note":""})")
            .change.note == "");
    CHECK(
        read<ChangeContact>(R"({"do":"contact.set","contact":"a","remove":{"tags":"x"}})")
            .change.remove.size() == 1);
}

TEST_CASE("a key is looked for in the source that the line names", "[batch]") {
    const auto of_roll =
        read<HideContact>(R"({"do":"contact.retract","contact":"key:1","source":"roll"})");
    CHECK(of_roll.contact.source == "roll");
    const auto of_none = read<HideContact>(R"({"do":"contact.retract","contact":"key:1"})");
    CHECK(of_none.contact.source == "batch");
}

TEST_CASE("each verb has a name of its own, and no other name is known", "[batch]") {
    for (const WriteVerb& verb : write_verbs()) CHECK(find_write_verb(verb.name) == &verb);
    CHECK(find_write_verb("contact") == nullptr);
}

TEST_CASE("a null clears a field", "[batch]") {
    const auto action =
        read<ChangeContact>(R"({"do":"contact.set","contact":"a","set":{"city":null}})");
    REQUIRE(action.change.set.size() == 1);
    CHECK(action.change.set[0].value.empty());
}

TEST_CASE("a name that stands twice in one object is refused", "[batch]") {
    const auto twice = [](std::string_view line) {
        return refused(line).find("twice") != std::string::npos;
    };
    CHECK(twice(R"({"do":"contact.add","turf":"N","set":{"name":"A","name":"B"}})"));
    CHECK(twice(R"({"do":"contact.add","turf":"N","turf":"S"})"));
    CHECK(twice(R"({"do":"contact.add","turf":"N","set":{"n\u0061me":"A","name":"A"}})"));
    CHECK(
        twice(R"({"do":"contact.set","contact":"a","consent":{"sms":"withdrawn","sms":"given"}})"));
    const auto apart = read<ChangeContact>(
        R"({"do":"contact.set","contact":"a","add":{"tags":["x"]},"remove":{"tags":["y"]}})");
    CHECK(apart.change.add.size() == 1);
}

TEST_CASE("a line that is not understood whole is refused", "[batch]") {
    CHECK(refused("") == "The line is not JSON.");
    CHECK(refused("{") == "The line is not JSON.");
    CHECK(refused("[]") == "The line is not a JSON object.");
    CHECK(refused(R"({"turf":"N"})").find("do") != std::string::npos);
    CHECK(refused(R"({"do":"contact.erase"})").find("contact.erase") != std::string::npos);
    CHECK(refused(R"({"do":"contact.add"})").find("turf") != std::string::npos);
    CHECK(
        refused(R"({"do":"contact.add","turf":"N","nmae":"x"})").find("nmae") != std::string::npos);
    CHECK(refused(R"({"do":"contact.add","turf":["N"]})").find("turf") != std::string::npos);
    CHECK(refused(R"({"do":"contact.add","turf":"N","set":"x"})").find("set") != std::string::npos);
    CHECK(
        refused(R"({"do":"contact.set","contact":"a","consent":{"sms":"yes"}})").find("consent") !=
        std::string::npos);
}

TEST_CASE("a line says which entries were seen, field by field", "[batch]") {
    const auto edit = read<ChangeContact>(
        R"({"do":"contact.set","contact":"7k2mq","set":{"phone":"1"},"seen":{"phone":["a","b"],"city":[]}})");
    CHECK(edit.seen == SeenTexts{{"phone", {"a", "b"}}, {"city", {}}});
    const auto correction = read<CorrectInteraction>(
        R"({"do":"interaction.correct","interaction":"4t9ab","note":"x","seen":{"note":["c"]}})");
    CHECK(correction.seen == SeenTexts{{"note", {"c"}}});
    CHECK(
        refused(R"({"do":"contact.set","contact":"7","seen":["a"]})").find("seen") !=
        std::string::npos);
    CHECK(
        refused(R"({"do":"contact.set","contact":"7","seen":{"phone":"a"}})").find("list") !=
        std::string::npos);
    CHECK(
        refused(R"({"do":"contact.retract","contact":"7","seen":{}})").find("seen") !=
        std::string::npos);
}

TEST_CASE("a line settles a conflict of a contact or of an interaction", "[batch]") {
    const auto of_contact = read<SettleConflict>(
        R"({"do":"conflict.settle","contact":"7k2mq","field":"phone","value":"1","seen":{"phone":["a"]}})");
    CHECK(of_contact.record.typed == "7k2mq");
    CHECK(of_contact.kind == engine::RecordKind::contact);
    CHECK(of_contact.field == "phone");
    CHECK(of_contact.value == "1");
    CHECK(of_contact.seen == SeenTexts{{"phone", {"a"}}});
    const auto of_visit = read<SettleConflict>(
        R"({"do":"conflict.settle","interaction":"4t9ab","field":"outcome","value":"spoke"})");
    CHECK(of_visit.kind == engine::RecordKind::interaction);
    CHECK(of_visit.record.typed == "4t9ab");
    CHECK(
        refused(R"({"do":"conflict.settle","field":"phone"})").find("contact") !=
        std::string::npos);
}
