#include <catch2/catch.hpp>

#include "engine/schema/fields.h"
#include "tests/unit/engine/projection/replica.h"

using namespace vereda;
using namespace vereda::tests;
using model::Dot;
using model::Entry;
using model::Write;

namespace {

using Kind = Entry::Kind;

Entry contact(Dot dot, std::string key = {}, std::string name = "Ana") {
    Entry entry{.kind = Kind::create_contact, .dot = dot, .turf = 1, .record = dot};
    if (!key.empty()) {
        entry.key = {"roll", std::move(key)};
        entry.source = "roll";
    }
    entry.writes.push_back({Write::Kind::set, 1, std::move(name)});
    return entry;
}

Entry rename(Dot dot, Dot record, std::string name, std::vector<Dot> over) {
    Entry entry{.kind = Kind::edit, .dot = dot, .turf = 1, .record = record};
    entry.writes.push_back({Write::Kind::set, 1, std::move(name), false, std::move(over)});
    return entry;
}

Entry visit(Dot dot, Dot about) {
    Entry entry{
        .kind = Kind::create_interaction, .dot = dot, .turf = 1, .record = dot, .contact = about};
    entry.writes.push_back({Write::Kind::set, engine::field::at, "1700000000000", false, {}});
    return entry;
}

Entry note(Dot dot, Dot of, Dot about, std::string text) {
    Entry entry{.kind = Kind::edit, .dot = dot, .turf = 1, .record = of, .contact = about};
    entry.writes.push_back({Write::Kind::set, engine::field::note, std::move(text), false, {}});
    return entry;
}

std::set<std::string> names(Replica& replica, const Dot& dot) {
    std::set<std::string> found;
    for (const model::Value& value : replica.contact(dot).values) {
        if (value.live && value.field == 1) found.insert(value.value);
    }
    return found;
}

}  // namespace

TEST_CASE(
    "a write over another record's value holds when the two turn out to be one", "[projection]") {
    // B wrote a name into its record; C, who saw A's and B's records as one, wrote over it in A's.
    const Entry a = contact({"A", 1}, "k1", "Ana");
    const Entry b = contact({"B", 1}, "k1", "Anna");
    const Entry c = rename({"C", 1}, {"A", 1}, "Anita", {{"A", 1}, {"B", 1}});
    const Replica::Turfs turfs{{"A", 1}, {"B", 1}, {"C", 1}};
    for (const std::vector<Entry>& order :
         {std::vector<Entry>{a, b, c}, {b, c, a}, {c, b, a}, {c, a, b}, {b, a, c}, {a, c, b}}) {
        Replica replica({"A", "B", "C"}, turfs);
        for (const Entry& entry : order) replica.read(entry);
        CHECK(names(replica, {"A", 1}) == std::set<std::string>{"Anita"});
        CHECK(replica.contact({"A", 1}).members == std::set<Dot>{{"A", 1}, {"B", 1}});
    }
}

TEST_CASE(
    "an entry that writes one field twice counts once, also where it is written over early",
    "[projection]") {
    const Entry created = contact({"A", 1});
    Entry twice = rename({"B", 1}, {"A", 1}, "one", {{"A", 1}});
    twice.writes.push_back({Write::Kind::set, 1, "two", false, {}});
    const Entry over = rename({"C", 1}, {"A", 1}, "three", {{"B", 1}});
    const Replica::Turfs turfs{{"A", 1}, {"B", 1}, {"C", 1}};
    for (const std::vector<Entry>& order :
         {std::vector<Entry>{created, twice, over}, {created, over, twice}}) {
        Replica replica({"A", "B", "C"}, turfs);
        for (const Entry& entry : order) replica.read(entry);
        CHECK(names(replica, {"A", 1}) == std::set<std::string>{"three"});
    }
}

