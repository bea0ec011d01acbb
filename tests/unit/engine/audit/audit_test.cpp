#include "engine/audit/audit.h"

#include <catch2/catch.hpp>

#include "engine/queries/workspace_status.h"
#include "protocol/log/payload.h"
#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace {

std::set<std::string> found(const AuditReport& report) {
    std::set<std::string> what;
    for (const Finding& finding : report.findings) what.insert(finding.what);
    return what;
}

// A stored block of the turf North with one byte changed, after the hub had acknowledged it.
void damage(Desk& desk, std::size_t at) {
    for (const LogOrdinal log : desk->writer().own_logs()) {
        if (desk->store().info(log).turf != desk.north) continue;
        auto block = desk->store().block(log, 0);
        REQUIRE(block);
        block->bytes[at < block->bytes.size() ? at : block->bytes.size() - 1] ^= 1;
        desk->store().replace_block(log, 0, block->bytes, block->state);
        desk->store().set_pushed(log, 1);  // the hub has it: no copy is kept
    }
}

}  // namespace

TEST_CASE("a whole vault verifies, and a replay gives the state that shows", "[people][audit]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    office.carry_all();
    REQUIRE(People(*other).edit_contact(
        Queries(*other).contacts({}).front().id, {.set = {{"district", "West"}}}));
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "East"}}}));
    office.carry_all();
    REQUIRE(People(*desk).add_interaction(ana, {.kind = "door", .outcome = "spoke"}));

    const AuditReport report = verify_vault(*desk);
    INFO((report.findings.empty() ? "" : report.findings.front().what));
    CHECK(report.sound());
    CHECK(report.findings.empty());
    CHECK(report.open_entries == 1);
    CHECK(report.roster_entries == desk->roster().size());
    const ReplayReport replayed = replay_log(*desk);
    const WorkspaceStatus status = status_of(*desk);
    CHECK(replayed.digest == status.digest);
    CHECK(replayed.contacts == 1);
    CHECK(replayed.interactions == 1);
    CHECK(replayed.conflicts == 1);
}

TEST_CASE("a byte changed in a payload is found, with its place", "[people][audit]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    desk->close_blocks();
    damage(desk, 100'000);
    const AuditReport report = verify_vault(*desk);
    CHECK_FALSE(report.sound());
    CHECK(found(report) == std::set<std::string>{"bad_payload"});
    CHECK(report.findings.front().where.find("block 0") != std::string::npos);
}

TEST_CASE("a byte changed in a header is found", "[people][audit]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    desk->close_blocks();
    damage(desk, 180);
    CHECK_FALSE(verify_vault(*desk).sound());
}

TEST_CASE("a state that does not follow from the log is found", "[people][audit]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    desk->projection().database().exec("UPDATE contacts SET kind = 3");
    CHECK(found(verify_vault(*desk)) == std::set<std::string>{"state_differs"});
}

TEST_CASE("a replay until a time leaves out what came later", "[people][audit]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot ana = add_person(desk, "Ana", "Ruiz");
    const StateDigest then = status_of(*desk).digest;
    const protocol::Millis noon = office.clock.now();
    office.clock.advance_ms(1000);
    REQUIRE(People(*desk).edit_contact(ana, {.set = {{"district", "East"}}}));
    CHECK(replay_log(*desk, noon).digest == then);
    CHECK(replay_log(*desk, noon).left_out == 1);
    desk->close_blocks();
    CHECK(replay_log(*desk, noon).digest == then);
    CHECK(replay_log(*desk, office.clock.now()).digest == status_of(*desk).digest);
    CHECK(replay_log(*desk, protocol::Millis{0}).contacts == 0);
}

TEST_CASE("an entry without authority is a note, not a fault of the vault", "[people][audit]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& auditor = office.join("Aya", protocol::Role::auditor);
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    office.carry_all();
    auditor->append(
        auditor.north, {.type = protocol::EventType::retract,
                        .record = Queries(*auditor).contacts({}).front().id,
                        .body = protocol::encode_retract()});
    office.carry(auditor, desk);
    const AuditReport report = verify_vault(*desk);
    CHECK(report.sound());
    CHECK(found(report) == std::set<std::string>{"no_authority"});
    CHECK(status_of(*desk).no_authority == 1);
}

TEST_CASE("an entry of a later version is kept, noted and no fault", "[people][audit]") {
    Office office;
    Desk& desk = office.coordinator();
    Desk& other = office.join("Omar");
    const Roster& roster = other->roster();
    const protocol::TurfId& turf = other->store().turf(other.north);
    const protocol::BlockDraft draft{
        .workspace = roster.workspace(),
        .turf = turf,
        .incarnation = other->identity().incarnation,
        .roster_position = roster.last_position(),
        .roster_hash = roster.last_hash(),
        .preamble = protocol::encode_preamble({.base = protocol::base_of(office.clock.now())}),
        .entries = {protocol::encode_entry({.type = 99, .body = protocol::encode_retract()})}};
    protocol::ClosedBlock block = protocol::close_block(
        draft, *other->keyring().find(turf, {1}), other->identity().keys.signing, {1, 2, 3});
    DirectOpener opener;
    REQUIRE(desk->receive({{std::move(block.wire), {}, false}}, opener).entries == 1);
    const AuditReport report = verify_vault(*desk);
    CHECK(report.sound());
    CHECK(found(report) == std::set<std::string>{"unknown_type"});
    CHECK(status_of(*desk).unknown == 1);
}

TEST_CASE("a visit to a record of another turf is no part of the turf's state", "[people][audit]") {
    Office office;
    Desk& holds_both = office.coordinator();
    Desk& author = office.join("Omar");
    Desk& holds_one = office.join("Mara");  // and has nothing of the coordinator's log in `common`
    holds_both->close_blocks();
    protocol::TableRow elsewhere{.seen = {1}};
    for (const LogOrdinal log : holds_both->writer().own_logs()) {
        if (holds_both->store().info(log).turf == TurfNumber{})
            elsewhere.log = holds_both->store().info(log).log;
    }
    const Roster& roster = author->roster();
    const protocol::TurfId& turf = author->store().turf(author.north);
    const Bytes body = protocol::encode(protocol::InteractionCreate{.kind = {1}, .outcome = {1}});
    const protocol::Entry visit{
        .type = static_cast<std::uint64_t>(protocol::EventType::interaction_create),
        .record = protocol::Reference{0, {1}},
        .parent = protocol::Reference{1, {1}},
        .body = body};
    const protocol::BlockDraft draft{
        .workspace = roster.workspace(),
        .turf = turf,
        .incarnation = author->identity().incarnation,
        .roster_position = roster.last_position(),
        .roster_hash = roster.last_hash(),
        .preamble = protocol::encode_preamble(
            {.base = protocol::base_of(office.clock.now()), .table = {elsewhere}}),
        .entries = {protocol::encode_entry(visit)}};
    const protocol::ClosedBlock block = protocol::close_block(
        draft, *author->keyring().find(turf, {1}), author->identity().keys.signing, {1, 2, 3});
    for (Desk* desk : {&holds_both, &holds_one}) {
        DirectOpener opener;
        REQUIRE((*desk)->receive({{block.wire, {}, false}}, opener).entries == 1);
    }
    const auto digest = [](Desk& desk) {
        return digest_of_turf(desk->projection(), desk->store(), desk.north);
    };
    CHECK(digest(holds_both) == digest(holds_one));
    CHECK(status_of(*holds_both).unknown == 1);
    CHECK(status_of(*holds_one).unknown == 0);  // it cannot know
}
