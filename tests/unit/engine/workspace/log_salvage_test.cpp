#include "engine/workspace/log_salvage.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/log/mishaps.h"
#include "engine/vault/vault_files.h"
#include "protocol/leaf.h"
#include "tests/unit/engine/people/office.h"

/// A log.db that is written again from what still reads.
namespace vereda::tests {
namespace {

using namespace engine;

struct Salvaged {
    Office office;
    Desk& desk = office.coordinator();

    void salvage() {
        desk->salvage_when_opened();
        office.reopen(desk);
        CHECK(desk->opening().salvaged);
    }
    [[nodiscard]] bool has_damaged_file() const {
        return std::filesystem::exists(vault_path(desk.vault, damaged_log_file_name));
    }
};

}  // namespace

TEST_CASE("the damaged log.db is kept as long as what befell it is told", "[rot]") {
    Salvaged vault;
    vault.salvage();
    CHECK(vault.has_damaged_file());
    vault.office.clock.advance_ms(Mishaps::kept_ms + 1);
    vault.office.reopen(vault.desk);
    CHECK_FALSE(vault.has_damaged_file());
}

TEST_CASE("after a salvage the hub's streams are read from their beginning", "[rot]") {
    Salvaged vault;
    LogStore& store = vault.desk->store();
    const protocol::StreamHead head{
        .hub_epoch = 1, .turf = store.turf(vault.desk.north), .turf_seq = 5};
    store.set_cursor(
        vault.desk.north,
        {.turf = head.turf, .hub_epoch = head.hub_epoch, .turf_seq = head.turf_seq},
        {.head = protocol::encode_stream_head(head)});
    vault.office.reopen(vault.desk);
    CHECK(vault.desk->store().cursor(vault.desk.north));
    vault.salvage();
    CHECK_FALSE(vault.desk->store().cursor(vault.desk.north));
}

}  // namespace vereda::tests
