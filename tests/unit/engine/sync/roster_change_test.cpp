#include "engine/sync/roster_change.h"

#include <catch2/catch.hpp>

#include "tests/unit/engine/office.h"

/// A coordinator's change, and a hub whose answers are made by hand.
namespace vereda::tests {

using namespace engine;
using engine::sync::ChangeOffer;
using engine::sync::ChangeTrouble;
using engine::sync::RosterChange;
using protocol::MessageName;

TEST_CASE("a change that others overtake every time is given up", "[sync]") {
    Office office;
    const auto create_turf =
        [](const RosterWriter& writer) -> std::expected<ChangeOffer, RosterWriteError> {
        auto made = writer.create_turf();
        if (!made) return std::unexpected(made.error());
        return ChangeOffer{.entries = std::move(made->entries), .share = {}};
    };
    RosterChange change(*office.coordinator(), create_turf);
    int offers = 0;
    while (const auto message = change.next()) {
        if (message->name == MessageName::roster_read) {
            protocol::RosterReadAnswer nothing_new;
            nothing_new.head.head = Bytes(40);
            change.receive(protocol::encode(nothing_new));
        } else {
            REQUIRE(++offers < 20);
            change.receive(
                protocol::encode(protocol::RosterAppendAnswer{protocol::RosterConflict{}}));
        }
    }
    CHECK(offers == 8);
    CHECK(change.trouble() == ChangeTrouble::overtaken);
    CHECK_FALSE(change.is_done());
}

}  // namespace vereda::tests