TEST_CASE("an entry of another turf is kept out, whoever is heard of first", "[projection]") {
    const Entry created = contact({"A", 1});
    Entry stranger = rename({"X", 1}, {"A", 1}, "Mallory", {{"A", 1}});
    stranger.turf = 2;
    const Entry colleague = rename({"B", 1}, {"A", 1}, "Anna", {{"A", 1}});
    const Replica::Turfs turfs{{"A", 1}, {"B", 1}, {"X", 2}};
    for (const std::vector<Entry>& order :
         {std::vector<Entry>{stranger, colleague, created},
          {colleague, stranger, created},
          {created, stranger, colleague}}) {
        Replica replica({"X", "A", "B"}, turfs);
        for (const Entry& entry : order) replica.read(entry);
        CHECK(names(replica, {"A", 1}) == std::set<std::string>{"Anna"});
        CHECK(
            replica.projection().frontier().exceptions().at(replica.local({"X", 1}).value) ==
            engine::EntryStatus::foreign);
    }
}

TEST_CASE("a correction stands in no history of another turf", "[projection]") {
    const Entry mine = contact({"B", 1});
    Entry elsewhere = contact({"A", 1});
    elsewhere.turf = 2;
    Entry correction = rename({"B", 2}, {"B", 1}, "Mallory", {{"B", 1}});
    correction.contact = Dot{"A", 1};
    const Replica::Turfs turfs{{"A", 2}, {"B", 1}};
    for (const std::vector<Entry>& order :
         {std::vector<Entry>{elsewhere, mine, correction}, {mine, correction, elsewhere}}) {
        Replica replica({"A", "B"}, turfs);
        for (const Entry& entry : order) replica.read(entry);
        static_cast<void>(names(replica, {"B", 1}));  // looks, and reads again what is stale
        CHECK(
            replica.projection().frontier().exceptions().at(replica.local({"B", 2}).value) ==
            engine::EntryStatus::foreign);
    }
}

TEST_CASE(
    "an entry that came before its record is kept out after a snapshot, too", "[projection]") {
    Entry stranger = rename({"X", 1}, {"A", 1}, "Mallory", {{"A", 1}});
    stranger.turf = 2;
    Replica replica({"X", "A"}, {{"A", 1}, {"X", 2}});
    replica.read(stranger);
    replica.reload();
    replica.read(contact({"A", 1}));
    CHECK(names(replica, {"A", 1}) == std::set<std::string>{"Ana"});
    CHECK(
        replica.projection().frontier().exceptions().at(replica.local({"X", 1}).value) ==
        engine::EntryStatus::foreign);
}

TEST_CASE("what a batch has written shows before it has ended", "[projection]") {
    constexpr std::uint64_t many = 80;  // a record of so many values is held until the batch ends
    Replica replica({"A", "B"}, {{"A", 1}, {"B", 1}});
    replica.read(contact({"A", 1}));
    replica.projection().begin();
    for (std::uint64_t seq = 1; seq <= many; ++seq)
        replica.read(rename({"B", seq}, {"A", 1}, std::to_string(seq), {}));
    CHECK(names(replica, {"A", 1}).size() == many + 1);
    replica.projection().commit();
    CHECK(names(replica, {"A", 1}).size() == many + 1);
}

TEST_CASE("what a batch has written about a visit shows before it has ended", "[projection]") {
    constexpr std::uint64_t many = 80;
    Replica replica({"A", "B"}, {{"A", 1}, {"B", 1}});
    replica.read(contact({"A", 1}));
    replica.read(visit({"A", 2}, {"A", 1}));
    replica.projection().begin();
    for (std::uint64_t seq = 1; seq <= many; ++seq)
        replica.read(note({"B", seq}, {"A", 2}, {"A", 1}, std::to_string(seq)));
    const std::size_t values = replica.interaction({"A", 2}).values.size();
    CHECK(values >= many);
    replica.projection().commit();
    CHECK(replica.interaction({"A", 2}).values.size() == values);
}

TEST_CASE("a visit that was written to and is not here yet does not show", "[projection]") {
    Replica replica({"B", "A"}, {{"A", 1}, {"B", 1}});
    replica.read(note({"B", 1}, {"A", 2}, {"A", 1}, "gone out"));
    CHECK_FALSE(replica.projection().interactions().view(replica.local({"A", 2})));
    replica.read(contact({"A", 1}));
    replica.read(visit({"A", 2}, {"A", 1}));
    CHECK(replica.projection().interactions().view(replica.local({"A", 2})));
}

