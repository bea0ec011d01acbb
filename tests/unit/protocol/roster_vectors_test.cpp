#include <algorithm>
#include <catch2/catch.hpp>

#include "protocol/printed_key.h"
#include "protocol/roster/invite.h"
#include "protocol/roster/roster_entry.h"
#include "protocol/roster/wrap.h"
#include "tests/unit/protocol/roster_samples.h"
#include "tests/unit/protocol/vectors.h"

/// Answers of an implementation made from docs/protocol/roster.md alone
/// (tests/vectors/vereda-roster).
namespace vereda::protocol {
namespace {

using vereda::test::hex_at;
using vereda::test::id_at;

const nlohmann::json& vectors() {
    static const auto loaded = vereda::test::load_vectors("vereda-roster/roster.json");
    return loaded;
}

template <std::size_t size>
ByteArray<size> counting() {
    ByteArray<size> bytes;
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return bytes;
}

}  // namespace

TEST_CASE("roster entries of every kind agree with the independent bytes", "[roster][vectors]") {
    const auto entries = test::entry_of_every_kind();
    const auto& expected = vectors()["entries"];
    const auto workspace = id_at<WorkspaceId>(vectors(), "workspace");
    REQUIRE(expected.size() == entries.size());
    for (std::size_t kind = 0; kind < entries.size(); ++kind) {
        INFO("kind " << kind);
        CHECK(encode(entries[kind].body) == hex_at(expected[kind], "body"));
        CHECK(encode(entries[kind]) == hex_at(expected[kind], "entry"));
        CHECK(message_to_sign(workspace, entries[kind]) == hex_at(expected[kind], "message"));
        CHECK(hash_of(workspace, entries[kind]) == id_at<RosterHash>(expected[kind], "hash"));
        CHECK(parse_roster_entry(hex_at(expected[kind], "entry")) == entries[kind]);
    }
}

TEST_CASE("an invite's keys and code agree with the independent ones", "[invite][vectors]") {
    const auto& invite = vectors()["chain"]["invite"];
    const auto secret = vereda::test::array_at<16>(invite, "secret");
    const auto share = vereda::test::array_at<32>(invite, "share");
    CHECK(
        invite_signing_key(secret).public_key() ==
        vereda::test::array_at<32>(invite, "signing_key"));
    CHECK(
        invite_box_key(secret, share).public_key() ==
        vereda::test::array_at<32>(invite, "box_key"));
    const std::string text = invite["code"];
    const auto code = parse_invite_code(text);
    REQUIRE(code);
    CHECK(print_invite_code(*code) == text);
    CHECK(code->secret == secret);
    CHECK(code->workspace == id_at<WorkspaceId>(vectors()["chain"], "workspace"));
    CHECK(code->position == RosterPosition{2});
}

TEST_CASE("the root over wraps agrees with the independent one", "[wrap][vectors]") {
    std::vector<SealedWrap> wraps;
    for (std::uint8_t turf = 0; turf < 3; ++turf) {
        wraps.push_back({{test::filled<16>(turf)}, {1}, test::filled<32>(9), Bytes(112, 7)});
    }
    CHECK(wraps_root(wraps).root == vereda::test::array_at<32>(vectors()["wraps"], "root_of_3"));
}

TEST_CASE("codes on paper agree with the independent ones", "[printed_key][vectors]") {
    const auto& printed = vectors()["printed"];
    CHECK(print_recovery_code(counting<16>()) == printed["recovery_code"].get<std::string>());
    CHECK(print_recovery_key(counting<32>()) == printed["recovery_key"].get<std::string>());
}

}  // namespace vereda::protocol
