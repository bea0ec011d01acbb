#include "client/commands/threaded_opener.h"

#include <catch2/catch.hpp>

using namespace vereda;
using namespace vereda::client;

namespace {

// Not a block: its first byte tells which one it was.
engine::BlockOpener::Job numbered(std::uint8_t number) {
    return {.wire = Bytes{number}, .acceptance = {}};
}

}  // namespace

TEST_CASE("blocks come out in the order in which they went in", "[opener]") {
    ThreadedOpener opener;
    const engine::Keyring keys;
    for (int round = 0; round < 20; ++round) {
        for (int n = 0; n < 200; ++n)
            opener.submit({}, keys, numbered(static_cast<std::uint8_t>(n)));
        for (int n = 0; n < 200; ++n) {
            const auto block = opener.next();
            REQUIRE(block);
            CHECK(block->wire == Bytes{static_cast<std::uint8_t>(n)});
            CHECK(block->verdict == engine::OpenedBlock::Verdict::refused);
        }
        CHECK_FALSE(opener.next());
    }
}

TEST_CASE("an opener without work gives nothing and ends", "[opener]") {
    ThreadedOpener opener;
    CHECK_FALSE(opener.next());
}

TEST_CASE("what was abandoned does not come out, and the opener goes on", "[opener]") {
    ThreadedOpener opener;
    {
        const engine::Keyring keys;
        for (int n = 0; n < 500; ++n) opener.submit({}, keys, numbered(1));
        opener.abandon();
    }
    CHECK_FALSE(opener.next());
    const engine::Keyring keys;
    opener.submit({}, keys, numbered(2));
    CHECK(opener.next()->wire == Bytes{2});
}

TEST_CASE("an opener may end with work left", "[opener]") {
    const engine::Keyring keys;
    ThreadedOpener opener;
    for (int n = 0; n < 500; ++n) opener.submit({}, keys, numbered(1));
    CHECK(opener.next());
}
