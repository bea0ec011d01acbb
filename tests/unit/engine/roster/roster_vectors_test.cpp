#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/roster/roster.h"

/// A chain made from docs/protocol/roster.md alone (tests/vectors/vereda-roster).
namespace vereda::engine {
namespace {

Bytes from_hex(const std::string& hex) {
    Bytes bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(at, 2), nullptr, 16)));
    }
    return bytes;
}

template <class Id>
Id id_of(const nlohmann::json& hex) {
    return *Id::parse(from_hex(hex.get<std::string>()));
}

}  // namespace

TEST_CASE("a chain made by an independent implementation is accepted, whole", "[roster][vectors]") {
    std::ifstream file(VEREDA_TEST_DATA "/vectors/vereda-roster/roster.json");
    const auto chain = nlohmann::json::parse(file)["chain"];
    Roster roster(id_of<protocol::WorkspaceId>(chain["workspace"]));
    for (const std::string entry : chain["entries"]) {
        REQUIRE(roster.append(from_hex(entry)) == RosterAppended::appended);
    }
    CHECK(roster.size() == 4);
    CHECK(roster.last_hash() == id_of<protocol::RosterHash>(chain["last_hash"]));
    const auto newcomer = id_of<protocol::DeviceId>(chain["newcomer"]);
    CHECK(roster.role_of(newcomer) == protocol::Role::organiser);
    CHECK(roster.turfs_of(newcomer).size() == 2);
}

}  // namespace vereda::engine
