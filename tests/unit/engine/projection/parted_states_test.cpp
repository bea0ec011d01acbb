#include "engine/projection/parted_states.h"

#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "engine/projection/schema.h"
#include "engine/projection/shown_of_parts.h"
#include "engine/schema/fields.h"

using namespace vereda;
using namespace vereda::engine;

namespace {

constexpr LocalDot record{7};

class Applied final : public AppliedDots {
  public:
    [[nodiscard]] bool applied(LocalDot dot) const override { return dots.contains(dot); }
    std::set<LocalDot> dots;
};

class ByNumber final : public DotOrder {
  public:
    [[nodiscard]] bool before(LocalDot a, LocalDot b) const override { return a < b; }
};

Database with_tables() {
    Database database({.in_memory = true});
    database.exec(projection_schema);
    return database;
}

/// Writes the same at random to a record in parts and to one that lies whole in memory.
class Twins {
  public:
    Twins(std::size_t items_max, std::uint64_t seed)
        : database_(with_tables()), parts_(database_, "contact", items_max), random_(seed) {
        parts_.begin(record, {}, {});
    }

    void write(int times) {
        for (int i = 0; i < times; ++i) write_once();
    }
    // What one entry writes has one dot, and an element or none.
    void write_once() {
        const std::string element = below(2) == 0 ? "" : "tag " + std::to_string(below(5));
        const StateSlot slot{static_cast<std::uint32_t>(1 + below(3)), element};
        const LocalDot dot = LocalDot::of({1 + below(3)}, {1 + below(40)});
        const std::string source = below(3) == 0 ? "roll" : "";
        const auto at_ms = static_cast<std::int64_t>(below(100));
        switch (below(8)) {
            case 0:
            case 1:
                return both([&](auto& state) { state.remove(slot, dot, source, applied_); });
            case 2:
                return both([&](auto& state) { state.restamp(dot, at_ms); });
            case 3:
                return both([&](auto& state) { state.add_unproven(retraction, dot, at_ms); });
            case 4:
                return both([&](auto& state) { state.prove(retraction, dot); });
            default:
                applied_.dots.insert(dot);
                const std::string value = std::to_string(below(3));
                return both([&](auto& state) { state.add(slot, dot, value, source, at_ms); });
        }
    }

    [[nodiscard]] const RecordState& whole() const { return whole_; }
    [[nodiscard]] PartedStates& parts() { return parts_; }
    [[nodiscard]] Database& database() { return database_; }

  private:
    static constexpr StateSlot retraction{retracted_slot, {}};

    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    template <class Change>
    void both(Change change) {
        PartedStates::Target target = parts_.target(record);
        change(target);
        change(whole_);
    }

    Database database_;
    PartedStates parts_;
    RecordState whole_;
    Applied applied_;
    std::mt19937_64 random_;
};

void add_tags(PartedStates& states, std::uint32_t log, int count) {
    for (int i = 1; i <= count; ++i) {
        const LocalDot dot = LocalDot::of({log}, {static_cast<std::uint64_t>(i)});
        states.target(record).add({field::tags, std::to_string(i)}, dot, {}, {}, i);
    }
}

}  // namespace

TEST_CASE("a state in parts is bit for bit the state that lies whole", "[projection]") {
    for (const std::size_t items_max : {1U, 2U, 5U, 64U}) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            INFO("seed " << seed << ", parts of " << items_max);
            Twins twins(items_max, seed);
            for (int round = 0; round < 10; ++round) {
                twins.write(60);
                REQUIRE(twins.parts().load(record).encode() == twins.whole().encode());
            }
        }
    }
}

TEST_CASE("what a record shows is the same told from its parts", "[projection]") {
    const ByNumber order;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Twins twins(3, seed);
        twins.write(80);
        ShownOfParts shown(order);
        twins.parts().visit(record, [&](const RecordState& part) { shown.read(part); });
        CHECK(shown.retracted() == twins.whole().retracted());
        CHECK(shown.conflicts() == twins.whole().conflicts().size());
        for (const std::uint32_t code : {1U, 2U, 3U}) {
            const auto live = twins.whole().live(code, order);
            CHECK(shown.first(code) == (live.empty() ? "" : live.front()->value));
        }
    }
}

TEST_CASE("records in parts are found again in the tables", "[projection]") {
    Twins twins(2, 1);
    twins.write(200);
    static_cast<void>(twins.parts().load(record));
    PartedStates again(twins.database(), "contact", 2);
    REQUIRE(again.has(record));
    CHECK(again.load(record).encode() == twins.whole().encode());
}

TEST_CASE("a record taken out of its parts leaves no row", "[projection]") {
    Twins twins(2, 1);
    twins.write(200);
    RecordState whole;
    for (RecordState& part : twins.parts().take(record)) whole.absorb(std::move(part));
    CHECK(whole.encode() == twins.whole().encode());
    CHECK_FALSE(twins.parts().has(record));
    for (const char* table : {"contact_parts", "contact_parted"}) {
        Statement count(twins.database(), std::string("SELECT count(*) FROM ") + table);
        CHECK(count.query_integer() == 0);
    }
}

TEST_CASE(
    "two records in parts that turn out to be one meet each other's removals", "[projection]") {
    const Applied log;
    Twins twins(2, 1);
    RecordState other;
    add_tags(twins.parts(), 1, 20);
    twins.parts().target(record).remove({field::tags, "5"}, LocalDot::of({2}, {5}), {}, log);
    for (std::uint64_t i = 1; i <= 20; ++i) {
        other.add({field::tags, std::to_string(i)}, LocalDot::of({2}, {i}), {}, {}, 0);
        other.remove({field::tags, std::to_string(i)}, LocalDot::of({1}, {i}), {}, log);
    }
    twins.parts().absorb(record, std::move(other));
    const RecordState whole = twins.parts().load(record);
    CHECK(whole.items().size() == 19);
    CHECK(whole.early().empty());
}

TEST_CASE("no part grows with its record, and emptied ones go", "[projection]") {
    Twins twins(64, 1);
    add_tags(twins.parts(), 1, 5000);
    std::size_t parts = 0;
    twins.parts().visit(record, [&](const RecordState& part) {
        CHECK(part.size() <= 64);
        ++parts;
    });
    CHECK(parts <= 5000 / 32 + 1);
    const Applied log;
    for (std::uint64_t i = 1; i <= 5000; ++i)
        twins.parts().target(record).remove(
            {field::tags, std::to_string(i)}, LocalDot::of({1}, {i}), "", log);
    CHECK(twins.parts().load(record).empty());
    CHECK(Statement(twins.database(), "SELECT count(*) FROM contact_parts").query_integer() == 1);
}

TEST_CASE("removals of many sources that wait for one dot stay in one part", "[projection]") {
    const Applied log;
    Twins twins(4, 1);
    for (int i = 0; i < 500; ++i)
        twins.parts().target(record).remove(
            {field::name, {}}, LocalDot::of({1}, {1}), "source " + std::to_string(i), log);
    CHECK(twins.parts().load(record).early().size() == 500);
    twins.parts().target(record).add({field::name, {}}, LocalDot::of({1}, {1}), "Ana", "roll", 0);
    CHECK(twins.parts().load(record).early().empty());
}
