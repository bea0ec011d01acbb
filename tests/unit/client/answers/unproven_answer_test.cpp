#include "client/answers/unproven_answer.h"

#include <catch2/catch.hpp>

using namespace vereda;
using namespace vereda::client;

namespace {

/// What `status` says of one author's removals.
std::string told(bool has_damage, std::uint64_t waiting, std::uint64_t contradicted) {
    StatusShown status{.has_damage = has_damage};
    const AuthorShown omar{.member = "Omar"};
    status.unproven.push_back({omar, waiting, contradicted});
    return unproven_text(status);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("while blocks are missing here nobody is blamed for what waits", "[client]") {
    const std::string text = told(true, 2, 0);
    CHECK(has(text, "2 removals wait for blocks that this disk may have lost"));
    CHECK_FALSE(has(text, "Omar"));
    CHECK(has(told(false, 2, 0), "2 removals by Omar"));
}

TEST_CASE("a removal that another block contradicts is told with its author", "[client]") {
    for (const bool has_damage : {false, true}) {
        const std::string text = told(has_damage, 0, 1);
        CHECK(has(text, "1 removal by Omar"));
        CHECK(has(text, "another one stands there"));
        CHECK_FALSE(has(text, "may have lost"));
    }
}

TEST_CASE("what waits and what is contradicted are counted apart", "[client]") {
    const std::string text = told(true, 3, 2);
    CHECK(has(text, "3 removals wait for blocks"));
    CHECK(has(text, "2 removals by Omar"));
}
