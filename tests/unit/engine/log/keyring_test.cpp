#include "engine/log/keyring.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/office.h"

namespace vereda::tests {

using namespace engine;

TEST_CASE("a key that is not the one of the roster is not taken", "[log]") {
    Office office;
    Desk& ana = office.join("Ana");
    const protocol::TurfId& north = ana->store().turf(ana.north);
    const Bytes other(protocol::EpochKeys::key_size, 0x42);
    CHECK(ana->add_key(north, {1}, other).error() == Keyring::AddError::wrong_commitment);
    CHECK_FALSE(std::ranges::equal(ana->keyring().find(north, {1})->epoch_key(), other));
}

}  // namespace vereda::tests
