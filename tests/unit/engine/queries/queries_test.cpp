#include <catch2/catch.hpp>

#include "engine/queries/record_ids.h"
#include "engine/queries/workspace_status.h"
#include "protocol/text_id.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

std::vector<std::string> names(const std::vector<ContactLine>& lines) {
    std::vector<std::string> found;
    for (const ContactLine& line : lines) found.push_back(line.name);
    return found;
}

}  // namespace

TEST_CASE("contacts are listed by name, accents with their letters", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    for (const std::string name : {"Zoe", "Émile", "ada", "Fia"}) {
        static_cast<void>(add_person(desk, name, "X"));
    }
    CHECK(
        names(Queries(*desk).contacts({})) ==
        std::vector<std::string>{"ada X", "Émile X", "Fia X", "Zoe X"});
    CHECK(names(Queries(*desk).contacts({.limit = 2})).size() == 2);
    CHECK(Queries(*desk).contacts({.turf = TurfNumber{0}}).empty());
}

TEST_CASE(
    "search folds case and accents and finds the last word by its beginning", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Đorđe", "Müller"));
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    Queries queries(*desk);
    for (const std::string words : {"dorde", "DJORDJE", "đorđe mul", "mueller", "müller dor"}) {
        INFO(words);
        CHECK(names(queries.search(words)) == std::vector<std::string>{"Đorđe Müller"});
    }
    CHECK(queries.search("dor ana").empty());
    CHECK(queries.search("rui").size() == 1);
    CHECK(queries.search("rui ana").size() == 0);
    CHECK(queries.search("").empty());
    CHECK(queries.search("\" OR *").empty());
}

TEST_CASE("search finds a visit by its note where notes are indexed", "[people][queries]") {
    Office office({.index_notes = true});
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    REQUIRE(People(*desk).add_interaction(
        ana, {.kind = "door", .outcome = "spoke", .note = "asked about the Bücherei"}));
    CHECK(names(Queries(*desk).search("bucher")) == std::vector<std::string>{"Ana Ruiz"});
    CHECK(Queries(*desk).search("garage").empty());
}

TEST_CASE("search finds a corrected note by what it says now", "[people][queries]") {
    Office office({.index_notes = true});
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    People people(*desk);
    const auto visit =
        people.add_interaction(ana, {.kind = "door", .outcome = "spoke", .note = "the library"});
    REQUIRE(visit);
    REQUIRE(people.correct_interaction(*visit, {.note = "the swimming pool"}));
    CHECK(Queries(*desk).search("library").empty());
    CHECK(Queries(*desk).search("swimming").size() == 1);
    REQUIRE(people.correct_interaction(*visit, {.note = ""}));
    CHECK(Queries(*desk).search("swimming").empty());
}

TEST_CASE(
    "a record is found by its text id, by its beginning and by its key", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const auto bo = people.add_contact(
        desk.north, {.set = {{"given_name", "Bo"}}, .key = RowKey{"roll", "b-1"}});
    REQUIRE(bo);
    RecordIds ids(*desk);
    const std::string id = ids.text_of(ana);
    CHECK(ids.find(id, RecordKind::contact) == ana);
    CHECK(ids.find(id.substr(0, 6), RecordKind::contact) == ana);
    CHECK(ids.find("key:b-1", RecordKind::contact) == bo->id);
    CHECK(ids.find("key:b-2", RecordKind::contact).error().problem == LookupProblem::not_found);
    CHECK(ids.find("ab", RecordKind::contact).error().problem == LookupProblem::not_an_id);
    CHECK(ids.find(id, RecordKind::interaction).error().problem == LookupProblem::not_found);
    std::string mistyped = id;
    mistyped[3] = mistyped[3] == '2' ? '3' : '2';
    CHECK(ids.find(mistyped, RecordKind::contact).error().problem == LookupProblem::wrong_check);

    // Records made after the table of ids are found too.
    const LocalDot cy = add_person(desk, "Cy", "Twombly");
    CHECK(ids.find(ids.text_of(cy), RecordKind::contact) == cy);
    const auto visit = people.add_interaction(cy, {.kind = "door", .outcome = "spoke"});
    REQUIRE(visit);
    CHECK(ids.find(ids.text_of(*visit), RecordKind::interaction) == *visit);
}

TEST_CASE("a beginning that fits several records names them all", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    RecordIds ids(*desk);
    std::map<std::string, int> starts;
    std::string shared;
    desk->begin_group();
    for (int i = 0; i < 8000 && shared.empty(); ++i) {
        const LocalDot dot = add_person(desk, "P" + std::to_string(i), "X");
        const std::string start = ids.text_of(dot).substr(0, 4);
        if (++starts[start] == 2) shared = start;
    }
    desk->commit_group();
    REQUIRE_FALSE(shared.empty());
    const auto found = ids.find(shared, RecordKind::contact);
    REQUIRE_FALSE(found);
    CHECK(found.error().problem == LookupProblem::ambiguous);
    CHECK(found.error().candidates.size() == 2);
}

