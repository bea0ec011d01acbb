#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/audit/audit.h"
#include "engine/queries/workspace_status.h"
#include "engine/vault/vault_files.h"
#include "tests/unit/engine/log/block_hand.h"

/// When the guard is written again, and what a vault that was put back says.
namespace vereda::tests {
namespace {

using namespace engine;

std::filesystem::path file_of(const Desk& desk, std::string_view name) {
    return vault_path(desk.vault, name);
}

std::vector<std::string> found_by_audit(const Desk& desk) {
    std::vector<std::string> found;
    for (const Finding& finding : verify_vault(*desk).findings) found.push_back(finding.what);
    return found;
}

// As from a backup: the same bytes in another file.
void restore_guard(Office& office, Desk& desk) {
    desk.workspace.reset();
    const std::filesystem::path guard = file_of(desk, guard_file_name);
    const std::filesystem::path backup = guard.string() + ".backup";
    std::filesystem::copy_file(guard, backup);
    std::filesystem::rename(backup, guard);
    office.reopen(desk);
}

}  // namespace

TEST_CASE("an old copy is named by status and audit until nothing is to catch up with", "[vault]") {
    Office office;
    Desk& ana = office.coordinator();
    static_cast<void>(add_person(ana, "Bo", "Ek"));
    ana->close_blocks();
    CHECK_FALSE(status_of(*ana).old_copy);
    restore_guard(office, ana);
    for (int opening = 0; opening < 2; ++opening) {
        CHECK(status_of(*ana).old_copy);
        CHECK(found_by_audit(ana) == std::vector<std::string>{"guard_copied"});
        CHECK(verify_vault(*ana).advice() == Remedy::sync);
        office.reopen(ana);
    }
    CHECK_FALSE(ana->opening().new_incarnation);
    ana->note_caught_up();
    CHECK_FALSE(status_of(*ana).old_copy);
    CHECK(found_by_audit(ana).empty());
    office.reopen(ana);
    CHECK_FALSE(status_of(*ana).old_copy);
}

TEST_CASE("a log put back to before its last block begins a new incarnation", "[vault]") {
    Office office;
    Desk& ana = office.join("Ana");
    static_cast<void>(add_person(ana, "Bo", "Ek"));
    const TemporaryDirectory elsewhere;
    const std::filesystem::path kept = elsewhere / "log.db";
    ana.workspace.reset();
    std::filesystem::copy_file(file_of(ana, log_file_name), kept);
    office.reopen(ana);
    const auto incarnation = ana->identity().incarnation;
    REQUIRE(ana->close_blocks().blocks != 0);
    ana.workspace.reset();
    std::filesystem::copy_file(
        kept, file_of(ana, log_file_name), std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove(file_of(ana, "log.db-wal"));
    office.reopen(ana);
    CHECK(ana->opening().new_incarnation);
    CHECK(ana->identity().incarnation != incarnation);
}

TEST_CASE("a vault whose guard was lost begins one new incarnation, once", "[vault]") {
    Office office;
    Desk& ana = office.join("Ana");
    static_cast<void>(add_person(ana, "Bo", "Ek"));
    ana->close_blocks();
    ana.workspace.reset();
    std::filesystem::remove(file_of(ana, guard_file_name));
    office.reopen(ana);
    CHECK(ana->opening().new_incarnation);
    const auto incarnation = ana->identity().incarnation;
    office.reopen(ana);
    CHECK_FALSE(ana->opening().new_incarnation);
    CHECK(ana->identity().incarnation == incarnation);
}

TEST_CASE(
    "an own block that is not here begins a new incarnation, and a forged one does not",
    "[vault]") {
    Office office;
    Desk& ana = office.join("Ana");
    const auto incarnation = ana->identity().incarnation;
    BlockHand hand(ana);
    const MadeBlock block =
        hand.first(1, [&](protocol::BlockDraft& draft) { draft.incarnation = incarnation; });
    const bool forged = GENERATE(false, true);
    take(ana, forged ? hand.with_forged_signature(block) : block.wire());
    CHECK((ana->identity().incarnation == incarnation) == forged);
    CHECK(status_of(*ana).old_copy != forged);
}

}  // namespace vereda::tests
