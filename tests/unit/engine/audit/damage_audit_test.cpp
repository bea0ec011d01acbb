#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/audit/audit.h"
#include "protocol/sync/leaf.h"
#include "tests/unit/engine/log/block_hand.h"

/// What an audit finds beside the blocks of the logs.
namespace vereda::tests {
namespace {

using namespace engine;

bool has_fault(Desk& desk, const std::string& what) {
    const AuditReport audit = verify_vault(*desk);
    return std::ranges::any_of(audit.findings, [&](const Finding& finding) {
        return finding.what == what && finding.severity == FindingSeverity::fault;
    });
}

/// As after a sync.
void keep_cursor(Desk& desk) {
    const protocol::StreamHead head{
        .hub_epoch = 1, .turf = desk->store().turf(desk.north), .turf_seq = 5};
    desk->store().set_cursor(
        desk.north, {.turf = head.turf, .hub_epoch = head.hub_epoch, .turf_seq = head.turf_seq},
        {.head = protocol::encode_stream_head(head)});
}

/// Ana has written two blocks; Bo has the second one, which waits for the first.
struct Waiting {
    Office office;
    Desk& ana = office.join("Ana");
    Desk& bo = office.join("Bo");
    BlockHand hand{ana};
    MadeBlock first = hand.first(), second = hand.after(first);

    Waiting() {
        take(bo, second.wire());
        keep_cursor(bo);
    }

    /// The signature, which is no part of the block's hash.
    void rot_signature() {
        const auto block = protocol::parse_block(bo->roster().workspace(), second.wire());
        REQUIRE(block);
        Bytes kept = encode_waiting(second.wire(), std::nullopt);
        std::ranges::search(kept, block->signature).front() ^= 1;
        Statement(bo->store().database(), "UPDATE waiting_room SET served = ?1").run(kept);
    }
    [[nodiscard]] std::int64_t count() {
        return *Statement(bo->store().database(), "SELECT count(*) FROM waiting_room")
                    .query_integer();
    }
};

}  // namespace

TEST_CASE("a whole block that waits goes on waiting after an audit", "[audit][rot]") {
    Waiting waiting;
    CHECK(verify_vault(*waiting.bo).sound());
    CHECK(waiting.count() == 1);
    CHECK(waiting.bo->store().cursor(waiting.bo.north));
}

TEST_CASE("a block that waits and rots goes, and the hub serves it again", "[audit][rot]") {
    Waiting waiting;
    waiting.rot_signature();
    CHECK(verify_vault(*waiting.bo).advice() == Remedy::sync);
    CHECK(waiting.count() == 0);
    CHECK_FALSE(waiting.bo->store().cursor(waiting.bo.north));
    waiting.bo->note_streams_read();
    CHECK(verify_vault(*waiting.bo).sound());
}

TEST_CASE("an action that was set aside and does not open any more is a fault", "[audit][rot]") {
    Office office;
    Desk& desk = office.coordinator();
    const LocalDot person = add_person(desk, "Ana", "Ruiz");
    CHECK_FALSE(has_fault(desk, "set_aside"));
    Statement(desk->store().database(), "INSERT INTO set_aside VALUES (?1, 1, zeroblob(80))")
        .run(person);
    CHECK(has_fault(desk, "set_aside"));
}

TEST_CASE("a log that is not its author's by its name is a fault", "[audit][rot]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    desk->close_blocks();
    CHECK_FALSE(has_fault(desk, "wrong_log_name"));
    desk->store().database().exec("UPDATE logs SET incarnation = zeroblob(16)");
    office.reopen(desk);
    CHECK(has_fault(desk, "wrong_log_name"));
}

}  // namespace vereda::tests