TEST_CASE("one key at two sources is ambiguous", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    People people(*desk);
    for (const std::string source : {"roll", "list"}) {
        REQUIRE(people.add_contact(
            desk.north, {.set = {{"given_name", source}}, .key = RowKey{source, "7"}}));
    }
    RecordIds ids(*desk);
    const auto both = ids.find("key:7", RecordKind::contact);
    REQUIRE_FALSE(both);
    CHECK(both.error().problem == LookupProblem::ambiguous);
    CHECK(both.error().candidates.size() == 2);
    const auto one = ids.find("key:roll/7", RecordKind::contact);
    const auto other = ids.find("key:list/7", RecordKind::contact);
    REQUIRE(one);
    REQUIRE(other);
    CHECK(*one != *other);
    CHECK(ids.find("key:roll/8", RecordKind::contact).error().problem == LookupProblem::not_found);
}

TEST_CASE("a source and a key may have a slash in them", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    const auto add = [&](const std::string& source, const std::string& key) {
        const auto added = People(*desk).add_contact(
            desk.north, {.set = {{"given_name", source}}, .key = RowKey{source, key}});
        REQUIRE(added);
        return added->id;
    };
    const LocalDot shorter = add("a", "b/7");
    const LocalDot longer = add("a/b", "7");
    RecordIds ids(*desk);
    CHECK(ids.find("key:a/b/7", RecordKind::contact) == longer);
    CHECK(ids.find("key:b/7", RecordKind::contact) == shorter);
    const LocalDot whole = add("c", "a/b/7");
    CHECK(ids.find("key:c/a/b/7", RecordKind::contact) == whole);
    // What it says as it stands is not put behind what else it may say.
    const auto both = ids.find("key:a/b/7", RecordKind::contact);
    REQUIRE_FALSE(both);
    CHECK(both.error().candidates == std::vector{whole, longer});
}

TEST_CASE("names of turfs lead to turfs, whatever the case", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    const Queries queries(*desk);
    CHECK(queries.find_turfs("north") == std::vector<TurfNumber>{desk.north});
    CHECK(queries.find_turfs("South").empty());
    CHECK(queries.find_turfs("common") == std::vector<TurfNumber>{TurfNumber{0}});
    const std::string id = protocol::text_id(desk->store().turf(desk.north).view());
    CHECK(queries.find_turfs(id) == std::vector<TurfNumber>{desk.north});
}

TEST_CASE("an author without a name is known by the text form of an id", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    static_cast<void>(add_person(other, "Ana", "Ruiz"));
    // Only the turf's blocks travel: the names in `common` have not come.
    other->close_blocks();
    std::vector<BlockOpener::Job> blocks;
    for (const LogOrdinal log : other->writer().own_logs()) {
        if (other->store().info(log).turf != other.north) continue;
        other->store().visit_blocks(log, {0}, [&](const StoredBlock& block) {
            blocks.push_back({block.bytes, {}, false});
            return true;
        });
    }
    DirectOpener opener;
    REQUIRE(desk->receive(std::move(blocks), opener).entries == 1);
    const auto lines = Queries(*desk).contacts({});
    REQUIRE(lines.size() == 1);
    CHECK(
        Queries(*desk).author_of(lines.front().id).member ==
        protocol::text_id(other->identity().member.view()));
    office.carry(other, desk);
    CHECK(Queries(*desk).author_of(lines.front().id).member == "Omar");
}

TEST_CASE(
    "status counts what has not left the laptop and what does not open", "[people][queries]") {
    Office office;
    Desk& desk = office.coordinator();
    const std::uint64_t founding = status_of(*desk).unsynced;
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    CHECK(status_of(*desk).unsynced == founding + 1);
    desk->close_blocks();
    CHECK(status_of(*desk).unsynced == founding + 1);
    for (const LogOrdinal log : desk->writer().own_logs())
        desk->store().set_pushed(log, desk->store().head(log)->block_no + 1);
    CHECK(status_of(*desk).unsynced == 0);
    CHECK(status_of(*desk).pending == 0);
    CHECK(status_of(*desk).role == "coordinator");
    REQUIRE(status_of(*desk).turfs.size() == 2);
    CHECK(status_of(*desk).turfs[1].name == "North");
    CHECK(status_of(*desk).turfs[1].contacts == 1);
}