TEST_CASE("a sheet's row on two laptops is one contact", "[projection]") {
    const Replica::Turfs turfs{{"A", 1}, {"B", 1}};
    Replica replica({"A", "B"}, turfs);
    replica.read(contact({"A", 1}, "k1"));
    replica.read(contact({"B", 1}, "k1"));
    replica.read(contact({"B", 2}, "k2"));
    CHECK(replica.contact({"A", 1}).members == std::set<Dot>{{"A", 1}, {"B", 1}});
    CHECK(replica.contact({"B", 2}).members == std::set<Dot>{{"B", 2}});
    CHECK(replica.conflicts({"A", 1}).empty());
}

TEST_CASE("records that turn out to be one keep the times of what each said", "[projection]") {
    constexpr std::int64_t said_by_nobody = 1'700'000'000'000;  // each log's number is added
    const Entry a = contact({"A", 1}, "k1", "Ana");
    const Entry b = contact({"B", 1}, "k1", "Bo");
    for (const std::vector<Entry>& order : {std::vector<Entry>{a, b}, {b, a}}) {
        Replica replica({"A", "B"}, {{"A", 1}, {"B", 1}});
        for (const Entry& entry : order) replica.read(entry);
        const auto whole = replica.projection().contacts().load(replica.local({"A", 1}));
        REQUIRE(whole->state.items().size() == 2);
        for (const engine::RecordState::Item& item : whole->state.items())
            CHECK(item.at_ms == said_by_nobody + item.dot.log().value);
    }
}

TEST_CASE("the digest tells apart states that differ in one value", "[digest]") {
    const Replica::Turfs turfs{{"A", 1}};
    const auto digest_of = [&](const std::vector<Entry>& entries) {
        Replica replica({"A"}, turfs);
        for (const Entry& entry : entries) replica.read(entry);
        return replica.digest(1);
    };
    const Entry ana = contact({"A", 1});
    Entry visit{.kind = Kind::create_interaction, .dot = {"A", 2}, .turf = 1, .record = {"A", 2}};
    visit.contact = Dot{"A", 1};
    visit.writes = {
        {Write::Kind::set, 101, "door"},
        {Write::Kind::set, 102, "spoke"},
        {Write::Kind::set, 104, "1600000000000"}};
    std::set<engine::StateDigest> digests;
    digests.insert(digest_of({}));
    digests.insert(digest_of({ana}));
    digests.insert(digest_of({contact({"A", 1}, {}, "Anna")}));
    digests.insert(digest_of({contact({"A", 1}, "k1")}));
    digests.insert(digest_of({ana, visit}));
    visit.writes[2].value = "1600000000001";
    digests.insert(digest_of({ana, visit}));
    visit.writes.push_back({Write::Kind::set, 103, "a note"});
    digests.insert(digest_of({ana, visit}));
    CHECK(digests.size() == 7);
}

TEST_CASE("an interaction restored has the state that it had", "[digest]") {
    const Replica::Turfs turfs{{"A", 1}};
    Entry visit{.kind = Kind::create_interaction, .dot = {"A", 2}, .turf = 1, .record = {"A", 2}};
    visit.contact = Dot{"A", 1};
    visit.writes = {
        {Write::Kind::set, 101, "door"},
        {Write::Kind::set, 102, "spoke"},
        {Write::Kind::set, 104, "1600000000000"},
        {Write::Kind::set, 103, "a note"}};
    Replica replica({"A"}, turfs);
    replica.read(contact({"A", 1}));
    replica.read(visit);
    const engine::StateDigest before = replica.digest(1);
    Entry retract{.kind = Kind::retract, .dot = {"A", 3}, .turf = 1, .record = {"A", 2}};
    retract.contact = Dot{"A", 1};
    replica.read(retract);
    CHECK(replica.digest(1) != before);
    CHECK(replica.interaction({"A", 2}).retracted);
    Entry restore = retract;
    restore.kind = Kind::restore;
    restore.dot.seq = 4;
    restore.over = {{"A", 3}};
    replica.read(restore);
    CHECK(replica.digest(1) == before);
}
