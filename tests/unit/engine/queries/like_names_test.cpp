#include "engine/queries/like_names.h"

#include <catch2/catch.hpp>

#include "protocol/text_id.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

TEST_CASE("a name that nobody else has needs no mark", "[people]") {
    LikeNames names;
    names.add("Ana", "7k2mq00000000");
    names.add("Bruno", "9abcd00000000");
    CHECK(names.mark_of("Ana", "7k2mq00000000").empty());
    CHECK(names.mark_of("Carla", "ffff000000000").empty());
}

TEST_CASE("names that are alike are told apart by the beginning of the id", "[people]") {
    LikeNames names;
    names.add("Ana", "7k2mq00000000");
    names.add("\u0410na", "9abcd00000000");
    CHECK(names.mark_of("Ana", "7k2mq00000000") == "7k2m");
    CHECK(names.mark_of("\u0410na", "9abcd00000000") == "9abc");
}

TEST_CASE("a mark is as long as it takes: ids can be sought that begin alike", "[people]") {
    LikeNames names;
    names.add("Ana", "7k2mq11100000");
    names.add("ana", "7k2mq11200000");
    CHECK(names.mark_of("Ana", "7k2mq11100000") == "7k2mq111");
    CHECK(names.mark_of("ana", "7k2mq11200000") == "7k2mq112");
}

TEST_CASE("a name that imitates a mark is marked itself", "[people]") {
    LikeNames names;
    names.add("Ana", "7k2mq00000000");
    names.add("Ana #7k2m", "9abcd00000000");
    CHECK(names.mark_of("Ana", "7k2mq00000000") == "7k2m");
    CHECK(names.mark_of("Ana #7k2m", "9abcd00000000") == "9abc");
}

TEST_CASE("two members of one name are told apart by their own ids", "[people]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& one = office.join("Bruno");
    Desk& other = office.join("BRUNO");
    office.carry_all();
    const LikeNames names = like_member_names(*desk);
    for (const Desk* bruno : {&one, &other}) {
        const std::string id = protocol::text_id((**bruno).identity().member.view());
        CHECK(names.mark_of("Bruno", id) == id.substr(0, 4));
    }
    const Author author = Queries(*desk).author_of(add_person(desk, "Ana", "Ruiz"));
    CHECK(author.member_id == desk->identity().member);
    CHECK(author.device_id == desk->identity().keys.device());
}
