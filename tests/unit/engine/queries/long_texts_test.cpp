#include <catch2/catch.hpp>

#include "engine/audit/audit.h"
#include "engine/queries/record_ids.h"
#include "engine/queries/workspace_status.h"
#include "engine/replay/digest.h"
#include "tests/unit/engine/log/hand.h"

/// Texts that a block says in few bytes stay in the log, and nobody notices but the memory.
namespace vereda::tests {
namespace {

using namespace engine;

std::string letters(char letter) { return std::string(30'000, letter); }
// Short enough for two of them in one entry.
std::string part(char letter) { return letters(letter).substr(0, 9'000); }

/// Ana has written; Bo has it from her blocks.
struct TwoDesks {
    Office office{{.index_notes = true}};
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");

    // The one contact, as Bo's laptop numbers it.
    [[nodiscard]] LocalDot at_bo() {
        const auto lines = Queries(*bo).contacts({});
        REQUIRE(lines.size() == 1);
        return lines.front().id;
    }
    [[nodiscard]] std::size_t kept_at_bo() { return bo->projection().image().size(); }
    void expect_same_digest() {
        const auto digest = [](Desk& desk) {
            return digest_of_turf(desk->projection(), desk->store(), desk.north);
        };
        CHECK(digest(ana) == digest(bo));
        CHECK(
            replay_log(*bo, std::nullopt, {}).digest == replay_log(*ana, std::nullopt, {}).digest);
    }
};

std::vector<std::string> notes_of(Desk& desk, LocalDot contact) {
    std::vector<std::string> notes;
    for (const InteractionLine& line : Queries(*desk).interactions_of(contact))
        notes.push_back(line.what.note);
    return notes;
}

}  // namespace

TEST_CASE("a long note of one letter stays in the log and is shown whole", "[people][texts]") {
    TwoDesks desks;
    const LocalDot person = add_person(desks.ana, "Dora", "Diaz");
    for (int i = 0; i < 40; ++i)
        REQUIRE(People(*desks.ana).add_interaction(person, {.kind = "door", .note = letters('a')}));
    desks.office.carry_all();
    CHECK(desks.kept_at_bo() < 256 * 1024);
    CHECK(notes_of(desks.bo, desks.at_bo()) == std::vector<std::string>(40, letters('a')));
    desks.expect_same_digest();
    desks.bo->save_snapshot(true);
    desks.office.reopen(desks.bo);
    CHECK_FALSE(desks.bo->opening().rebuilt);
    CHECK(notes_of(desks.bo, desks.at_bo()) == std::vector<std::string>(40, letters('a')));
    desks.expect_same_digest();
}

TEST_CASE("search finds what a text says that stays in the log", "[people][texts]") {
    TwoDesks desks;
    const LocalDot person = add_person(desks.ana, "Dora", "Diaz");
    REQUIRE(People(*desks.ana)
                .add_interaction(person, {.kind = "door", .note = letters('a') + " wants a lift"}));
    const auto hall =
        People(*desks.ana)
            .add_contact(
                desks.ana.north, {.set = {{"name", part('b') + " hall"}, {"city", "Cork"}},
                                  .add = {{"tags", part('c') + " choir"}}});
    REQUIRE(hall);
    desks.office.carry_all();
    Queries queries(*desks.bo);
    CHECK(queries.search("lift").size() == 1);
    CHECK(queries.search("hall").size() == 1);
    CHECK(queries.search("choir hal").size() == 1);
    CHECK(queries.search("lift hall").empty());
    const auto lines = queries.search("choir");
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().name == std::string(16, 'b') + "…");
    CHECK(queries.contact(lines.front().id)->name == part('b') + " hall");
}

TEST_CASE(
    "of a long value that two wrote one left it in the log and they agree", "[people][texts]") {
    TwoDesks desks;
    const LocalDot person = add_person(desks.ana, "Dora", "Diaz");
    desks.office.carry_all();
    const auto write = [](Desk& desk, LocalDot contact, const std::string& text) {
        REQUIRE(People(*desk).edit_contact(contact, {.set = {{"notes", text}}}));
    };
    write(desks.ana, person, letters('a'));
    write(desks.bo, desks.at_bo(), letters('a'));
    desks.office.carry_all();
    CHECK(Queries(*desks.bo).conflicts().empty());
    CHECK(Queries(*desks.ana).conflicts().empty());
    desks.expect_same_digest();
}

TEST_CASE("a conflict of long values shows both and is settled", "[people][texts]") {
    TwoDesks desks;
    const LocalDot person = add_person(desks.ana, "Dora", "Diaz");
    desks.office.carry_all();
    REQUIRE(People(*desks.ana).edit_contact(person, {.set = {{"notes", letters('a')}}}));
    REQUIRE(People(*desks.bo).edit_contact(desks.at_bo(), {.set = {{"notes", letters('b')}}}));
    desks.office.carry_all();
    const auto conflicts = Queries(*desks.bo).conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(replay_log(*desks.bo).conflicts == 1);
    std::set<std::string> texts;
    for (const ValueView& value : conflicts.front().values) texts.insert(value.text);
    CHECK(texts == std::set<std::string>{letters('a'), letters('b')});
    REQUIRE(People(*desks.bo).settle_conflict(desks.at_bo(), "notes", letters('a')));
    desks.office.carry_all();
    CHECK(Queries(*desks.ana).conflicts().empty());
    CHECK(shown(desks.ana, person, "notes") == letters('a'));
    desks.expect_same_digest();
}

TEST_CASE(
    "a conflict of a large contact is counted once, also when the log keeps a part of it",
    "[people][texts]") {
    TwoDesks desks;
    const LocalDot person = add_person(desks.ana, "Dora", "Diaz");
    for (int tag = 0; tag < 80; ++tag)
        REQUIRE(People(*desks.ana).edit_contact(person, {.add = {{"tag", std::to_string(tag)}}}));
    desks.office.carry_all();
    REQUIRE(People(*desks.ana).edit_contact(person, {.set = {{"city", "Nyeri"}}}));
    REQUIRE(People(*desks.bo).edit_contact(desks.at_bo(), {.set = {{"city", "Nakuru"}}}));
    desks.office.carry_all();
    REQUIRE(People(*desks.ana).edit_contact(person, {.set = {{"notes", letters('a')}}}));
    desks.office.carry_all();
    CHECK(replay_log(*desks.bo).conflicts == 1);
    CHECK(status_of(*desks.bo).conflicts == 1);
}

TEST_CASE(
    "a visit whose correction stays in the log shows it and is found by it", "[people][texts]") {
    TwoDesks desks;
    const LocalDot person = add_person(desks.ana, "Dora", "Diaz");
    const auto visit =
        People(*desks.ana)
            .add_interaction(person, {.kind = "door", .outcome = "spoke", .note = "wants a lift"});
    REQUIRE(visit);
    desks.office.carry_all();
    const std::string corrected = letters('z') + " cellar";
    REQUIRE(People(*desks.ana).correct_interaction(*visit, {.note = corrected}));
    desks.office.carry_all();
    CHECK(notes_of(desks.bo, desks.at_bo()) == std::vector<std::string>{corrected});
    CHECK(Queries(*desks.bo).search("cellar").size() == 1);
    CHECK(Queries(*desks.bo).search("lift").empty());
    CHECK(Queries(*desks.bo).conflicts().empty());
    desks.expect_same_digest();
}

TEST_CASE(
    "what says much in few bytes is read when it is asked for, not before", "[people][texts]") {
    TwoDesks desks;
    Hand hand(desks.ana);
    const Bytes value = protocol::text_value("a");
    protocol::ContactCreate contact;
    protocol::Edit edit;
    for (std::uint64_t field = 2'000; field < 5'500; ++field) {
        contact.values.push_back({field, false, value});
        edit.writes.push_back(
            {.field = field, .value = value, .over = {.creating = true, .dots = {}}});
    }
    const Bytes created = protocol::encode(contact), edited = protocol::encode(edit);
    const auto entry = [](protocol::EventType type, std::uint64_t record, const Bytes& body) {
        return protocol::Entry{
            .type = static_cast<std::uint64_t>(type),
            .record = protocol::Reference{0, {record}},
            .body = body};
    };
    const auto write_edits = [&](int blocks) {
        for (int block = 0; block < blocks; ++block)
            hand.write(
                std::vector<protocol::Entry>(3, entry(protocol::EventType::edit, 1, edited)));
        hand.give(desks.bo);
        return desks.kept_at_bo();
    };
    hand.write(
        {entry(protocol::EventType::contact_create, 1, created)});  // by itself it is not small
    const std::size_t before = write_edits(1);
    CHECK(write_edits(19) - before < 16 * 1024);
    const auto view = Queries(*desks.bo).contact(desks.at_bo());
    REQUIRE(view);
    CHECK(view->fields.size() == 3'500);
    CHECK(view->fields.back().values.size() == 60);  // the first one has been written over
}

TEST_CASE("a long tag can be taken away by who has it from the log", "[people][texts]") {
    TwoDesks desks;
    const LocalDot person = add_person(desks.ana, "Dora", "Diaz");
    REQUIRE(People(*desks.ana).edit_contact(person, {.add = {{"tags", letters('t')}}}));
    CHECK(shown(desks.ana, person, "tags") == letters('t'));
    desks.office.carry_all();
    CHECK(shown(desks.bo, desks.at_bo(), "tags") == letters('t'));
    REQUIRE(People(*desks.bo).edit_contact(desks.at_bo(), {.remove = {{"tags", letters('t')}}}));
    desks.office.carry_all();
    CHECK(shown(desks.ana, person, "tags").empty());
    desks.expect_same_digest();
}

TEST_CASE("a contact is found by an external key that stays in the log", "[people][texts]") {
    TwoDesks desks;
    const RowKey key{"sheet " + part('s'), part('k')};
    const auto added =
        People(*desks.ana).add_contact(desks.ana.north, {.set = {{"name", "Dora"}}, .key = key});
    REQUIRE(added);
    desks.office.carry_all();
    const auto view = Queries(*desks.bo).contact(desks.at_bo());
    REQUIRE(view);
    REQUIRE(view->keys.size() == 1);
    CHECK(view->keys.front().source == key.source);
    CHECK(view->keys.front().key == key.key);
    const auto found =
        RecordIds(*desks.bo).find("key:" + key.source + "/" + key.key, RecordKind::contact);
    REQUIRE(found);
    CHECK(*found == desks.at_bo());
}

}  // namespace vereda::tests
