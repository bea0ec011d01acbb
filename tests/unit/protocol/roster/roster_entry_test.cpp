#include "protocol/roster/roster_entry.h"

#include <catch2/catch.hpp>

#include "crypto/entropy.h"
#include "protocol/cbor.h"
#include "protocol/roster/roster_limits.h"
#include "tests/unit/protocol/roster_samples.h"

namespace vereda::protocol {
namespace {

using test::entry_of_every_kind;
using test::filled;

template <class Body>
Body sample() {
    for (const RosterBody& body : test::body_of_every_kind()) {
        if (const auto* found = std::get_if<Body>(&body)) return *found;
    }
    FAIL("no sample");
    return {};
}

template <class Body>
bool is_refused(const Body& body) {
    return !parse_roster_body(kind_of(RosterBody{body}), encode(RosterBody{body}));
}

}  // namespace

TEST_CASE("an entry has a signature, and no more than eight", "[roster]") {
    RosterEntry entry = entry_of_every_kind()[1];
    entry.signatures.resize(roster_signatures_max, entry.signatures.at(0));
    CHECK(parse_roster_entry(encode(entry)));
    entry.signatures.push_back(entry.signatures[0]);
    CHECK(parse_roster_entry(encode(entry)).error() == RosterEntryError::malformed);
    entry.signatures.clear();
    CHECK(parse_roster_entry(encode(entry)).error() == RosterEntryError::malformed);
}

TEST_CASE("a roster entry of every kind comes back from its bytes", "[roster]") {
    const auto entries = entry_of_every_kind();
    REQUIRE(entries.size() == roster_kind_last + 1);
    for (const RosterEntry& entry : entries) {
        const auto parsed = parse_roster_entry(encode(entry));
        INFO("kind " << static_cast<int>(entry.kind()));
        REQUIRE(parsed);
        CHECK(*parsed == entry);
    }
}

TEST_CASE("a kind's number is its place in the documented list", "[roster]") {
    const auto entries = entry_of_every_kind();
    for (std::uint64_t kind = 0; kind < entries.size(); ++kind) {
        CHECK(static_cast<std::uint64_t>(entries[kind].kind()) == kind);
    }
}

TEST_CASE("a roster entry cut short is refused at every length", "[roster]") {
    for (const RosterEntry& entry : entry_of_every_kind()) {
        const Bytes wire = encode(entry);
        for (std::size_t size = 0; size < wire.size(); ++size) {
            REQUIRE_FALSE(parse_roster_entry(ByteView(wire).first(size)));
        }
    }
}

TEST_CASE("a roster entry with a byte behind it is refused", "[roster]") {
    for (const RosterEntry& entry : entry_of_every_kind()) {
        Bytes wire = encode(entry);
        wire.push_back(0);
        CHECK(parse_roster_entry(wire).error() == RosterEntryError::malformed);
    }
}

TEST_CASE(
    "a roster entry has one encoding: what parses after a change encodes to the changed bytes",
    "[roster]") {
    const std::uint64_t seed = Catch::rngSeed();
    INFO("seed " << seed);
    crypto::SeededEntropy entropy(seed);
    for (const RosterEntry& entry : entry_of_every_kind()) {
        const Bytes wire = encode(entry);
        for (int round = 0; round < 300; ++round) {
            const auto dice = entropy.bytes<5>();
            Bytes changed = wire;
            const std::size_t at = (dice[0] | dice[1] << 8 | dice[2] << 16) % wire.size();
            changed[at] = static_cast<std::uint8_t>(changed[at] ^ (dice[3] == 0 ? 1 : dice[3]));
            if (const auto parsed = parse_roster_entry(changed)) CHECK(encode(*parsed) == changed);
        }
    }
}

TEST_CASE("an entry of a kind of a later version says so", "[roster]") {
    Bytes wire = encode(entry_of_every_kind()[6]);
    REQUIRE(wire[1] == 6);
    wire[1] = roster_kind_last + 1;
    CHECK(parse_roster_entry(wire).error() == RosterEntryError::unknown_kind);
}

TEST_CASE("only a genesis has position 0 and no predecessor", "[roster]") {
    RosterEntry genesis = entry_of_every_kind()[0];
    genesis.position = {1};
    CHECK_FALSE(parse_roster_entry(encode(genesis)));
    RosterEntry other = entry_of_every_kind()[1];
    other.position = {0};
    CHECK_FALSE(parse_roster_entry(encode(other)));
    other.position = {1};
    other.predecessor = {};
    CHECK_FALSE(parse_roster_entry(encode(other)));
}

TEST_CASE("an entry without a signature is refused", "[roster]") {
    RosterEntry entry = entry_of_every_kind()[1];
    entry.signatures.clear();
    CHECK_FALSE(parse_roster_entry(encode(entry)));
}

TEST_CASE("an entry beyond the size limit is refused before it is read", "[roster]") {
    const Bytes wire(roster_entry_size_max + 1, 0x80);
    CHECK(parse_roster_entry(wire).error() == RosterEntryError::too_large);
}

TEST_CASE("heads out of order or twice are refused", "[roster]") {
    auto body = sample<Ungranted>();
    std::swap(body.heads[0], body.heads[1]);
    CHECK(is_refused(body));
    body.heads = {body.heads[0], body.heads[0]};
    CHECK(is_refused(body));
}

TEST_CASE("a head at sequence number zero is refused", "[roster]") {
    auto body = sample<Ungranted>();
    body.heads[0].last_seq = {0};
    CHECK(is_refused(body));
}

TEST_CASE("a wraps root is zeros exactly when there are no wraps", "[roster]") {
    auto body = sample<Granted>();
    body.wraps = {};
    CHECK_FALSE(is_refused(body));
    body.wraps = {filled<32>(1), 0};
    CHECK(is_refused(body));
    body.wraps = {{}, 1};
    CHECK(is_refused(body));
    body.wraps = {filled<32>(1), roster_wraps_max + 1};
    CHECK(is_refused(body));
}

TEST_CASE("a role beyond the three is refused", "[roster]") {
    auto body = sample<MemberRole>();
    body.role = static_cast<Role>(0);
    CHECK(is_refused(body));
    body.role = static_cast<Role>(4);
    CHECK(is_refused(body));
}

TEST_CASE("an invite for a coordinator lists no turfs", "[roster]") {
    auto body = sample<Invite>();
    body.role = Role::coordinator;
    CHECK(is_refused(body));
    body.turfs.clear();
    CHECK_FALSE(is_refused(body));
}

TEST_CASE("an invite's turfs are ascending, each once", "[roster]") {
    auto body = sample<Invite>();
    body.turfs = {{filled<16>(2)}, {filled<16>(1)}};
    CHECK(is_refused(body));
    body.turfs = {{filled<16>(1)}, {filled<16>(1)}};
    CHECK(is_refused(body));
}

TEST_CASE("a key epoch carries the previous key exactly when there was one", "[roster]") {
    auto body = sample<KeyEpoch>();
    body.epoch = {1};
    CHECK(is_refused(body));
    body.previous.reset();
    CHECK_FALSE(is_refused(body));
    body.epoch = {2};
    CHECK(is_refused(body));
    body.epoch = {0};
    CHECK(is_refused(body));
}

TEST_CASE("a hub's address is https and plain", "[roster]") {
    auto body = sample<HubEntry>();
    for (const char* url :
         {"http://hub.example", "https://", "https://hub example", "https://h\"", "https://h\n",
          "https://hüb.example", ""}) {
        INFO(url);
        body.url = url;
        CHECK(is_refused(body));
    }
    body.url = "https://" + std::string(hub_url_size_max, 'a');
    CHECK(is_refused(body));
}

TEST_CASE("an erase order's list is the one that its hash names", "[roster]") {
    auto body = sample<EraseOrder>();
    body.sealed_list[0] ^= 1;
    CHECK(is_refused(body));
}

TEST_CASE(
    "a policy asks for at least two, once per kind, and not for kinds that vote, found or carry "
    "wraps",
    "[roster]") {
    auto body = sample<Genesis>();
    body.policy = {{RosterKind::erase_order, 1}};
    CHECK(is_refused(body));
    body.policy = {{RosterKind::erase_order, 2}, {RosterKind::erase_order, 3}};
    CHECK(is_refused(body));
    for (const auto kind :
         {RosterKind::genesis, RosterKind::device_enrolled, RosterKind::invite, RosterKind::granted,
          RosterKind::key_epoch, RosterKind::propose, RosterKind::approve}) {
        body.policy = {{kind, 2}};
        CHECK(is_refused(body));
    }
}

TEST_CASE("a proposal whose body is not of its kind is refused", "[roster]") {
    auto body = sample<Propose>();
    body.kind = RosterKind::retired;
    CHECK(is_refused(body));
}

TEST_CASE("a resolved fork leaves at least one branch, beyond the common part", "[roster]") {
    auto body = sample<ResolveFork>();
    body.left.clear();
    CHECK(is_refused(body));
    body.left = {{body.common, {filled<32>(1)}}};
    CHECK(is_refused(body));
}

TEST_CASE("the workspace is part of an entry's hash and of what is signed", "[roster]") {
    const RosterEntry entry = entry_of_every_kind()[6];
    const WorkspaceId one{filled<32>(1)}, two{filled<32>(2)};
    CHECK(hash_of(one, entry) != hash_of(two, entry));
    CHECK(message_to_sign(one, entry) != message_to_sign(two, entry));
}

TEST_CASE("signatures are not part of an entry's hash", "[roster]") {
    RosterEntry entry = entry_of_every_kind()[6];
    const RosterHash before = hash_of({}, entry);
    entry.signatures[0].signature = filled<64>(9);
    CHECK(hash_of({}, entry) == before);
}

TEST_CASE("an enrolment's signed bytes name the invite and not its own place", "[roster]") {
    const auto body = sample<DeviceEnrolled>();
    const Bytes message = enrolment_to_sign({filled<32>(1)}, {filled<32>(2)}, body);
    Bytes expected;
    append(expected, std::string_view("vereda/roster/v1\0", 17));
    append(expected, filled<32>(1));
    CborWriter out(expected);
    out.array(4).unsigned_integer(3).unsigned_integer(body.invite.value).byte_string(filled<32>(2));
    out.raw(encode(RosterBody{body}));
    CHECK(message == expected);
}

}  // namespace vereda::protocol
