#include <catch2/catch.hpp>
#include <limits>

#include "engine/projection/interactions.h"

namespace vereda::engine {

TEST_CASE("a time beyond all times is the time of writing", "[projection]") {
    using Limits = std::numeric_limits<std::int64_t>;
    const auto happened = [](std::int64_t said, std::int64_t offset) {
        return happened_ms(said, {.at_offset_ms = offset});
    };
    CHECK(happened(1000, -400) == 600);
    CHECK(happened(1000, Limits::max()) == 1000);
    CHECK(happened(-1000, Limits::min()) == -1000);
    CHECK(happened_ms(1000, {}) == 1000);
}

}  // namespace vereda::engine
